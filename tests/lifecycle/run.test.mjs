// `make run` and `make uninstall` as a person uses them, on a data folder of their own.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isAlive, makeFolder, sleep, top, until } from '../support/server.mjs';

let folder, env;

before(() => {
  folder = makeFolder();
  mkdirSync(join(folder, 'home'));
  env = {
    ...process.env,
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: '',
    XDG_DATA_HOME: '',
    VERIFLEET_DATA_DIR: join(folder, 'data'),
    VERIFLEET_RUN_DIR: join(folder, 'run'),
    SETUP: '0',
    MAKEFLAGS: '',
  };
});
after(() => rmSync(folder, { recursive: true, force: true }));

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** `make ARG…` in a process group of its own, as a terminal starts it. */
function make(...args) {
  const child = spawn('make', ['--no-print-directory', ...args], { cwd: top, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { pid: child.pid, out: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => (run.out += text));
  }
  run.ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
  /** Ctrl-C: the terminal sends SIGINT to the whole group. */
  run.interrupt = () => process.kill(-child.pid, 'SIGINT');
  return run;
}

/** Everything that descends from a process, however it was started. */
function family(pid) {
  const table = spawnSync('bash', ['-c', 'for f in /proc/[0-9]*/stat; do cat "$f" 2>/dev/null; done'], { encoding: 'utf8' }).stdout;
  const children = new Map();
  for (const line of table.split('\n')) {
    const row = /^(\d+) \(.*\) \S (\d+)/.exec(line);
    if (row) children.set(Number(row[2]), [...(children.get(Number(row[2])) ?? []), Number(row[1])]);
  }
  const found = [];
  for (const todo = [pid]; todo.length; ) {
    const next = todo.pop();
    found.push(next);
    todo.push(...(children.get(next) ?? []));
  }
  return found;
}

async function running(run, url) {
  await until(() => /Ctrl-C ends/.test(run.out) || !isAlive(run.pid), `make run to say that it runs:\n${run.out}`, 120);
  assert.match(run.out, new RegExp(url), run.out);
}

test('a busy port gets one clear sentence, before anything is done', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => busy.on('listening', done));
  const { port } = busy.address();
  const run = make('run', `PORT=${port}`);
  assert.notEqual(await run.ended, 0);
  busy.close();
  assert.match(run.out, new RegExp(`port ${port} is in use by another program.*PORT=${port + 1}`));
  assert.equal(existsSync(join(folder, 'data')), false);
});

test('a port that is none is refused', async () => {
  for (const port of ['http', '0', '70000', '80 80']) {
    const run = make('run', `PORT=${port}`);
    assert.notEqual(await run.ended, 0);
    assert.match(run.out, /is not a port number/);
  }
});

test('make run DEMO=0 serves an empty server until Ctrl-C, which ends all of it', async () => {
  const port = await freePort();
  const run = make('run', 'DEMO=0', `PORT=${port}`);
  await running(run, `http://localhost:${port}`);
  const ready = await fetch(`http://localhost:${port}/readyz`);
  assert.equal(ready.status, 200);
  const pids = family(run.pid);
  assert.ok(pids.length > 6, 'make, script, server, PostgreSQL and its workers');
  run.interrupt();
  await run.ended;
  await sleep(200);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.match(run.out, /The data stays in /);
});

test('make uninstall asks first and removes the data', async () => {
  const refused = make('uninstall');
  assert.notEqual(await refused.ended, 0);
  assert.match(refused.out, /YES=1/);
  assert.ok(existsSync(join(folder, 'data', 'pg')));
  const done = make('uninstall', 'YES=1');
  assert.equal(await done.ended, 0, done.out);
  assert.match(done.out, new RegExp(`removed ${join(folder, 'data')}`));
  assert.equal(existsSync(join(folder, 'data')), false);
  assert.equal(existsSync(join(folder, 'run')), false);
  const again = make('uninstall', 'YES=1');
  assert.equal(await again.ended, 0);
  assert.match(again.out, /Nothing to remove/);
});
