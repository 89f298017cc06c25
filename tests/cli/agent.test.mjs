// `verifleet-agent` against servers, and things in between, that answer what they should not: it loses nothing,
// believes nothing that it did not send, and does not hammer.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bin, sleep, until } from '../support/server.mjs';

const agent = join(bin, 'verifleet-agent');

function kernelDump(n) {
  const dump = Buffer.alloc(8192);
  dump.write('PAGEDU64', 0, 'latin1');
  dump.writeUInt32LE(15, 8);
  dump.writeUInt32LE(19041, 12);
  dump.writeUInt32LE(0x8664, 0x30);
  dump.writeUInt32LE(4, 0x34);
  dump.writeUInt32LE(0xd1, 0x38);
  dump.writeUInt32LE(n, 0x40);
  dump.writeUInt32LE(4, 0xf98);
  return dump;
}

/** A server that takes everything, but where `strange` answers instead. */
class Fake {
  constructor() {
    Object.assign(this, { strange: () => null, requests: [], records: [], dumps: new Set() });
    this.http = http.createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        this.requests.push(`${request.method} ${request.url.split('?')[0]}`);
        const { status = 200, type = 'application/json', headers = {}, text } = this.strange(request, body) ?? this.good(request, body);
        response.writeHead(status, { 'content-type': type, ...headers });
        response.end(typeof text === 'string' ? text : JSON.stringify(text));
      });
    });
  }

  good(request, body) {
    const server_time = new Date().toISOString();
    if (request.url === '/api/v1/enroll')
      return { status: 201, text: { agent_id: '01234567-89ab-cdef-0123-456789abcdef', machine_id: '11234567-89ab-cdef-0123-456789abcdef', machine: 'M', server_time, heartbeat_s: 15 } };
    if (request.url === '/api/v1/heartbeat') return { text: { server_time, heartbeat_s: 15, policy_revision: 0 } };
    if (request.url === '/api/v1/ingest') {
      const [header, ...records] = gunzipSync(body).toString().trim().split('\n').map((line) => JSON.parse(line));
      this.records.push(...records.map((r) => ({ ...r, stream: header.stream })));
      return { text: { stream: header.stream, acked_seq: records.at(-1).last ?? records.at(-1).seq, stored: records.length, duplicates: 0, rejected: 0, gaps: 0 } };
    }
    const sha256 = request.url.split('/')[4];
    if (request.method === 'PUT') this.dumps.add(sha256);
    return { text: { sha256, size: 8192, received: this.dumps.has(sha256) ? 8192 : 0, complete: this.dumps.has(sha256) } };
  }

  async listen() {
    await new Promise((done) => this.http.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }
}

const html = (status) => () => ({ status, type: 'text/html', text: '<html>no</html>' });
const answers = {
  'a page in between refuses (400)': html(400),
  'a page in between finds it too large (413)': html(413),
  'a page in between says that all is well': html(200),
  'an empty object': () => ({ text: {} }),
  'an acknowledgement of another stream': () => ({ text: { stream: '0'.repeat(32), acked_seq: 1000000, stored: 1, duplicates: 0, rejected: 0, gaps: 0 } }),
  'a hole that is never filled': () => ({ status: 409, text: { type: '/problems/sequence-gap', status: 409, expected_seq: 1 } }),
  'a hole in the future': () => ({ status: 409, text: { type: '/problems/sequence-gap', status: 409, expected_seq: 4611686018427387903 } }),
  'a body without end': () => ({ text: 'x'.repeat(4 << 20) }),
};

