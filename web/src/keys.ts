/*
 * Keyboard shortcuts. Off while typing, off in dialogs, and off altogether when the reader says so
 * (WCAG 2.1.4). chord() is pure: the table of what a key means after another one.
 */
import { signal } from "@preact/signals";
import { navigate } from "./router.ts";
import { lastDriver, nextTheme, shortcuts, theme } from "./state/prefs.ts";
import { href } from "./router.ts";

export type Action = "search" | "help" | "builds" | "findings" | "machines" | "down" | "up" | "theme" | "back" | "wait";

export const SHORTCUTS: { keys: string[]; text: string }[] = [
	{ keys: ["/"], text: "Search findings" },
	{ keys: ["j"], text: "Next row" },
	{ keys: ["k"], text: "Previous row" },
	{ keys: ["Enter"], text: "Open the row" },
	{ keys: ["g", "b"], text: "Go to builds" },
	{ keys: ["g", "i"], text: "Go to findings" },
	{ keys: ["g", "m"], text: "Go to machines" },
	{ keys: ["t"], text: "Change the theme" },
	{ keys: ["Esc"], text: "Close, or leave the field" },
	{ keys: ["?"], text: "This help" },
];

const ALONE: Record<string, Action> = {
	"/": "search", "?": "help", j: "down", k: "up", t: "theme", Escape: "back", g: "wait",
};
const AFTER_G: Record<string, Action> = { b: "builds", i: "findings", m: "machines" };

export function chord(before: string, key: string): Action | null {
	if (before === "g" && Object.hasOwn(AFTER_G, key)) return AFTER_G[key]!;
	return Object.hasOwn(ALONE, key) ? ALONE[key]! : null;
}

export const helpOpen = signal(false);

function rows(): HTMLElement[] {
	return [...document.querySelectorAll<HTMLElement>("main [data-row]")];
}

/** The row link that the reader is on or near; j and k move from it. */
function step(by: 1 | -1): void {
	const all = rows();
	if (all.length === 0) return;
	const active = document.activeElement;
	const at = all.findIndex((r) => r === active || r.closest("tr")?.contains(active));
	const next = at < 0 ? (by > 0 ? firstSeen(all) : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
	all[next]?.focus();
	all[next]?.scrollIntoView({ block: "nearest" });
}

function firstSeen(all: HTMLElement[]): number {
	const n = all.findIndex((r) => r.getBoundingClientRect().top > 60);
	return n < 0 ? 0 : n;
}

function typing(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function perform(action: Action): boolean {
	switch (action) {
		case "search": {
			const box = document.querySelector<HTMLInputElement>("#search");
			box?.focus();
			box?.select();
			return box !== null;
		}
		case "help":
			helpOpen.value = true;
			return true;
		case "builds":
			navigate(href("/builds", { driver: lastDriver.value }));
			return true;
		case "findings":
			navigate("/findings");
			return true;
		case "machines":
			navigate("/machines");
			return true;
		case "down":
		case "up":
			step(action === "down" ? 1 : -1);
			return true;
		case "theme":
			theme.value = nextTheme(theme.value);
			return true;
		default:
			return false;
	}
}

export function startKeys(): void {
	let before = "";
	let forget: ReturnType<typeof setTimeout> | undefined;
	document.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
		if (typing(e.target)) {
			if (e.key === "Escape" && !document.querySelector(":popover-open")) (e.target as HTMLElement).blur();
			return;
		}
		if (!shortcuts.value || document.querySelector("dialog[open]")) return;
		const action = chord(before, e.key);
		clearTimeout(forget);
		before = action === "wait" ? "g" : "";
		if (before) forget = setTimeout(() => (before = ""), 1500);
		if (action && action !== "wait" && perform(action)) e.preventDefault();
	});
}
