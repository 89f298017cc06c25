#!/usr/bin/env node
// tests/bench/run.mjs: every benchmark on release builds, printed as one JSON document on standard output; how far it
// is goes to standard error. Each part measures its own reference in turns with the product and reports the ratio, so
// that figures of different machines, or of a busy one, can still be compared.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { top } from '../support/server.mjs';

const bin = 'build/release/bin';
const parts = {
  dump: ['build/release/tests/bench/bench_dump'],
  server: [process.execPath, 'tests/bench/server.mjs'],
  pages: [process.execPath, 'tests/bench/report.mjs'],
};

process.chdir(top);
const document = {
  verifleet: /VF_VERSION\s+"([^"]+)"/.exec(readFileSync('include/verifleet/version.h', 'utf8'))[1],
  commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim() || null,
  at: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model ?? null, cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), kernel: release(), load_before: loadavg()[0] },
};
for (const [name, [program, ...args]] of Object.entries(parts)) {
  console.error(`${name}`);
  const done = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, VERIFLEET_BIN: `${top}/${bin}` } });
  if (done.status !== 0) {
    console.error(`${name} failed (${done.signal ?? done.status})`);
    process.exit(1);
  }
  const figures = JSON.parse(done.stdout);
  Object.assign(document, name === 'server' ? figures : { [name]: figures });
}
console.log(JSON.stringify(document, null, 2));
