// The life of verifleetd as the person who runs it sees it: first start, stop, crashes, refusals.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { request } from 'node:https';
import { join } from 'node:path';
import { bin, isAlive, makeFolder, Server, sleep, startServer, top, until } from '../support/server.mjs';

const program = join(bin, 'verifleetd');
const root = process.getuid() === 0;
const folders = [];
const folder = () => {
  folders.push(makeFolder());
  return folders.at(-1);
};
after(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })));

/** Runs a verifleetd that is expected to end by itself. */
function run(args, env = {}, options = {}) {
  const where = folder();
  const done = spawnSync(program, args, {
    env: { ...process.env, VERIFLEET_DATA_DIR: join(where, 'data'), VERIFLEET_RUN_DIR: join(where, 'run'), ...env },
    encoding: 'utf8',
    timeout: 60000,
    ...options,
  });
  return { code: done.status, out: done.stdout, err: done.stderr, folder: where };
}
const json = async (response) => ({ status: response.status, body: await response.json() });
const oneTimePassword = (log) => /one-time password (\S+)/.exec(log)?.[1];
const signIn = (url, name, password) =>
  fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

test('the first start makes an administrator, a later one does not', async () => {
  const password = oneTimePassword(server.log);
  assert.match(server.log, /user admin has the one-time password \S{16,}/);
  assert.equal(server.log.match(new RegExp(password, 'g')).length, 1);
  assert.equal((await signIn(server.url, 'admin', password)).status, 200);
  const before = server.postmaster();
  assert.equal(await server.end(), 0);
  assert.equal(isAlive(before), false, 'PostgreSQL ends with the server');
  await server.start();
  assert.doesNotMatch(server.log, /one-time password/);
  assert.equal((await signIn(server.url, 'admin', password)).status, 200, 'the data stays');
});

