/* Small pieces of text: names from machines, times, hex values, numbers that lead to their rows. */
import { useSignal } from "@preact/signals";
import { ago, hexParts, instant, num, visible } from "../format.ts";
import { clock } from "../live.ts";
import { Icon, type Children } from "./icons.tsx";

/** Long names of codes may break after an underscore, not in the middle of a word. */
function breakable(text: string): Children {
	return text.length < 16 || !text.includes("_") ? text : text.split(/(?<=_)/).map((part, n) => <>{n ? <wbr /> : null}{part}</>);
}

/** Text that came from outside: escapes shown, its direction kept to itself. */
export function Outside({ text, cls }: { text: string; cls?: string | undefined }) {
	return <bdi class={cls}>{breakable(visible(text))}</bdi>;
}

/** Code-like text from outside. */
export function Mono({ text, cls = "" }: { text: string; cls?: string }) {
	return <bdi class={`mono ${cls}`}>{breakable(visible(text))}</bdi>;
}

/** module+offset, the module standing out. */
export function Site({ module, offset }: { module: string; offset?: string | null | undefined }) {
	return (
		<bdi class="mono site">
			<span class="site-module">{visible(module)}</span>
			{offset ? <span class="site-offset">+{visible(offset)}</span> : null}
		</bdi>
	);
}

/** A fixed-width value: leading zeros step back. */
export function Hex({ value, cls = "" }: { value: string; cls?: string }) {
	const [zeros, digits] = hexParts(value);
	return <span class={`mono hex ${cls}`}><span class="hex-zeros">{visible(zeros)}</span>{visible(digits)}</span>;
}

/** "4 min ago", the exact time on hover and for machines. */
export function When({ at, exact = false }: { at: string | null | undefined; exact?: boolean }) {
	if (!at) return <span class="muted">–</span>;
	const full = instant(at);
	return <time datetime={at} title={full} class="nowrap">{exact ? full : ago(at, clock.value)}</time>;
}

/** A number that leads to its rows. Zero has none, and says so quietly. */
export function Count({ n, href, of, cls = "" }: { n: number; href: string; of: string; cls?: string }) {
	if (n === 0) return <span class={`zero ${cls}`}>0</span>;
	return <a class={`count ${cls}`} href={href} aria-label={`${num(n)} ${of}`}>{num(n)}</a>;
}

async function toClipboard(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		/* plain http on another host: the old way still works */
	}
	const box = document.createElement("textarea");
	box.value = text;
	box.className = "offscreen";
	document.body.append(box);
	const before = document.activeElement;
	box.select();
	const done = document.execCommand("copy");
	box.remove();
	if (before instanceof HTMLElement) before.focus();
	return done;
}

export function Copy({ text, what, wide = false }: { text: string; what: string; wide?: boolean }) {
	const state = useSignal<"" | "done" | "failed">("");
	const copy = async () => {
		state.value = (await toClipboard(text)) ? "done" : "failed";
		setTimeout(() => (state.value = ""), 1600);
	};
	const word = state.value === "done" ? "Copied" : state.value === "failed" ? "Select and copy by hand" : "";
	return (
		<button type="button" class={`copy ${wide ? "copy-wide" : ""} ${state.value}`} onClick={() => void copy()}
			aria-label={word || `Copy ${what}`} title={`Copy ${what}`}>
			<Icon name={state.value === "done" ? "check" : state.value === "failed" ? "cross" : "copy"} />
			{wide ? <span aria-hidden="true">{word || "Copy"}</span> : null}
		</button>
	);
}

/** A command line to copy; it breaks between its words only. */
export function Command({ text, what }: { text: string; what: string }) {
	return (
		<p class="command">
			<code>{text.split(" ").map((word, n) => <>{n ? " " : ""}<span class="arg">{word}</span></>)}</code>
			<Copy text={text} what={what} wide />
		</p>
	);
}

export function Kbd({ children }: { children: Children }) {
	return <kbd>{children}</kbd>;
}
