// `verifleet import` against a server that says what a test wants: what people read, and with which code it ends.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bin } from '../support/server.mjs';

let folder, server, url, answer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vf-cli-'));
  // A small kernel dump of 64-bit Windows: its header says enough to be imported.
  const dump = Buffer.alloc(8192);
  dump.write('PAGEDU64', 0, 'latin1');
  dump.writeUInt32LE(15, 8);
  dump.writeUInt32LE(19041, 12);
  dump.writeUInt32LE(0x8664, 0x30);
  dump.writeUInt32LE(4, 0x34);
  dump.writeUInt32LE(0xd1, 0x38);
  dump.writeUInt32LE(4, 0xf98);
  writeFileSync(join(folder, 'plain.dmp'), dump);
  writeFileSync(join(folder, '\u001b]0;owned\u0007\u202ename.dmp'), dump);
  mkdirSync(join(folder, 'mixed', 'folder.dmp'), { recursive: true });
  writeFileSync(join(folder, 'mixed', 'one.dmp'), dump);
  writeFileSync(join(folder, 'mixed', 'text.dmp'), 'no dump');
  writeFileSync(join(folder, 'mixed', 'empty.dmp'), '');
  symlinkSync('/dev/zero', join(folder, 'mixed', 'link.dmp'));
  server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      const { status = 200, body } = typeof answer === 'function' ? answer(request) : answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const known = { occurrence_id: 3, finding_id: 4, duplicate: true, moved_from: null, attribution: 'explicit', role: 'own', upload_needed: false };

function run(...args) {
  const child = spawn(join(bin, 'verifleet'), ['import', ...args, '--server', url, '--token', 'vf_x'], { env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder } });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  return new Promise((done) => child.on('exit', (code) => done({ code, out, err })));
}

test('a crash that moves to another build is said to, with where it was', async () => {
  answer = { body: { ...known, moved_from: { id: 2, driver: 'netx.sys', branch: 'main', seq: 7, label: '10.4.7' } } };
  const said = await run('dump', join(folder, 'plain.dmp'));
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /plain\.dmp: known already, moved from build netx\.sys\/main\/7 \(10\.4\.7\), finding 4/);
  answer = { body: known };
  assert.doesNotMatch((await run('dump', join(folder, 'plain.dmp'))).out, /moved/);
});

test('what files and servers are called never reaches the terminal as a command', async () => {
  answer = { body: { ...known, role: '\u001b[2J', moved_from: { id: 2, driver: 'a\u009b2Jb', branch: 'm\u001b[31m', seq: 7, label: '\r\n' } } };
  const said = await run('dump', join(folder, '\u001b]0;owned\u0007\u202ename.dmp'));
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /\\x1b\]0;owned\\x07\\xe2\\x80\\xaename\.dmp: known already, moved from build a\\xc2\\x9b2Jb\/m\\x1b\[31m\/7 \(\\x0d\\x0a\), finding 4; .*\n$/);
  answer = { status: 422, body: { type: '/problems/invalid', title: 'x', detail: '\u001b]52;c;aGk=\u0007', status: 422 } };
  const refused = await run('dump', join(folder, 'plain.dmp'));
  assert.equal(refused.code, 1);
  assert.match(refused.err, /\\x1b\]52;c;aGk=\\x07/);
  assert.doesNotMatch(said.out + refused.out + refused.err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('a folder with all sorts of things: each refusal has its file and a reason, the rest is sent', async () => {
  answer = { body: { ...known, duplicate: false } };
  const said = await run('dumps', join(folder, 'mixed'), '--recursive');
  assert.equal(said.code, 1);
  assert.match(said.out, /one\.dmp: new crash, finding 4/);
  assert.match(said.err, /text\.dmp: .+/);
  assert.match(said.err, /empty\.dmp: .+/);
  assert.match(said.err, /3 files: 1 new, 0 known already, 2 failed/);
});

test('an upload that the server never completes is a failure', async () => {
  let at = 0;
  answer = { body: { ...known, upload_needed: true, received: 0, complete: false } };
  const never = await run('dump', join(folder, 'plain.dmp'));
  assert.equal(never.code, 1);
  assert.match(never.err, /plain\.dmp: .*does not say so/);
  const sendAround = (request) => request.method === 'PUT' ? { status: 409, body: { status: 409, detail: 'elsewhere', received: ++at % 100 } } : { body: { ...known, upload_needed: true, received: 0, complete: false } };
  answer = sendAround;
  assert.equal((await run('dump', join(folder, 'plain.dmp'))).code, 1);
  assert.ok(at < 100, 'it does not follow for ever');
});

test('an answer that is none is said so, and nothing hangs', async () => {
  for (const body of ['', 'garbage', '[]', '{}', '"text"', '{"upload_needed":true}']) {
    answer = { body };
    const said = await run('dump', join(folder, 'plain.dmp'));
    assert.equal(said.code, 1, `${body}: ${said.out}${said.err}`);
    assert.match(said.err, /plain\.dmp: .+/, body);
  }
});

test('an image without end is refused by its first bytes', () => {
  const said = spawnSync(join(bin, 'verifleet'), ['build', 'create', '--driver', 'x.sys', '--seq', '1', '--image', '/dev/zero', '--server', url, '--token', 'vf_x'], { encoding: 'utf8', timeout: 10000 });
  assert.equal(said.status, 1, said.stderr);
  assert.match(said.stderr, /\/dev\/zero: this is no Windows driver image/);
});