test('listens on this machine only, on both families', async () => {
  assert.equal((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status, 200);
  const sockets = readFileSync(`/proc/${server.pid}/net/tcp`, 'utf8') + readFileSync(`/proc/${server.pid}/net/tcp6`, 'utf8');
  const port = server.port.toString(16).toUpperCase().padStart(4, '0');
  const listening = [...sockets.matchAll(new RegExp(`: ([0-9A-F]+):${port} [0-9A-F:]+ 0A`, 'g'))].map((m) => m[1]);
  assert.ok(listening.length >= 1);
  if (listening.length === 2) assert.equal((await fetch(`http://[::1]:${server.port}/healthz`)).status, 200);
  for (const address of listening) assert.match(address, /^(0100007F|00000000000000000000000001000000)$/);
});

test('PostgreSQL has no TCP, a closed socket folder and a session of its own', () => {
  const pid = server.postmaster();
  const stat = (p) => readFileSync(`/proc/${p}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  assert.equal(Number(stat(pid)[3]), pid, 'it leads its session');
  assert.equal(statSync(join(server.folder, 'run')).mode & 0o777, 0o700);
  assert.equal(statSync(join(server.folder, 'data')).mode & 0o777, 0o700);
  assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /listen_addresses=\0/);
  const owner = statSync(join(server.folder, 'data')).uid;
  for (const p of [pid, server.pid]) {
    assert.match(readFileSync(`/proc/${p}/status`, 'utf8'), new RegExp(`^Uid:\t${owner}\t${owner}\t${owner}\t${owner}$`, 'm'));
  }
  if (root) assert.notEqual(owner, 0, 'nothing runs as root');
  const settings = spawnSync('/usr/lib/postgresql/15/bin/pg_controldata', [join(server.folder, 'data', 'pg')], { encoding: 'utf8' }).stdout;
  assert.match(settings, /Data page checksum version:\s+1/);
});

test('a second server on the same data says who has it', () => {
  const second = spawnSync(program, ['serve', '--port', '0'], { env: server.env, encoding: 'utf8', timeout: 30000 });
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(`verifleetd runs already with the data in .*\\(process ${server.pid}\\)`));
});

test('kill -9 of the server: the next one takes over its PostgreSQL', async () => {
  const postmaster = server.postmaster();
  await server.kill();
  assert.equal(isAlive(postmaster), true);
  await server.start();
  assert.equal(server.postmaster(), postmaster);
  assert.match(server.log, /took over the PostgreSQL/);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  assert.equal(await server.end(), 0);
  assert.equal(isAlive(postmaster), false, 'and ends it like its own');
  await server.start();
});

test('kill -9, then another socket folder: the orphan is stopped first', async () => {
  const postmaster = server.postmaster();
  await server.kill();
  server.env.VERIFLEET_RUN_DIR = join(server.folder, 'run2');
  await server.start();
  assert.match(server.log, /stopping a PostgreSQL \(process \d+\) that an earlier server left/);
  assert.notEqual(server.postmaster(), postmaster);
  assert.equal(isAlive(postmaster), false);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
});

test('kill -9 of PostgreSQL: not ready, then ready again, without a restart of the server', async () => {
  for (let round = 0; round < 2; round++) {
    const postmaster = server.postmaster();
    process.kill(postmaster, 'SIGKILL');
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 503, 'the server to notice', 10);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 200, 'the database to come back', 30);
    assert.notEqual(server.postmaster(), postmaster);
  }
});

test('the number of a killed PostgreSQL was given out again: it starts all the same', async () => {
  const postmaster = server.postmaster();
  await server.kill();
  process.kill(postmaster, 'SIGKILL');
  await until(() => !isAlive(postmaster), 'PostgreSQL to be gone', 10);
  const file = join(server.folder, 'data', 'pg', 'postmaster.pid');
  const { uid, gid } = statSync(file);
  const other = spawn('sleep', ['300'], { uid, gid });
  try {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
    await server.start();
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    assert.equal(isAlive(other.pid), true, 'the stranger is left alone');
  } finally {
    other.kill('SIGKILL');
  }
});

test('whatever is killed while it starts or stops, the next start is whole', async () => {
  const pause = () => sleep(Math.random() * 60);
  for (const [first, second] of [['SIGKILL', null], ['SIGTERM', 'SIGKILL'], [null, 'SIGTERM'], [null, 'SIGINT'], ['SIGKILL', 'SIGKILL']]) {
    const postmaster = server.postmaster();
    if (second && first !== 'SIGTERM') process.kill(postmaster, second);
    else if (first) process.kill(server.pid, first);
    await pause();
    if (isAlive(server.pid)) await server.kill();
    await server.start();
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200, `after ${first} and ${second}`);
  }
});

test('a request in flight is finished before the end', async () => {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => (answer += text));
  const closed = new Promise((done) => socket.on('close', done));
  const body = JSON.stringify({ name: 'nobody', password: 'not a password' });
  socket.write(`POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body.slice(0, 5));
  await sleep(200);
  const ended = server.end();
  await sleep(300);
  assert.equal(isAlive(server.pid), true, 'it waits');
  await assert.rejects(
    new Promise((done, fail) => connect(server.port, '127.0.0.1').on('connect', done).on('error', fail)),
    /ECONNREFUSED/,
    'but takes nobody new',
  );
  socket.write(body.slice(5));
  await closed;
  assert.match(answer, /^HTTP\/1\.1 401 .*wrong-credentials/s);
  assert.equal(await ended, 0);
  await server.start();
});

test('a second signal cuts the requests in flight off', async () => {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  socket.write('POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{');
  await sleep(200);
  const ended = server.end();
  await sleep(200);
  assert.equal(isAlive(server.pid), true);
  const begin = Date.now();
  process.kill(server.pid, 'SIGTERM');
  assert.equal(await ended, 0);
  assert.ok(Date.now() - begin < 8000);
  socket.destroy();
  await server.start();
});

test('administration works beside the running server, and without it', async () => {
  assert.match(server.admin('user', 'add', 'ann', '--role', 'operator'), /user ann has the one-time password \S+/);
  assert.match(server.admin('user', 'list'), /^ann +operator +one-time password +never$/m);
  await server.end();
  const password = oneTimePassword(server.admin('user', 'reset', 'ann'));
  assert.equal(server.postmaster(), null, 'PostgreSQL was only borrowed');
  await server.start();
  const session = await json(await signIn(server.url, 'ann', password));
  assert.equal(session.body.user.must_change_password, true);
  assert.match(server.admin('user', 'disable', 'ann'), /ann is disabled/);
  assert.equal((await signIn(server.url, 'ann', password)).status, 401);
  assert.throws(() => server.admin('user', 'disable', 'admin'), /last administrator/);
  assert.throws(() => server.admin('user', 'reset', 'nobody'), /no such user/);
  assert.throws(() => server.admin('user'), /usage:/);
});

test('a token opens what it was made for until it is revoked', async () => {
  const token = server.admin('token', 'create', 'ci', '--scopes', 'read', '--expires', '1d').trim();
  const ask = (path) => fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  assert.match(token, /^vf_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}$/);
  assert.equal((await ask('/metrics')).status, 200);
  assert.equal((await ask('/api/v1/session')).status, 403, 'a token has no session');
  assert.match(server.admin('token', 'list'), new RegExp(`^${token.slice(3, 11)} +ci +read +active`, 'm'));
  server.admin('token', 'revoke', token.slice(3, 11));
  assert.equal((await ask('/metrics')).status, 401);
  assert.throws(() => server.admin('token', 'create', 'ci', '--scopes', 'everything'), /usage:/);
});

