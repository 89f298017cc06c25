/* Unit tests: bundled for Node (which may be too old to read TypeScript), then run by node --test. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "vf-web-"));
let status = 1;
try {
	const tests = readdirSync(join(WEB, "test")).filter((n) => n.endsWith(".test.ts")).map((n) => join(WEB, "test", n));
	await build({
		entryPoints: tests, outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm",
		target: "node18", jsx: "automatic", jsxImportSource: "preact", logLevel: "warning",
		define: { "import.meta.dirname": JSON.stringify(join(WEB, "test")) },
	});
	const files = readdirSync(out).filter((n) => n.endsWith(".mjs")).map((n) => join(out, n));
	const run = spawnSync(process.execPath, ["--test", ...process.argv.slice(2), ...files], { stdio: "inherit" });
	status = run.status ?? 1;
} finally {
	rmSync(out, { recursive: true, force: true });
}
process.exit(status);
