/* What the type checker cannot see: nothing that writes markup, styles or code from text, and no other host. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = dirname(fileURLToPath(import.meta.url));
const NEVER = [
	[/dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/, "markup from text"],
	[/\bstyle=[{"']/, "an inline style: use a class"],
	[/\beval\(|new Function\(|setTimeout\(\s*["'`]/, "code from text"],
	[/https?:\/\/(?!www\.w3\.org\/)/, "another host"],
	[/\bon(?:click|load|error)=["']/, "an inline handler"],
	[/\bTODO\b|\bFIXME\b|console\.(log|debug)/, "a leftover"],
	[/target="_blank"/, "a new window"],
];

let bad = 0;
for (const name of readdirSync(join(WEB, "src"), { recursive: true })) {
	if (!/\.(tsx?|css|svg|html)$/.test(name) || name.endsWith("types.ts")) continue;
	const lines = readFileSync(join(WEB, "src", name), "utf8").split("\n");
	lines.forEach((line, n) => {
		for (const [pattern, why] of NEVER) {
			if (pattern.test(line)) {
				console.error(`web/src/${name}:${n + 1}: ${why}: ${line.trim().slice(0, 90)}`);
				bad++;
			}
		}
	});
}
process.exit(bad ? 1 : 0);