test('more requests than can wait are told to come again, and none is lost', async () => {
  await server.end();
  server.args = ['--workers', '1', '--queue-max', '2'];
  await server.start();
  const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${server.url}/readyz`)));
  const count = (status) => answers.filter((r) => r.status === status).length;
  assert.equal(count(200) + count(503), 200);
  assert.ok(count(200) > 0 && count(503) > 0, `${count(200)} and ${count(503)}`);
  for (const r of answers.filter((a) => a.status === 503)) assert.equal(r.headers.get('retry-after'), '2');
  await until(async () => (await fetch(`${server.url}/readyz`)).status === 200, 'the queue to empty', 5);
  server.args = [];
});

test('SIGHUP reads the log level again', async () => {
  const file = join(server.folder, 'vf.ini');
  await server.end();
  writeFileSync(file, 'log_level = error\n');
  server.args = ['--config', file];
  await server.start();
  await fetch(`${server.url}/healthz`);
  assert.doesNotMatch(server.log, /target=\/healthz/);
  chmodSync(file, 0o644);
  writeFileSync(file, 'log_level = info\n');
  process.kill(server.pid, 'SIGHUP');
  await until(async () => {
    await fetch(`${server.url}/healthz`);
    return /target=\/healthz status=200/.test(server.log);
  }, 'the access log', 10);
  server.args = [];
});

test('a busy port gets one clear sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.on('listening', done));
  const { port } = other.address();
  const r = run(['serve', '--port', String(port)]);
  other.close();
  assert.equal(r.code, 1);
  assert.match(r.err, new RegExp(`^verifleetd: port ${port} on 127\\.0\\.0\\.1 is in use by another program: stop it, or choose another port with --port N.*\n$`));
  assert.equal(existsSync(join(r.folder, 'data')), false, 'and nothing was made');
});

test('beyond this machine only with TLS, or when --insecure is said', async () => {
  const r = run(['serve', '--port', '0', '--listen', '0.0.0.0']);
  assert.equal(r.code, 2);
  assert.match(r.err, /refusing to listen on 0\.0\.0\.0 without TLS/);
  const open = await startServer({ args: ['--listen', '0.0.0.0', '--insecure'] });
  assert.equal((await fetch(`${open.url}/healthz`)).status, 200);
  await open.stop();
});

test('wrong settings are refused by name', () => {
  for (const [args, words] of [
    [['serve', '--port', '70000'], /port \(option\) must be a number from 0 to 65535, not "70000"/],
    [['serve', '--tls-cert', 'x.pem'], /tls_key is missing/],
    [['serve', '--log-level', 'loud'], /log_level must be/],
    [['serve', '--nonsense'], /"--nonsense" is not known/],
    [['frobnicate'], /"frobnicate" is not known/],
  ]) {
    const r = run(args);
    assert.equal(r.code, 2, args.join(' '));
    assert.match(r.err, words);
  }
  assert.match(run(['check-config'], { VERIFLEET_PORT: '99' }).out, /\(environment\)\nport = 99\n/);
  assert.match(run(['--help']).out, /--port N .*--data-dir TEXT .*--config FILE/s);
});

test('a socket path that is too long is told before anything is made', () => {
  const r = run(['serve', '--port', '0'], { VERIFLEET_DATA_DIR: `/tmp/vf-${'x'.repeat(110)}`, VERIFLEET_RUN_DIR: '' });
  assert.equal(r.code, 1);
  assert.match(r.err, /path of the database socket has \d+ bytes, 107 are possible: set run_dir/);
});

test('a place where no cluster can be made is told before it is tried', (t) => {
  const where = folder();
  const data = join(where, 'data');
  mkdirSync(join(data, 'pg'), { recursive: true });
  writeFileSync(join(data, 'pg', 'mine'), '');
  const taken = run(['serve', '--port', '0'], { VERIFLEET_DATA_DIR: data, VERIFLEET_RUN_DIR: join(where, 'run') });
  assert.equal(taken.code, 1, taken.err);
  assert.match(taken.err, /pg is there but is no database cluster/);
  assert.equal(existsSync(join(data, 'pg', 'mine')), true);
  assert.equal(existsSync(join(data, 'pg.new')), false);
  const small = join(where, 'small');
  mkdirSync(small);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', small]).status !== 0) return t.diagnostic('no small disk can be mounted here');
  try {
    chmodSync(small, 0o755);
    const full = run(['serve', '--port', '0'], { VERIFLEET_DATA_DIR: join(small, 'data'), VERIFLEET_RUN_DIR: join(where, 'run') });
    assert.equal(full.code, 1);
    assert.match(full.err, /only \d+ MB are free in .*: a new database needs \d+ MB/);
  } finally {
    spawnSync('umount', [small]);
  }
});

test('an applied migration that changed is refused', async () => {
  const where = folder();
  const migrations = join(where, 'migrations');
  cpSync(join(top, 'migrations'), migrations, { recursive: true });
  const other = await startServer({ env: { VERIFLEET_MIGRATIONS_DIR: migrations } });
  await other.end();
  writeFileSync(join(migrations, '0001_access.sql'), '-- changed\nselect 1;\n');
  const done = spawnSync(program, ['serve', '--port', '0'], { env: other.env, encoding: 'utf8', timeout: 60000 });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /0001_access\.sql was applied with other contents/);
  assert.equal(other.postmaster(), null, 'PostgreSQL was stopped again');
  await other.stop();
});

test('TLS: the cookie is secure, plain HTTP is not answered', async () => {
  const where = folder();
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(where, name));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const secure = await startServer({ args: ['--listen', '127.0.0.1', '--tls-cert', cert, '--tls-key', key] });
  const ask = (path, options = {}, body = '') =>
    new Promise((done, fail) => {
      const r = request(`https://localhost:${secure.port}${path}`, { ca: readFileSync(cert), ...options }, (response) => {
        response.resume();
        response.on('end', () => done(response));
      });
      r.on('error', fail);
      r.end(body);
    });
  assert.match(secure.url, /^https:/);
  const health = await ask('/healthz');
  assert.equal(health.statusCode, 200);
  assert.match(health.headers['strict-transport-security'], /max-age=/);
  const session = await ask('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' } },
    JSON.stringify({ name: 'admin', password: oneTimePassword(secure.log) }));
  assert.match(session.headers['set-cookie'][0], /; Secure$/);
  await assert.rejects(ask('/healthz', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
  await assert.rejects(fetch(`http://127.0.0.1:${secure.port}/healthz`));
  await secure.stop();
  const bad = run(['serve', '--port', '0', '--tls-cert', key, '--tls-key', cert]);
  assert.equal(bad.code, 1);
  assert.match(bad.err, /check that certificate and key are PEM and belong together/);
});

