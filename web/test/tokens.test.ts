/* axe can leave color-contrast "incomplete"; this computes every pair that the sheets use. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "../src/styles/tokens.css"), "utf8");
const tokens = new Map<string, [string, string]>();
for (const m of css.matchAll(/--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) tokens.set(m[1]!, [m[2]!, m[3]!]);

function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
		.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (hi + 0.05) / (lo + 0.05);
}

const GROUNDS = ["bg", "panel", "raised", "hover", "accent-soft"];
const HEAT = ["heat-fail-1", "heat-fail-2", "heat-fail-3", "heat-fail-4", "heat-none-1", "heat-none-2", "heat-none-3", "heat-none-4"];
/* text colour, grounds it lies on, least contrast */
const PAIRS: [string, string[], number][] = [
	["text", [...GROUNDS, ...HEAT, "fail-soft", "warn-soft", "pass-soft"], 7],
	["muted", [...GROUNDS, "fail-soft", "warn-soft", "pass-soft", "heat-none-1"], 4.5],
	["accent", GROUNDS, 4.5],
	["fail", [...GROUNDS, "fail-soft"], 4.5],
	["pass", [...GROUNDS, "pass-soft"], 4.5],
	["warn", [...GROUNDS, "warn-soft"], 4.5],
	["info", ["bg", "panel"], 4.5],
	["none", GROUNDS, 4.5],
	["on-accent", ["accent"], 4.5],
	["control", ["bg", "panel", "raised"], 3],
	["accent", ["bg", "panel", "raised"], 3],
];

test("the sheet has the tokens", () => {
	assert.ok(tokens.size >= 25, `only ${tokens.size}`);
	assert.equal(contrast("#000000", "#ffffff"), 21);
});

for (const [side, name] of [[0, "light"], [1, "dark"]] as const) {
	test(`contrast, ${name}`, () => {
		for (const [ink, grounds, least] of PAIRS) {
			for (const ground of grounds) {
				const a = tokens.get(ink), b = tokens.get(ground);
				assert.ok(a && b, `${ink} or ${ground} is no token`);
				const c = contrast(a[side], b[side]);
				assert.ok(c >= least, `${ink} on ${ground}: ${c.toFixed(2)} < ${least}`);
			}
		}
	});
}

test("no colour outside the token sheet", () => {
	for (const sheet of ["base", "layout", "parts", "pages", "print"]) {
		const text = readFileSync(join(import.meta.dirname, `../src/styles/${sheet}.css`), "utf8");
		assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b/i, sheet);
	}
});
