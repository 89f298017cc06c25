// The agent and the command line against a real server with a real PostgreSQL: from a file that appears in a folder
// to what the API answers.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bin, sleep, startServer, until } from '../support/server.mjs';

let server, folder, token, dump, event;
const HEX = (n, digits) => `0x${n.toString(16).padStart(digits, '0')}`;

/** Without holding up the reader of the server's log, as spawnSync would. */
function run(program, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(join(bin, program), args, { env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), VERIFLEET_SERVER: '', VERIFLEET_TOKEN: '', ...options.env } });
    let out = '', err = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    child.stdin.on('error', () => {}); // it may have ended without reading
    child.stdin.end(options.input ?? '');
    child.on('exit', (code) => done({ code, out, err }));
  });
}
const cli = (...args) => run('verifleet', args, { env: { VERIFLEET_SERVER: server.url, VERIFLEET_TOKEN: token } });

async function get(path) {
  const answer = await fetch(server.url + path, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer.json();
}
const occurrences = async (query = '') => (await get(`/api/v1/occurrences?limit=200${query}`)).items;

class Machine {
  constructor(name) {
    this.name = name;
    this.dir = join(folder, name);
    this.dumps = join(this.dir, 'dumps');
    this.events = join(this.dir, 'events.ndjson');
    mkdirSync(this.dumps, { recursive: true });
  }
  async enroll(secret = /vfe_\S+/.exec(server.admin('enroll-token', 'create', '--uses', '1'))[0]) {
    return run('verifleet-agent', ['enroll', '--server', server.url, '--token', secret, '--name', this.name, '--data-dir', this.dir]);
  }
  args(command) {
    return [command, '--data-dir', this.dir, '--dump-dir', this.dumps, '--event-file', this.events, '--dump-wait-s', '1', '--dump-stable-ms', '50', '--poll-ms', '50'];
  }
  once() {
    return run('verifleet-agent', this.args('once'));
  }
  start() {
    this.child = spawn(join(bin, 'verifleet-agent'), this.args('run'), { stdio: 'ignore' });
    this.ended = new Promise((done) => this.child.on('exit', (code, signal) => done(signal ?? code)));
  }
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.ended;
  }
  async status() {
    return JSON.parse((await run('verifleet-agent', ['status', '--json', '--data-dir', this.dir])).out);
  }
  /** As Windows does: half a file first, then all of it. */
  async dump(n, name) {
    const bytes = Buffer.from(dump);
    bytes.writeBigUInt64LE(BigInt(n), 0x58);
    bytes.writeBigUInt64LE((BigInt(Date.now()) + 11644473600000n) * 10000n, 0xfa8); // crashed now
    writeFileSync(join(this.dumps, name), bytes.subarray(0, 9000));
    await sleep(20);
    writeFileSync(join(this.dumps, name), bytes);
  }
  log(provider, id, data) {
    appendFileSync(this.events, `${JSON.stringify({ provider, event_id: id, time: new Date().toISOString(), data })}\n`);
  }
  bugcheck(n) {
    const p = [0, 1, 2].map((i) => dump.readBigUInt64LE(0x40 + 8 * i));
    this.log('Microsoft-Windows-WER-SystemErrorReporting', 1001, {
      param1: `${HEX(dump.readUInt32LE(0x38), 8)} (${[...p, BigInt(n)].map((v) => HEX(v, 16)).join(', ')})`, param2: 'C:\\Windows\\Minidump\\x.dmp' });
  }
}

