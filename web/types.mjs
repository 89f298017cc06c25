/* src/api/types.ts from the server's openapi.json. `node types.mjs --check` fails when it has drifted. */
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const HERE = new URL(".", import.meta.url);
const OUT = new URL("src/api/types.ts", HERE);
const SPEC = new URL(process.env.VERIFLEET_OPENAPI ?? "../server/api/openapi.json", HERE);

const text =
	"/* Generated from server/api/openapi.json by `node types.mjs`; do not edit. */\n" +
	astToString(await openapiTS(SPEC, { alphabetize: false }));

if (process.argv.includes("--check")) {
	let now = "";
	try {
		now = readFileSync(OUT, "utf8");
	} catch { /* missing is drift */ }
	if (now !== text) {
		console.error("web/src/api/types.ts does not match server/api/openapi.json: run `node types.mjs` in web/");
		process.exit(1);
	}
} else {
	writeFileSync(OUT, text);
}
