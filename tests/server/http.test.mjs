// What every answer of verifleetd has in common: addresses, methods, limits, headers, problems, sign-in.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { makeFolder, Server, sleep } from '../support/server.mjs';

const page = '<!doctype html><title>page</title>';
const script = `console.log(${JSON.stringify('x'.repeat(5000))});\n`;
let server, password;

before(async () => {
  const folder = makeFolder();
  const web = join(folder, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), page);
  writeFileSync(join(web, 'assets', 'app-1A2B3C4D.js'), script);
  spawnSync('gzip', ['-k', join(web, 'assets', 'app-1A2B3C4D.js')]);
  server = await new Server(folder, { env: { VERIFLEET_WEB_DIR: web } }).start();
  password = /one-time password (\S+)/.exec(server.log)[1];
});
after(() => server.stop());

/** One request over node's plain client, which changes nothing on its way. */
function ask(path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const r = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const json = /json/.test(response.headers['content-type'] ?? '') && bytes.length && !response.headers['content-encoding'] ? JSON.parse(bytes) : null;
        done({ status: response.statusCode, headers: response.headers, bytes, json });
      });
    });
    r.on('error', fail);
    r.end(body);
  });
}
/** Sends bytes as they are, and gives back everything until the server closes. */
function raw(bytes) {
  return new Promise((done) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => (text += part));
    socket.on('error', () => {});
    socket.on('close', () => done(text));
    setTimeout(() => socket.destroy(), 2000);
  });
}
const problem = (r, status, slug) => {
  assert.equal(r.status, status);
  assert.equal(r.headers['content-type'], 'application/problem+json');
  assert.equal(r.json.status, status);
  assert.equal(r.json.type, slug ? `/problems/${slug}` : 'about:blank');
  assert.match(r.json.request_id, /^[0-9a-f]{16}$/);
  assert.equal(r.headers['x-request-id'], r.json.request_id);
};
const signIn = (body, headers = {}) =>
  ask('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
async function session(name = 'admin', word = password) {
  const r = await signIn({ name, password: word });
  assert.equal(r.status, 200);
  return { Cookie: r.headers['set-cookie'][0].split(';')[0], 'X-CSRF-Token': r.json.csrf };
}

test('health is open, metrics are not', async () => {
  assert.deepEqual((await ask('/healthz')).json, { status: 'ok', version: '0.1.0' });
  assert.equal((await ask('/readyz')).json.status, 'ready');
  problem(await ask('/metrics'), 401, 'sign-in-needed');
  problem(await ask('/healthz', { method: 'POST' }), 405);
});

test('metrics are what Prometheus reads', { skip: spawnSync('promtool', ['--version']).status !== 0 && 'promtool is not installed' }, async () => {
  const token = server.admin('token', 'create', 'prometheus', '--scopes', 'read').trim();
  const r = await ask('/metrics', { headers: { Authorization: `Bearer ${token}` } });
  assert.match(r.headers['content-type'], /^text\/plain; version=0\.0\.4/);
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: r.bytes, encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  const text = r.bytes.toString();
  assert.match(text, /^verifleet_http_requests_total\{method="any",route="other",status="405"\} 1$/m);
  assert.match(text, /^verifleet_db_pool_connections 12$/m);
  const count = Number(/^verifleet_http_request_duration_seconds_count (\d+)$/m.exec(text)[1]);
  const sum = [...text.matchAll(/^verifleet_http_requests_total\{.*\} (\d+)$/gm)].reduce((n, m) => n + Number(m[1]), 0);
  assert.equal(count, sum);
});

test('every answer carries the guarding headers', async () => {
  for (const path of ['/', '/healthz', '/api/v1/session', '/nothing', '/assets/app-1A2B3C4D.js']) {
    const { headers } = await ask(path);
    assert.match(headers['content-security-policy'], /^default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['server'], undefined);
  }
});

test('pages come from memory, with the right type and life', async () => {
  for (const path of ['/', '/builds/17', '/drivers/netx.sys', '/index.html']) {
    const r = await ask(path);
    assert.equal(r.status, 200);
    assert.equal(r.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(r.headers['cache-control'], 'no-cache');
    assert.equal(r.bytes.toString(), page);
    assert.match(r.headers['content-security-policy'], /script-src 'self'; style-src 'self'/);
  }
  const asset = await ask('/assets/app-1A2B3C4D.js');
  assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(asset.headers['content-type'], 'text/javascript; charset=utf-8');
  const gz = await ask('/assets/app-1A2B3C4D.js', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(gz.headers['content-encoding'], 'gzip');
  assert.equal(gz.headers.vary, 'Accept-Encoding');
  assert.equal(gunzipSync(gz.bytes).toString(), script);
  assert.notEqual(gz.headers.etag, asset.headers.etag, 'another representation');
  for (const etag of [asset.headers.etag, gz.headers.etag, `"x", ${asset.headers.etag}`]) {
    const again = await ask('/assets/app-1A2B3C4D.js', { headers: { 'If-None-Match': etag } });
    assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  }
  assert.equal((await ask('/assets/app-1A2B3C4D.js', { headers: { 'If-None-Match': '"x"' } })).status, 200);
  problem(await ask('/assets/gone-12345678.js'), 404);
});

test('HEAD is GET without the body', async () => {
  const head = await ask('/', { method: 'HEAD' });
  assert.deepEqual([head.status, head.bytes.length, head.headers['content-length']], [200, 0, String(page.length)]);
  assert.equal((await ask('/healthz', { method: 'HEAD' })).status, 200);
});

test('unknown addresses and methods', async () => {
  problem(await ask('/api/v1/nothing'), 404);
  problem(await ask('/api'), 404);
  problem(await ask('/api/v1/nothing', { method: 'POST' }), 404);
  const wrong = await ask('/api/v1/session', { method: 'PUT' });
  problem(wrong, 405);
  assert.equal(wrong.headers.allow, 'GET, HEAD, POST, DELETE');
  problem(await ask('/', { method: 'POST', body: 'x' }), 405);
  problem(await ask('/', { method: 'PROPFIND' }), 405);
});

test('addresses that are not clean text are refused', async () => {
  for (const path of ['/%00', '/%zz', '/%c0%af', '/x?a=%0a', '/x?%ff', '/api/v1/session?a=%ed%a0%80']) problem(await ask(path), 400);
  const many = Array.from({ length: 33 }, (_, i) => `a${i}=1`).join('&');
  problem(await ask(`/x?${many}`), 414);
  for (const path of ['/../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd']) assert.equal((await ask(path)).bytes.toString(), page);
});

test('a body beyond the limit of its route is refused and told so', async () => {
  const big = 'x'.repeat(5000);
  problem(await signIn({ name: big, password: 'x' }), 413);
  const chunked = await ask('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }, body: big });
  problem(chunked, 413);
  assert.match(chunked.json.detail, /4096 bytes/);
  problem(await ask('/api/v1/session', { method: 'GET', headers: { 'Content-Length': '5' }, body: 'aaaaa' }), 413);
  const announced = await raw('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n');
  assert.match(announced, /^HTTP\/1\.1 413 /, 'without reading it');
  const expecting = await raw('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n');
  assert.match(expecting, /^HTTP\/1\.1 413 /, 'before it is sent');
});

test('what is not HTTP does no harm', async () => {
  const hostile = [
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n',
    '\r\n\r\n\r\n',
    'x'.repeat(100000),
    `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'y'.repeat(60000)}\r\n\r\n`,
    `GET /${'z'.repeat(60000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}',
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  ];
  const answers = await Promise.all(hostile.map(raw));
  for (const answer of answers) assert.doesNotMatch(answer, /^HTTP\/1\.1 [25]0[01] .*\{"user"/s);
  assert.equal((await ask('/healthz')).status, 200);
});

test('a request with two lengths is refused, and nothing that follows it is read', async () => {
  for (const target of ['/api/v1/session', '/', '/nothing']) {
    const answer = await raw(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 /, target);
    assert.match(answer, /\r\nConnection: close\r\n/i);
    assert.equal(answer.match(/HTTP\/1\.1 /g).length, 1, target);
  }
});

test('requests on one connection are answered in their order', async () => {
  const text = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const states = [...text.matchAll(/"status":"(\w+)"|<title>(\w+)/g)].map((m) => m[1] ?? m[2]);
  assert.deepEqual(states, ['ok', 'ready', 'page']);
});

test('large answers are compressed for those who take it', async () => {
  const headers = await session();
  const before = await ask('/api/v1/session', { headers });
  assert.equal(before.headers['content-encoding'], undefined, 'small ones are not');
  await ask('/api/v1/session/password', { method: 'POST', headers, body: JSON.stringify({ current: password, new: 'a longer secret word' }) });
  password = 'a longer secret word';
  const plain = await ask('/api/v1/openapi.json', { headers });
  const packed = await ask('/api/v1/openapi.json', { headers: { ...headers, 'Accept-Encoding': 'br, gzip;q=0.8' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  for (const no of ['br', 'gzip;q=0', 'identity']) {
    assert.equal((await ask('/api/v1/openapi.json', { headers: { ...headers, 'Accept-Encoding': no } })).headers['content-encoding'], undefined);
  }
});

test('the one-time password opens only the way to a new one', async () => {
  const word = /one-time password (\S+)/.exec(server.admin('user', 'add', 'ann'))[1];
  const headers = await session('ann', word);
  problem(await ask('/api/v1/openapi.json', { headers }), 403, 'password-change-needed');
  const mine = await ask('/api/v1/session', { headers });
  assert.deepEqual(mine.json.user, { id: mine.json.user.id, name: 'ann', role: 'viewer', must_change_password: true });
  const change = (body) => ask('/api/v1/session/password', { method: 'POST', headers, body: JSON.stringify(body) });
  const wrong = await change({ current: 'wrong', new: 'a new secret word' });
  problem(wrong, 422);
  assert.equal(wrong.json.field, 'current');
  assert.equal((await change({ current: word, new: 'short' })).json.field, 'new');
  assert.equal((await change({ current: word, new: word })).json.field, 'new');
  assert.equal((await change({ current: word })).json.field, 'new');
  assert.equal((await change({ current: word, new: 'a new secret word' })).status, 204);
  assert.equal((await ask('/api/v1/openapi.json', { headers })).status, 200, 'the session goes on');
  assert.equal((await signIn({ name: 'ann', password: word })).status, 401, 'the old one is gone');
});

test('a session can be ended, and others end with a new password', async () => {
  const [one, two] = [await session(), await session()];
  const out = await ask('/api/v1/session', { method: 'DELETE', headers: one });
  assert.equal(out.status, 204);
  assert.match(out.headers['set-cookie'][0], /^vf_session=; .*Max-Age=0/);
  problem(await ask('/api/v1/session', { headers: one }), 401, 'session-ended');
  const three = await session();
  await ask('/api/v1/session/password', { method: 'POST', headers: three, body: JSON.stringify({ current: password, new: 'yet another word' }) });
  password = 'yet another word';
  problem(await ask('/api/v1/session', { headers: two }), 401, 'session-ended');
  assert.equal((await ask('/api/v1/session', { headers: three })).status, 200);
});

test('a cookie writes only with its token and from our own pages', async () => {
  const headers = await session();
  const { Cookie } = headers;
  const csrf = headers['X-CSRF-Token'];
  const out = (h) => ask('/api/v1/session', { method: 'DELETE', headers: h });
  problem(await out({ Cookie }), 403, 'csrf');
  problem(await out({ Cookie, 'X-CSRF-Token': `${csrf}0` }), 403, 'csrf');
  problem(await out({ Cookie, 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'cross-site' }), 403, 'csrf');
  problem(await out({ Cookie, 'X-CSRF-Token': csrf, Origin: 'http://evil.example' }), 403, 'csrf');
  problem(await signIn({ name: 'admin', password }, { Origin: 'http://evil.example' }), 403, 'csrf');
  problem(await signIn({ name: 'admin', password }, { 'Content-Type': 'text/plain' }), 415);
  assert.equal((await out({ ...headers, 'Sec-Fetch-Site': 'same-origin' })).status, 204);
});

test('the session cookie is closed to scripts and other sites', async () => {
  const r = await signIn({ name: 'admin', password });
  assert.match(r.headers['set-cookie'][0], /^vf_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  assert.equal(r.headers['cache-control'], 'no-store');
});

test('guessing is slowed down by name and address', async () => {
  server.admin('user', 'add', 'bob');
  for (let i = 0; i < 6; i++) problem(await signIn({ name: i % 2 ? 'bob' : 'BOB', password: 'wrong guess' }), 401, 'wrong-credentials');
  const r = await signIn({ name: 'bob', password: 'wrong guess' });
  problem(r, 429, 'too-many-tries');
  assert.ok(Number(r.headers['retry-after']) >= 1);
  assert.equal((await signIn({ name: 'admin', password })).status, 200, 'others are not locked out');
});

test('sign-ins do not hold up the rest', async () => {
  const slow = Array.from({ length: 12 }, (_, i) => signIn({ name: `nobody${i}`, password: 'whatever it is' }));
  await sleep(20);
  for (let i = 0; i < 10; i++) assert.equal((await ask('/readyz')).status, 200);
  const first = await Promise.race([Promise.all(slow).then(() => 'sign-ins'), ask('/readyz').then(() => 'the rest')]);
  assert.equal(first, 'the rest');
  assert.ok((await Promise.all(slow)).every((r) => r.status === 401 || r.status === 429));
});

test('sign-ins are in the audit, wrong ones too', () => {
  const query = ['psql', '-XqAt', '-d', `host=${join(server.folder, 'run')} dbname=verifleet`, '-c', 'select distinct action from audit_event'];
  const become = process.getuid() === 0 ? ['setpriv', '--reuid', 'verifleet', '--regid', 'verifleet', '--clear-groups'] : [];
  const [program, ...args] = [...become, ...query];
  const actions = spawnSync(program, args, { encoding: 'utf8' }).stdout.trim().split('\n');
  for (const action of ['session.end', 'session.refused', 'session.start', 'token.create', 'user.add', 'user.password']) {
    assert.ok(actions.includes(action), `${action} is not among ${actions}`);
  }
});