before(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'vf-'));
  token = /vf_\S+/.exec(server.admin('token', 'create', 'tests', '--scopes', 'read,import,operate,dumps'))[0];
  const secret = /vfe_\S+/.exec(server.admin('enroll-token', 'create', '--uses', '3'))[0];
  // The lab's script makes the dumps that these tests vary.
  const lab = await run('verifleet-agent', ['lab', '--server', server.url, '--token', secret, '--dir', join(folder, 'lab'), '--machines', '1', '--once']);
  assert.equal(lab.code, 0, lab.err);
  const dumps = join(folder, 'lab', 'LAB-W10-01', 'dumps');
  dump = readFileSync(join(dumps, readdirSync(dumps)[0]));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a machine enrols once with a token, and its key stays its own', async () => {
  const machine = new Machine('ENROL');
  const secret = /vfe_\S+/.exec(server.admin('enroll-token', 'create', '--uses', '1'))[0];
  const first = await machine.enroll(secret);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /enrolled as ENROL/);
  assert.equal(statSync(join(machine.dir, 'key.pem')).mode & 0o777, 0o600);
  const second = await new Machine('ENROL-B').enroll(secret);
  assert.equal(second.code, 1);
  assert.match(second.err, /refused the enrolment/);
  assert.ok((await get('/api/v1/machines?limit=200')).items.some((m) => m.name === 'ENROL'));
  const before = await run('verifleet-agent', ['run', '--data-dir', join(folder, 'nobody')]);
  assert.equal(before.code, 1);
  assert.match(before.err, /not enrolled/);
});

test('a dump that appears becomes one occurrence, with the file itself, whatever restarts', async () => {
  const machine = new Machine('DUMPS');
  await machine.enroll();
  machine.start();
  await machine.dump(1, 'one.dmp');
  const of = async () => (await occurrences()).filter((o) => o.machine.name === 'DUMPS');
  await until(async () => (await of()).length === 1, 'the occurrence');
  const [one] = await of();
  assert.equal(one.source, 'dump');
  assert.equal(one.bugcheck.parameters[3], HEX(1, 16));
  await until(async () => (await of())[0].dump.available, 'the raw dump');
  assert.equal(one.dump.size, dump.length);

  assert.equal(await machine.stop('SIGKILL'), 'SIGKILL');
  machine.start();
  copyFileSync(join(machine.dumps, 'one.dmp'), join(machine.dumps, 'the same again.dmp'));
  await machine.dump(2, 'two.dmp');
  await until(async () => (await of()).length === 2, 'the second occurrence');
  assert.equal(await machine.stop(), 0); // a polite end
  assert.equal((await of()).length, 2);
  assert.equal((await machine.status()).running, false);
});

test('event and dump of one crash are one record, in either order', async () => {
  const machine = new Machine('BOTH');
  await machine.enroll();
  machine.bugcheck(11);
  await machine.dump(11, 'a.dmp');
  const done = await machine.once();
  assert.equal(done.code, 0, done.err);
  machine.start();
  await machine.dump(12, 'b.dmp');
  await sleep(300);
  machine.bugcheck(12);
  machine.bugcheck(13); // its dump was never written
  const of = async () => (await occurrences()).filter((o) => o.machine.name === 'BOTH');
  await until(async () => (await of()).length === 3, 'three crashes');
  await sleep(1500);
  await machine.stop();
  assert.deepEqual((await of()).map((o) => o.source).sort(), ['both', 'both', 'eventlog']);
});

test('what cannot be read is said, and stops nothing', async () => {
  const machine = new Machine('BROKEN');
  await machine.enroll();
  writeFileSync(machine.events, 'this is no JSON\n{"provider":"x"}\n');
  writeFileSync(join(machine.dumps, 'notes.dmp'), 'a text file with a wrong name');
  machine.bugcheck(21);
  appendFileSync(machine.events, '{"provider":"half a li');
  const done = await machine.once();
  assert.equal(done.code, 0, done.err);
  assert.match(done.err, /dump_unreadable/);
  assert.equal((done.err.match(/event_unreadable/g) ?? []).length, 2);
  assert.equal((await occurrences()).filter((o) => o.machine.name === 'BROKEN').length, 1);
  assert.deepEqual((await get('/api/v1/rejected')).items, []);
  const again = await machine.once();
  assert.doesNotMatch(again.err, /unreadable/); // said once
});

