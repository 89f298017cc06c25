// `make run` and `make uninstall` as a person uses them, on a data folder of their own.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { bin, isAlive, makeFolder, sleep, top, until } from '../support/server.mjs';

const runs = [];
let folder, env;

before(() => {
  folder = makeFolder();
  mkdirSync(join(folder, 'home'));
  env = {
    ...process.env,
    // As on a bare machine: PostgreSQL's programs are nowhere in it.
    PATH: `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
    YES: '',
    DEMO: '',
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: '',
    XDG_DATA_HOME: '',
    VERIFLEET_DATA_DIR: join(folder, 'data'),
    VERIFLEET_RUN_DIR: join(folder, 'run'),
    SETUP: '0',
    MAKEFLAGS: '',
  };
});
after(async () => {
  for (const run of runs) {
    if (!isAlive(run.pid)) continue; // a test that failed left it
    run.interrupt();
    await run.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

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
  runs.push(run);
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
  await until(() => /stop +Ctrl-C/.test(run.out) || !isAlive(run.pid), 'make run to say that it runs', 120);
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
  assert.match(run.out, password, 'the first start tells the password');
});

/** What the command line got to know from make run, and a way to ask with it. */
function commandLine() {
  const file = join(folder, 'home', '.config', 'verifleet', 'cli.ini');
  const text = readFileSync(file, 'utf8');
  const value = (name) => new RegExp(`^${name} = (.*)$`, 'm').exec(text)?.[1];
  const ask = async (path) => {
    const answer = await fetch(value('server') + path, { headers: { authorization: `Bearer ${value('token')}` } });
    assert.equal(answer.status, 200, `${path}: ${answer.status}`);
    return answer.json();
  };
  return { mode: statSync(file).mode & 0o777, server: value('server'), ask };
}

const verifleet = (...args) => spawnSync(join(bin, 'verifleet'), args, { env, encoding: 'utf8' });
const dumpFiles = () => readdirSync(join(folder, 'data', 'dumps'), { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(name));
const password = /one-time password +(\S+)/;

async function stop(run) {
  const pids = family(run.pid);
  run.interrupt();
  await run.ended;
  await sleep(200);
  assert.deepEqual(pids.filter(isAlive), [], 'Ctrl-C ends everything');
}

test('make run goes on with the data, adds a simulated lab, and prints no password again', async () => {
  const port = await freePort();
  const run = make('run', `PORT=${port}`);
  await running(run, `http://localhost:${port}`);
  assert.doesNotMatch(run.out, password);
  const cli = commandLine();
  assert.equal(cli.mode, 0o600);
  assert.equal(cli.server, `http://localhost:${port}`);
  assert.equal(verifleet('status').status, 0);
  const projects = await cli.ask('/api/v1/projects');
  assert.deepEqual(projects.items.map((p) => [p.slug, p.simulated]).sort(), [['default', false], ['demo', true]]);
  const machines = await until(async () => {
    const list = (await cli.ask('/api/v1/machines?project=demo')).items;
    return list.filter((m) => m.occurrences > 0).length >= 3 && list;
  }, 'crashes of the simulated lab', 90);
  assert.ok(machines.every((m) => m.simulated !== false));
  const builds = (await cli.ask('/api/v1/builds?project=demo')).items;
  assert.ok(builds.length >= 3 && builds.every((b) => b.simulated), 'several builds, marked as simulated');
  await stop(run);
});

test('a third start on another port finds the same machines, and the lab sends there', async () => {
  const port = await freePort();
  const run = make('run', `PORT=${port}`);
  await running(run, `http://localhost:${port}`);
  const cli = commandLine();
  assert.equal(cli.server, `http://localhost:${port}`);
  const names = async () => (await cli.ask('/api/v1/machines?project=demo')).items.map((m) => m.name).sort();
  const before = await names();
  await until(() => /machines are enrolled at http:\/\/localhost:/.test(readFileSync(join(top, 'build/run/lab.log'), 'utf8')), 'the lab', 60);
  const seen = Date.now();
  await until(async () => (await cli.ask('/api/v1/machines?project=demo')).items.some((m) => Date.parse(m.last_seen) > seen), 'a heartbeat of the lab', 60);
  assert.deepEqual(await names(), before, 'no machine twice');
  await until(() => dumpFiles().length > 0, 'a raw dump of the lab', 60);

  const removed = make('demo-remove');
  assert.equal(await removed.ended, 0, removed.out);
  assert.match(removed.out, /removed the project demo: 6 machines, \d+ builds, \d+ findings, [1-9]\d* occurrences, [1-9]\d* dumps/);
  assert.deepEqual((await cli.ask('/api/v1/projects')).items.map((p) => p.slug), ['default']);
  assert.deepEqual((await cli.ask('/api/v1/machines')).items, []);
  assert.deepEqual(dumpFiles(), []);
  await stop(run);
});

test('a removed lab stays away', async () => {
  const port = await freePort();
  const run = make('run', `PORT=${port}`);
  await running(run, `http://localhost:${port}`);
  assert.deepEqual((await commandLine().ask('/api/v1/projects')).items.map((p) => p.slug), ['default']);
  await stop(run);
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
  assert.equal(existsSync(join(folder, 'home', '.config', 'verifleet', 'cli.ini')), false);
  const again = make('uninstall', 'YES=1');
  assert.equal(await again.ended, 0);
  assert.match(again.out, /Nothing to remove/);
});
