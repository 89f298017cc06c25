// Requests signed by an agent: what counts, and every way in which one does not.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { startServer } from '../support/server.mjs';

let server, agent, other;
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

async function enrol(name) {
  const token = server.admin('enroll-token', 'create').trim();
  const { publicKey, privateKey } = pair();
  const response = await fetch(`${server.url}/api/v1/enroll`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      token,
      name,
      public_key: publicKey.export({ type: 'spki', format: 'pem' }),
      evidence: { smbios_uuid: null, machine_guid: null, disk_serial: name },
      env: { os_name: 'Windows 11', os_build: 26100, arch: 'x64' },
      agent_version: '0.1.0',
    }),
  });
  assert.equal(response.status, 201, await response.clone().text());
  return { id: (await response.json()).agent_id, key: privateKey };
}

before(async () => {
  server = await startServer();
  agent = await enrol('LAB-01');
  other = await enrol('LAB-02');
});
after(() => server.stop());

const beat = JSON.stringify({ boot_uuid: null, uptime_us: 1, spool: { records: 0, bytes: 0, oldest_at: null }, policy_revision: 0 });

/** A signed heartbeat; `signed` changes what is signed, `sent` what is sent. */
async function send({ who = agent, signed = {}, sent = {}, nonce = randomBytes(16).toString('hex') } = {}) {
  const time = signed.time ?? new Date().toISOString();
  const hash = createHash('sha256').update(signed.body ?? beat).digest('hex');
  const text = [signed.method ?? 'POST', signed.path ?? '/api/v1/heartbeat', hash, time, nonce].join('\n');
  const response = await fetch(server.url + (sent.path ?? '/api/v1/heartbeat'), {
    method: sent.method ?? 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Verifleet-Agent': sent.agent ?? who.id,
      'X-Verifleet-Time': sent.time ?? time,
      'X-Verifleet-Nonce': sent.nonce ?? nonce,
      'X-Verifleet-Signature': sent.signature ?? sign('sha256', Buffer.from(text), signed.key ?? who.key).toString('base64'),
    },
    body: sent.body ?? beat,
  });
  const body = response.headers.get('content-type')?.includes('json') ? await response.json() : null;
  return { status: response.status, type: body?.type, body };
}
const refused = async (what, slug) => {
  const r = await send(what);
  assert.deepEqual([r.status, r.type], [401, `/problems/${slug}`]);
  return r;
};

test('a signed request counts', async () => {
  const r = await send();
  assert.equal(r.status, 200, JSON.stringify(r.body));
  assert.equal(r.body.heartbeat_s, 15);
});

test('a request counts once, also after the server was killed', async () => {
  const nonce = randomBytes(16).toString('hex');
  const time = new Date().toISOString();
  assert.equal((await send({ nonce, signed: { time } })).status, 200);
  await refused({ nonce, signed: { time } }, 'replayed-nonce');
  assert.equal((await send({ who: other, nonce })).status, 200, 'nonces belong to their agent');
  await server.kill();
  await server.start();
  await refused({ nonce, signed: { time } }, 'replayed-nonce');
});

test('each part that was changed on the way is noticed', async () => {
  await refused({ sent: { body: beat.replace('1', '2') } }, 'bad-signature');
  await refused({ sent: { path: '/api/v1/heartbeat?x=1' } }, 'bad-signature');
  await refused({ signed: { method: 'PUT' } }, 'bad-signature');
  await refused({ sent: { time: new Date(Date.now() + 1000).toISOString() } }, 'bad-signature');
  await refused({ sent: { nonce: randomBytes(16).toString('hex') } }, 'bad-signature');
  await refused({ sent: { agent: other.id } }, 'bad-signature');
  await refused({ signed: { key: pair().privateKey } }, 'bad-signature');
});

test('a wrong signature does not use up the nonce', async () => {
  const nonce = randomBytes(16).toString('hex');
  await refused({ nonce, sent: { signature: 'AAAA' } }, 'bad-signature');
  assert.equal((await send({ nonce })).status, 200);
});

test('a clock that is too far off is told the time', async () => {
  for (const off of [-301, 301]) {
    const r = await refused({ signed: { time: new Date(Date.now() + off * 1000).toISOString() } }, 'clock-skew');
    assert.ok(Math.abs(Date.parse(r.body.server_time) - Date.now()) < 10000);
  }
  for (const off of [-290, 290]) assert.equal((await send({ signed: { time: new Date(Date.now() + off * 1000).toISOString() } })).status, 200);
});

test('unknown agents and headers that are not whole', async () => {
  await refused({ sent: { agent: '00000000-0000-4000-8000-000000000000' } }, 'unknown-agent');
  for (const sent of [{ agent: 'x' }, { agent: `${'0'.repeat(36)}` }, { nonce: 'abc' }, { nonce: 'z'.repeat(32) }, { time: 'yesterday' }, { signature: 'x'.repeat(1000) }]) {
    await refused({ sent }, 'bad-signature');
  }
});

test('an agent may do only what agents do', async () => {
  const r = await send({ signed: { path: '/api/v1/projects' }, sent: { path: '/api/v1/projects' } });
  assert.deepEqual([r.status, r.type], [403, '/problems/scope-missing']);
  const unsigned = await fetch(`${server.url}/api/v1/heartbeat`, { method: 'POST', body: beat });
  assert.equal(unsigned.status, 401);
  const token = server.admin('token', 'create', 'all', '--scopes', 'read,import,operate,dumps,admin').trim();
  const byToken = await fetch(`${server.url}/api/v1/heartbeat`, { method: 'POST', body: beat, headers: { Authorization: `Bearer ${token}` } });
  assert.equal(byToken.status, 403);
});