async function withAgent(body, options = []) {
  const folder = mkdtempSync(join(tmpdir(), 'vf-agent-'));
  const fake = await new Fake().listen();
  const data = join(folder, 'data');
  const dumps = join(folder, 'dumps');
  const events = join(folder, 'events.jsonl');
  let child;
  try {
    mkdirSync(dumps);
    // This process answers, so it must not wait for the program.
    const enrolled = spawn(agent, ['enroll', '--server', fake.url, '--token', 'vfe_aaaaaaaa_bbbbbbbb', '--name', 'M', '--data-dir', data]);
    let said = '';
    enrolled.stderr.on('data', (text) => (said += text));
    const code = await new Promise((done) => enrolled.on('exit', done));
    assert.equal(code, 0, said);
    child = spawn(agent, ['run', '--data-dir', data, '--dump-dir', dumps, '--dump-wait-s', '0', '--dump-stable-ms', '0', '--poll-ms', '50', '--event-file', events, ...options], { stdio: 'ignore' });
    await body(fake, dumps, data, events);
    assert.equal(child.exitCode, null, 'the agent runs on');
  } finally {
    if (child) {
      child.kill('SIGTERM');
      await new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.on('exit', done) : done()));
    }
    fake.http.closeAllConnections();
    fake.http.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('an agent and what answers it', { concurrency: 6 }, () => {
  for (const [name, strange] of Object.entries(answers))
    test(`to a batch: ${name}`, () =>
      withAgent(async (fake, dumps) => {
        await until(() => fake.records.some((r) => r.kind === 'boot'), 'the first record');
        fake.strange = (request) => (request.url === '/api/v1/ingest' ? strange(request) : null);
        for (let i = 0; i < 3; i++) writeFileSync(join(dumps, `${i}.dmp`), kernelDump(i + 1));
        await until(() => fake.requests.filter((r) => r === 'POST /api/v1/ingest').length >= 3, 'three attempts');
        const before = fake.requests.length;
        await sleep(1500);
        assert.ok(fake.requests.length - before < 60, `${fake.requests.length - before} requests: it hammers`);
        assert.equal(fake.requests.filter((r) => /dumps/.test(r)).length, 0, 'no dump before its record');
        fake.strange = () => null;
        const crashes = () => new Set(fake.records.filter((r) => r.kind === 'bugcheck').map((r) => r.dump.sha256));
        await until(() => crashes().size === 3, 'all crashes', 60);
        assert.deepEqual(fake.records.filter((r) => r.kind === 'gap' && r.reason !== 'dropped' && !/hole that/.test(name)), []);
      }));

  for (const [name, strange] of Object.entries({ 'an empty object': () => ({ text: {} }), 'all there, but not complete': () => ({ text: { received: 8192, complete: false } }), 'go elsewhere, here': () => ({ status: 409, text: { status: 409, received: 0 } }) }))
    test(`to a dump: ${name}`, () =>
      withAgent(async (fake, dumps) => {
        fake.strange = (request) => (/dumps/.test(request.url) && (request.method === 'PUT' || !/elsewhere/.test(name)) ? strange(request) : null);
        writeFileSync(join(dumps, 'one.dmp'), kernelDump(7));
        await until(() => fake.requests.filter((r) => /dumps/.test(r)).length >= 2, 'two attempts');
        const before = fake.requests.length;
        await sleep(1500);
        assert.ok(fake.requests.length - before < 60, `${fake.requests.length - before} requests: it hammers`);
        fake.strange = () => null;
        await until(() => fake.dumps.size === 1, 'the dump', 60);
      }));

  test('dumps that wait for their event do not hold up the others', () =>
    withAgent(
      async (fake, dumps, data, events) => {
        for (let i = 0; i < 6; i++) writeFileSync(join(dumps, `${i}.dmp`), kernelDump(100 + i));
        await sleep(1000);
        writeFileSync(join(dumps, 'last.dmp'), kernelDump(0xabc));
        writeFileSync(
          events,
          `${JSON.stringify({
            provider: 'Microsoft-Windows-WER-SystemErrorReporting',
            event_id: 1001,
            record_id: 1,
            time: new Date(Date.now() + 5000).toISOString(),
            data: { param1: '0x000000d1 (0x0000000000000abc, 0x0, 0x0, 0x0)' },
          })}\n`,
        );
        await until(() => fake.records.some((r) => r.kind === 'bugcheck' && r.dump?.file_name === 'last.dmp'), 'the crash that is complete', 20);
        assert.equal(fake.records.filter((r) => r.kind === 'bugcheck').length, 1, 'the others wait');
      },
      ['--dump-wait-s', '600'],
    ));

  test('what identifies the machine is for its owner alone, and two agents do not share it', () =>
    withAgent(async (fake, dumps, data) => {
      await until(() => fake.records.length > 0, 'the first record');
      for (const entry of ['identity.json', 'agent.key', 'key.pem'])
        try {
          assert.equal(statSync(join(data, entry)).mode & 0o077, 0, entry);
        } catch (error) {
          if (error.code !== 'ENOENT') throw error;
        }
      const second = spawnSync(agent, ['run', '--data-dir', data, '--dump-dir', dumps], { encoding: 'utf8', timeout: 10000 });
      assert.notEqual(second.status, 0);
      assert.match(second.stderr, /another agent uses/);
      assert.ok(readFileSync(join(data, 'identity.json'), 'utf8').includes(fake.url));
    }));
});
