#!/usr/bin/env node
// tests/run.mjs GROUP [SUITE…]: runs the suites of a group (check, test), one after the other, and adds up what
// they say. A suite either prints TAP or is a list of commands, each of them one test by its exit code. The output
// of every suite is kept in build/test-logs. The last line is `N passed, N failed` (`, N skipped`); the exit code
// is 0 only when nothing failed. What a suite leaves running is a failure, and is ended.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { suites } from './suites.mjs';
import { TapReader } from './tap.mjs';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const logs = join(top, 'build', 'test-logs');
const [group = 'test', ...only] = process.argv.slice(2);
const chosen = suites.filter((s) => (only.length ? only.includes(s.name) : s.groups.includes(group)));
const terminal = process.stdout.isTTY;
const total = { passed: 0, failed: 0, skipped: 0 };
let running = null; // the marker of the suite that runs

process.chdir(top);
mkdirSync(logs, { recursive: true });
for (const name of only) {
  if (!suites.some((s) => s.name === name)) {
    console.error(`There is no suite "${name}". There are: ${suites.map((s) => s.name).join(', ')}`);
    process.exit(2);
  }
}

/** Processes that carry the marker in their environment: whatever a suite started, in whatever session. */
function started(marker) {
  const found = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (readFileSync(`/proc/${entry}/environ`, 'latin1').includes(`VF_TEST_RUN=${marker}\0`)) {
        found.push({ pid: Number(entry), what: readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() });
      }
    } catch {
      // It has ended meanwhile, or belongs to someone else.
    }
  }
  return found.filter((p) => p.what !== '');
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function endAll(marker) {
  for (const [signal, patience] of [['SIGTERM', 5000], ['SIGKILL', 2000]]) {
    for (const { pid } of started(marker)) {
      try {
        process.kill(pid, signal);
      } catch {
        // Gone already.
      }
    }
    for (let waited = 0; waited < patience && started(marker).length; waited += 100) await sleep(100);
  }
}

function runCommand(command, log, onLine, seconds, marker) {
  return new Promise((done) => {
    const child = spawn('bash', ['-c', command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      // Node 18 takes only the first address of localhost, which is ::1; some servers listen on 127.0.0.1 alone.
      env: { ...process.env, VF_TEST_RUN: marker, MAKEFLAGS: '', MAKELEVEL: '', NODE_OPTIONS: '--dns-result-order=ipv4first' },
    });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      endAll(marker);
    }, seconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        log.write(text);
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        for (const line of lines) onLine(line);
      });
      stream.on('end', () => rest && onLine(rest));
    }
    child.on('error', (error) => onLine(`cannot run: ${error.message}`));
    // 'exit' and not 'close': a process left behind may hold the pipes open.
    child.on('exit', async (code, signal) => {
      clearTimeout(limit);
      await sleep(50);
      done(late ? `not finished within ${seconds} s` : signal ? `ended by ${signal}` : code);
    });
  });
}

function showProgress(suite, begun, tally) {
  const say = () => `${suite.name}: ${tally.passed} passed, ${tally.failed} failed, ${Math.round((Date.now() - begun) / 1000)} s`;
  if (terminal) {
    const timer = setInterval(() => process.stdout.write(`\r  ${say()} `), 1000);
    return () => (clearInterval(timer), process.stdout.write('\r\x1b[K'));
  }
  const timer = setInterval(() => console.log(`       … ${say()}`), 30000);
  return () => clearInterval(timer);
}

async function runSuite(suite) {
  const begun = Date.now();
  const marker = randomUUID();
  const file = join('build', 'test-logs', `${suite.name}.log`);
  const log = createWriteStream(join(top, file));
  const tally = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  const fail = (name, lines) => {
    tally.failed++;
    tally.failures.push({ name, lines });
  };
  running = marker;
  const stopProgress = showProgress(suite, begun, tally);
  for (const [name, command] of suite.commands ?? []) {
    const lines = [];
    log.write(`## ${name}: ${command}\n`);
    const code = await runCommand(command, log, (line) => lines.push(line), suite.seconds, marker);
    if (code === 0) tally.passed++;
    else fail(name, [...lines.slice(-60), `(${command}: ${code})`]);
  }
  if (suite.tap) {
    const tap = new TapReader(tally);
    const tail = [];
    const code = await runCommand(
      suite.tap,
      log,
      (line) => {
        tap.line(line);
        tail.push(line);
        if (tail.length > 40) tail.shift();
      },
      suite.seconds,
      marker,
    );
    const complaint = tap.end(code);
    if (complaint) fail(complaint, tail);
  }
  stopProgress();
  const left = started(marker);
  if (left.length) {
    await sleep(1000); // what is ending may end
    const still = started(marker);
    if (still.length) fail('nothing is left running', still.map((p) => `${p.pid} ${p.what}`));
    await endAll(marker);
  }
  running = null;
  log.end();
  report(suite, tally, (Date.now() - begun) / 1000, file);
}

function report(suite, tally, seconds, file) {
  const skipped = tally.skipped ? `, ${tally.skipped} skipped` : '';
  const mark = tally.failed ? 'FAIL' : 'ok  ';
  console.log(`${mark}   ${suite.name.padEnd(12)} ${`${tally.passed} passed, ${tally.failed} failed${skipped}`.padEnd(36)} ${seconds.toFixed(1)} s   ${suite.what}`);
  for (const reason of new Set(tally.skips)) console.log(`       skipped: ${reason}`);
  for (const { name, lines } of tally.failures) {
    console.log(`\n   --- ${suite.name}: ${name}`);
    for (const line of lines) console.log(`   | ${line}`);
  }
  if (tally.failed) console.log(`   (all of its output: ${file})\n`);
  for (const key of Object.keys(total)) total[key] += tally[key];
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    console.log('\ninterrupted');
    if (running) await endAll(running);
    process.exit(130);
  });
}

for (const suite of chosen) await runSuite(suite);
if (total.passed + total.failed === 0) total.failed = 1; // a run of nothing proves nothing
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed ? 1 : 0);