test('database_url: another PostgreSQL is used and left alone', async () => {
  const where = folder();
  const conninfo = spawnSync(join(top, 'tests/support/pg_start.sh'), [join(where, 'p')], { encoding: 'utf8' }).stdout.trim();
  assert.match(conninfo, /^host=/);
  const guest = await startServer({ env: { VERIFLEET_DATABASE_URL: conninfo } });
  assert.equal((await fetch(`${guest.url}/readyz`)).status, 200);
  assert.match(guest.log, /one-time password/);
  assert.equal(guest.postmaster(), null, 'no cluster of its own');
  await guest.stop();
  assert.equal(spawnSync('psql', ['-XqAt', '-d', conninfo, '-c', 'select count(*) from app_user'], { encoding: 'utf8' }).stdout.trim(), '1');
  spawnSync(join(top, 'tests/support/pg_stop.sh'), [join(where, 'p')]);
});

test('a plain user needs nobody', { skip: root ? false : 'needs root to become another user' }, async (t) => {
  const uid = 65534;
  if (spawnSync(program, ['version'], { uid }).status !== 0) return t.skip('the program cannot be reached by another user');
  const where = folder();
  mkdirSync(join(where, 'home'));
  chownSync(join(where, 'home'), uid, uid);
  const child = spawn(program, ['serve', '--port', '0'], {
    uid,
    gid: uid,
    env: { PATH: process.env.PATH, HOME: join(where, 'home'), VF_TEST_RUN: process.env.VF_TEST_RUN ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (log += text));
  const ended = new Promise((done) => child.on('exit', done));
  await until(() => /ready at/.test(log) || child.exitCode !== null, 'the server to be ready', 60);
  assert.match(log, /ready at/);
  assert.equal(existsSync(join(where, 'home/.local/share/verifleet/pg/PG_VERSION')), true);
  child.kill('SIGINT');
  assert.equal(await ended, 0);
});