test('without a server everything is kept, and sent when it is back', async () => {
  const machine = new Machine('OFFLINE');
  await machine.enroll();
  await server.end();
  machine.bugcheck(31);
  await machine.dump(32, 'c.dmp');
  machine.start();
  await until(async () => existsSync(join(machine.dir, 'status.json')) && (await machine.status()).spool.records >= 3, 'the spool to fill');
  await machine.stop();
  const kept = await machine.status();
  assert.match(kept.problem, /connect/i);
  const spool = await run('verifleet-agent', ['spool', '--data-dir', machine.dir]);
  assert.equal(spool.code, 0, spool.out);
  assert.match(spool.out, /0 damaged ranges/);
  await server.start();
  const done = await machine.once();
  assert.equal(done.code, 0, done.err);
  assert.equal((await occurrences()).filter((o) => o.machine.name === 'OFFLINE').length, 2);
});

test('a damaged spool loses the damaged record, says so, and sends the rest', async () => {
  const machine = new Machine('DAMAGE');
  await machine.enroll();
  await server.end();
  for (const n of [41, 42, 43]) machine.bugcheck(n);
  machine.start();
  await until(async () => existsSync(join(machine.dir, 'status.json')) && (await machine.status()).spool.records >= 4, 'the spool to fill');
  await machine.stop('SIGKILL');
  const name = readdirSync(join(machine.dir, 'spool')).find((file) => file.includes('-c-'));
  const path = join(machine.dir, 'spool', name);
  const bytes = readFileSync(path);
  const at = bytes.indexOf(HEX(42, 16));
  assert.ok(at > 0);
  bytes[at] ^= 1;
  writeFileSync(`${path}.x`, bytes);
  renameSync(`${path}.x`, path);
  const spool = await run('verifleet-agent', ['spool', '--data-dir', machine.dir]);
  assert.equal(spool.code, 1);
  assert.match(spool.out, /damaged/);
  await server.start();
  const done = await machine.once();
  assert.equal(done.code, 0, done.err);
  assert.match(done.err, /spool_damage/);
  const stored = (await occurrences()).filter((o) => o.machine.name === 'DAMAGE').map((o) => Number(o.bugcheck.parameters[3]));
  assert.deepEqual(stored.sort(), [41, 43]);
});

test('two agents do not share a data folder', async () => {
  const machine = new Machine('TWICE');
  await machine.enroll();
  machine.start();
  await until(() => existsSync(join(machine.dir, 'status.json')), 'the first agent');
  const second = await machine.once();
  assert.equal(second.code, 1);
  assert.match(second.err, /another agent uses/);
  await machine.stop();
});

test('the lab goes on where it stopped', async () => {
  const secret = /vfe_\S+/.exec(server.admin('enroll-token', 'create', '--uses', '9'))[0];
  const args = ['lab', '--server', server.url, '--token', secret, '--dir', join(folder, 'lab2'), '--machines', '2', '--seed', '7', '--once'];
  const count = async () => (await get('/api/v1/runs?limit=200')).items.filter((r) => (r.external_id ?? r.name ?? r.run ?? '').startsWith('lab-7-')).length;
  const first = await run('verifleet-agent', args);
  assert.equal(first.code, 0, first.err);
  const runs = await count();
  const crashes = (await occurrences()).length;
  assert.equal(runs, 32);
  const second = await run('verifleet-agent', args);
  assert.equal(second.code, 0, second.err);
  assert.equal(await count(), runs);
  assert.equal((await occurrences()).length, crashes);
});

