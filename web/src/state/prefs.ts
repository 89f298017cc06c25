/*
 * Preferences of this browser: theme and keyboard shortcuts. Storage may be closed to us (private
 * windows, policies): then they last as long as the page.
 */
import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

function load(name: string): string | null {
	try {
		return localStorage.getItem(`verifleet.${name}`);
	} catch {
		return null;
	}
}

function store(name: string, value: string): void {
	try {
		localStorage.setItem(`verifleet.${name}`, value);
	} catch {
		/* lasts as long as the page */
	}
}

const saved = load("theme");
export const theme = signal<Theme>(saved === "light" || saved === "dark" ? saved : "system");
export const shortcuts = signal(load("shortcuts") !== "off");
/** The driver looked at last: where `/` and `g b` go. */
export const lastDriver = signal(load("driver") ?? "");

export function nextTheme(t: Theme): Theme {
	return t === "system" ? "light" : t === "light" ? "dark" : "system";
}

export function startPrefs(): void {
	effect(() => {
		document.documentElement.dataset["theme"] = theme.value;
		store("theme", theme.value);
	});
	effect(() => store("shortcuts", shortcuts.value ? "on" : "off"));
	effect(() => store("driver", lastDriver.value));
}
