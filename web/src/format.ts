/*
 * Values as people read them. Pure functions, no DOM.
 *
 * Names, tags and texts come from test machines and are hostile: visible() turns every character
 * that could hide, reorder or break a line into its escape, so that what is shown is what was sent.
 */

const HIDDEN = new RegExp(
	"[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
		"\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb]" +
		"|[\\u{e0000}-\\u{e0fff}]|[\\u{d800}-\\u{dfff}]|\\p{Noncharacter_Code_Point}",
	"gu",
);

/** The text with every invisible, bidirectional or control character written as \u{…}. */
export function visible(text: string): string {
	return text.replace(HIDDEN, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`);
}

const NUMBER = new Intl.NumberFormat("en-US");

/** 12480 -> "12,480"; absent stays absent. */
export function num(n: number | null | undefined): string {
	return n === null || n === undefined || !Number.isFinite(n) ? "–" : NUMBER.format(n);
}

/** count(1, "machine") -> "1 machine", count(3, "machine") -> "3 machines" */
export function count(n: number, one: string, many = `${one}s`): string {
	return `${num(n)} ${n === 1 ? one : many}`;
}

export function bytes(n: number | null | undefined): string {
	if (n === null || n === undefined || n < 0 || !Number.isFinite(n)) return "–";
	if (n < 1000) return `${n} B`;
	const units = ["kB", "MB", "GB", "TB", "PB"];
	let value = n;
	let unit = -1;
	do {
		value /= 1000;
		unit++;
	} while (value >= 999.5 && unit < units.length - 1);
	return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Seconds as the two largest units that matter: 3.747 -> "3.7 s", 93784 -> "1 d 2 h". */
export function duration(seconds: number | null | undefined): string {
	if (seconds === null || seconds === undefined || seconds < 0 || !Number.isFinite(seconds)) return "–";
	if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
	let left = Math.round(seconds);
	if (left < 60) return `${left} s`;
	const parts: string[] = [];
	for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]] as const) {
		const n = Math.floor(left / size);
		left -= n * size;
		if (n > 0) parts.push(`${n} ${unit}`);
		else if (parts.length) break;
		if (parts.length === 2) break;
	}
	return parts.join(" ");
}

/** "4 min ago". Times in the future (a clock that is ahead) are said, not hidden. */
export function ago(iso: string | null | undefined, now: number): string {
	const t = iso ? Date.parse(iso) : NaN;
	if (Number.isNaN(t)) return "–";
	const s = Math.round((now - t) / 1000);
	if (s < -90) return `in ${duration(-s).split(" ").slice(0, 2).join(" ")}`;
	if (s < 5) return "now";
	if (s < 60) return `${s} s ago`;
	if (s < 3600) return `${Math.floor(s / 60)} min ago`;
	if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
	if (s < 86400 * 60) return `${Math.floor(s / 86400)} d ago`;
	return iso!.slice(0, 10);
}

/** RFC 3339 -> "2026-11-21 20:41:02 UTC": one clock for pages, logs and machines. */
export function instant(iso: string | null | undefined): string {
	const t = iso ? Date.parse(iso) : NaN;
	if (Number.isNaN(t)) return "–";
	return `${new Date(t).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "0x0000007e" -> "0x7E", the way people say a bug check. Not a number: returned as it came. */
export function code(hex: string): string {
	const m = /^0x0*([0-9a-f]+)$/i.exec(hex);
	return m ? `0x${m[1]!.toUpperCase()}` : hex;
}

/** Leading zeros apart from the digits that carry the value: ["0x00000000", "0000007e"] style. */
export function hexParts(hex: string): [string, string] {
	const m = /^(0x0*)([0-9a-f]*)$/i.exec(hex);
	if (!m) return ["", hex];
	return m[2] === "" ? [hex.slice(0, -1), hex.slice(-1)] : [m[1]!, m[2]!];
}

/** "amdppm.sys" and "0x334c" -> "amdppm.sys+0x334c"; the offset may be absent. */
export function place(module: string, offset: string | null | undefined): string {
	return offset ? `${module}+${offset}` : module;
}

/** TimeDateStamp as a date where it can be one; reproducible builds put a hash there. */
export function linkDate(stamp: string | null | undefined, now: number): string | null {
	if (!stamp) return null;
	const s = Number.parseInt(stamp, 16);
	if (!Number.isFinite(s) || s < 631152000 || s * 1000 > now + 86400e3) return null;
	return new Date(s * 1000).toISOString().slice(0, 10);
}

/** snake_case word of the API -> "Snake case" for headings. */
export function words(name: string): string {
	const text = name.replaceAll("_", " ");
	return text.charAt(0).toUpperCase() + text.slice(1);
}