test('builds are registered once, images by their headers', async () => {
  const pe = Buffer.alloc(1024);
  pe.write('MZ', 0);
  pe.writeUInt32LE(0x80, 0x3c);
  pe.write('PE\0\0', 0x80);
  pe.writeUInt16LE(0x8664, 0x84);
  pe.writeUInt16LE(2, 0x86);
  pe.writeUInt32LE(0x65f1a2b3, 0x88);
  pe.writeUInt16LE(0xf0, 0x94);
  pe.writeUInt16LE(0x20b, 0x98);
  pe.writeUInt32LE(0x7000, 0x98 + 56);
  pe.writeUInt32LE(0x400, 0x98 + 60);
  pe.writeUInt32LE(0x1234, 0x98 + 64);
  const image = join(folder, 'demo.sys');
  writeFileSync(image, pe);
  const args = ['build', 'create', '--driver', 'demo.sys', '--seq', '3', '--label', '1.3', '--image', image, '--json'];
  const first = await cli(...args);
  assert.equal(first.code, 0, first.err);
  const build = JSON.parse(first.out);
  assert.equal(build.images[0].timestamp, '0x65f1a2b3');
  assert.equal(build.images[0].size, 0x7000);
  const second = await cli(...args);
  assert.equal(JSON.parse(second.out).id, build.id);
  writeFileSync(image, 'MZ but nothing more');
  const third = await cli(...args);
  assert.equal(third.code, 1);
  assert.match(third.err, /no Windows driver image/);
});

test('importing is safe to repeat and says what failed', async () => {
  const dir = join(folder, 'import');
  mkdirSync(join(dir, 'below'), { recursive: true });
  for (const [n, name] of [[51, 'a.dmp'], [52, 'below/B.DMP']]) {
    const bytes = Buffer.from(dump);
    bytes.writeBigUInt64LE(BigInt(n), 0x58);
    writeFileSync(join(dir, name), bytes);
  }
  await cli('build', 'create', '--driver', 'demo.sys', '--seq', '4');
  const flat = await cli('import', 'dumps', dir, '--build', 'demo.sys/main/4', '--machine', 'BENCH-1');
  assert.equal(flat.code, 0, flat.err);
  assert.match(flat.err, /1 file: 1 new, 0 known already, 0 failed/);
  const deep = await cli('import', 'dumps', dir, '--recursive', '--build', 'demo.sys/main/4', '--machine', 'BENCH-1');
  assert.match(deep.err, /2 files: 1 new, 1 known already, 0 failed/);
  writeFileSync(join(dir, 'bad.dmp'), 'PAGE');
  const bad = await cli('import', 'dumps', dir, '--recursive', '--build', 'demo.sys/main/4');
  assert.equal(bad.code, 1);
  assert.match(bad.err, /bad\.dmp: /);
  assert.match(bad.err, /3 files: 0 new, 2 known already, 1 failed/);
  const stored = (await occurrences()).filter((o) => o.machine.name === 'BENCH-1');
  assert.equal(stored.length, 2);
  assert.ok(stored.every((o) => o.dump.available));
  const unknown = await cli('import', 'dump', join(dir, 'a.dmp'), '--build', 'demo.sys/main/99');
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /there is no build demo\.sys\/main\/99/);
});

test('dumps are decoded again on demand', async () => {
  const done = await cli('dump', 'redecode', '--all', '--json');
  assert.equal(done.code, 0, done.err);
  const counts = JSON.parse(done.out);
  assert.ok(counts.decoded >= 2 && counts.failed === 0, done.out);
});

test('login keeps server and token for later, and only what works', async () => {
  const bad = await run('verifleet', ['login', '--server', server.url], { input: 'vf_wrong\n' });
  assert.equal(bad.code, 1);
  const good = await run('verifleet', ['login', '--server', server.url], { input: `${token}\n` });
  assert.equal(good.code, 0, good.err);
  assert.equal(statSync(join(folder, 'config', 'verifleet', 'cli.ini')).mode & 0o777, 0o600);
  const status = await run('verifleet', ['status', '--json']);
  assert.equal(status.code, 0, status.err);
  assert.equal(JSON.parse(status.out).accepted, true);
  // A token from the file is never shown to another server.
  const other = await run('verifleet', ['status', '--json', '--server', server.url]);
  assert.equal(other.code, 1);
});
