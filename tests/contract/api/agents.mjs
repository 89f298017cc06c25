// What agents send: enrolment, heartbeats, batches, dumps; and what is refused, by name.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { enrol, makeToken, nobody, rawRequest, signed, stamp, withToken, assertAnswer } from '../../support/api.mjs';
import { createBuild, dump, hex32, hex64, importCrash, sha256 } from '../../support/lab.mjs';

const A = '/api/v1';

/** A stream of one agent: batch(records) makes the next body. */
export class Stream {
  constructor(lane = 'critical') {
    this.lane = lane;
    this.id = randomBytes(16).toString('hex');
    this.next = 1;
  }

  batch(records, { first = this.next, header = {} } = {}) {
    const lines = records.map((r, i) => (typeof r === 'string' ? r : JSON.stringify({ seq: first + i, at: stamp(), boot_uuid: null, ...r })));
    this.next = first + records.length;
    return `${[JSON.stringify({ v: 1, stream: this.id, lane: this.lane, first_seq: first, count: records.length, sent_at: stamp(), uptime_us: 1, boot_uuid: null, ...header }), ...lines].join('\n')}\n`;
  }
}

const ndjson = { 'content-type': 'application/x-ndjson' };
const send = (agent, body, options = {}) => agent.post(`${A}/ingest`, body, { status: 200, ...options, headers: { ...ndjson, ...options.headers } });
const env = { os_name: 'Windows 11 24H2', os_build: 26100, ubr: 1742, arch: 'x64', hypervisor: 'Hyper-V', cpus: 4, memory_bytes: 8589934592 };
const boot = (uuid, ordinal = 1, previous = null) => ({ kind: 'boot', boot_uuid: uuid, ordinal, started_at: stamp(), env, previous });
const bugcheck = (more = {}) => ({
  kind: 'bugcheck', source: 'eventlog', crash_boot_uuid: null, code: '0x000000d1', raw_code: '0x000000d1',
  parameters: [hex64(0x10), hex64(2), hex64(0), hex64(0x1234)], report: { event_id: 1001, provider: 'BugCheck' }, dump: null, run: null, ...more,
});

export function agentTests(lab) {
  test('agents: a machine enrols, is alive, boots, runs a build and crashes', async () => {
    const build = await createBuild(lab.admin, { driver: 'agentx.sys', seq: 5, images: [{ name: 'agentx.sys', timestamp: 0x77, size: 0x4000 }] });
    const agent = await enrol(lab.admin, 'AGENT-01');
    assert.equal(agent.machine, 'AGENT-01');
    const beat = (await agent.post(`${A}/heartbeat`, { boot_uuid: null, uptime_us: 5, spool: { records: 2, bytes: 900, oldest_at: stamp() }, policy_revision: 0 }, { status: 200 })).body;
    assert.ok(beat.heartbeat_s >= 1);

    const [one, two] = [randomUUID(), randomUUID()];
    const stream = new Stream();
    const image = { name: 'agentx.sys', timestamp: hex32(0x77), size: 0x4000, checksum: null };
    const key = `agent dump ${one}`;
    const decoded = dump({ culprit: ['agentx.sys', 0x321], drivers: [{ name: 'agentx.sys', timestamp: 0x77, size: 0x4000 }], osBuild: 26100 });
    const first = stream.batch([
      boot(one, 1),
      { kind: 'run_start', boot_uuid: one, run: 'ci-77', build: { driver: 'agentx.sys', branch: 'main', seq: 5, label: null }, images: [image] },
      bugcheck({ source: 'dump', boot_uuid: two, crash_boot_uuid: one, report: null, run: 'ci-77', dump: { sha256: sha256(key), size: key.length, file_name: 'MEMORY.DMP', decoder: 1, decoded } }),
      boot(two, 2, { boot_uuid: one, end_kind: 'bugcheck' }),
      { kind: 'run_end', boot_uuid: two, run: 'ci-77', outcome: 'bugcheck' },
      { kind: 'incident', class: 'clock_step', detail: { seconds: 4 } },
    ]);
    const answer = (await send(agent, gzipSync(first), { headers: { 'content-encoding': 'gzip' } })).body;
    assert.deepEqual(answer, { stream: stream.id, acked_seq: 6, stored: 6, duplicates: 0, rejected: 0, gaps: 0 });
    assert.deepEqual((await send(agent, first)).body, { ...answer, stored: 0, duplicates: 6 });

    const machine = (await lab.admin.get(`${A}/machines?q=AGENT-01`)).body.items[0];
    assert.deepEqual([machine.status, machine.os, machine.boots, machine.runs, machine.occurrences], ['online', 'Windows 11 24H2', 2, 1, 1]);
    const whole = (await lab.admin.get(`${A}/machines/${machine.id}`)).body;
    assert.equal(whole.agents[0].agent_id, agent.id);
    assert.deepEqual(whole.agents[0].streams.map((s) => [s.stream, s.lane, s.acked_seq]), [[stream.id, 'critical', 6]]);
    assert.equal(whole.agents[0].spool.records, 2);
    assert.deepEqual(whole.recent_boots.map((b) => [b.boot_uuid, b.end_kind]).sort(), [[one, 'bugcheck'], [two, null]].sort());
    assert.equal(whole.environment.hypervisor, 'Hyper-V');
    const run = (await lab.admin.get(`${A}/runs?machine=${machine.id}`)).body.items[0];
    assert.deepEqual([run.external_id, run.outcome, run.build.id, run.occurrences], ['ci-77', 'bugcheck', build.id, 1]);
    assert.ok((await lab.admin.get(`${A}/runs/${run.id}`)).body.boots.some((b) => b.boot_uuid === one));
    const found = (await lab.admin.get(`${A}/occurrences?run=${run.id}`)).body.items[0];
    assert.deepEqual([found.build.id, found.role, found.source, found.machine.id], [build.id, 'own', 'dump', machine.id]);
    const detail = (await lab.admin.get(`${A}/occurrences/${found.id}`)).body;
    assert.deepEqual(detail.decoded, decoded, 'the reading is kept as it was sent');
    assert.equal(detail.boot.boot_uuid, one);
    assert.equal(detail.explanation.name, 'DRIVER_IRQL_NOT_LESS_OR_EQUAL');
    const counts = (await lab.admin.get(`${A}/builds/${build.id}/report`)).body;
    assert.deepEqual([counts.totals.runs, counts.totals.machines, counts.runs[0].id], [1, 1, run.id]);

    // The raw dump, in two parts, by the agent; then a person takes it.
    const bytes = Buffer.from(key);
    const at = `${A}/dumps/${sha256(key)}`;
    assert.deepEqual((await agent.get(`${at}/upload`)).body, { sha256: sha256(key), size: bytes.length, received: 0, complete: false });
    const put = (offset, part, status = 200) => agent.put(`${at}/upload?offset=${offset}&size=${bytes.length}`, part, { status, headers: { 'content-type': 'application/octet-stream' } });
    assert.equal((await put(0, bytes.subarray(0, 7))).body.received, 7);
    assert.equal((await put(3, bytes.subarray(3, 9), 409)).body.received, 7);
    assert.equal((await put(7, bytes.subarray(7))).body.complete, true);
    assert.equal((await lab.admin.get(`${A}/occurrences/${found.id}`)).body.dump.available, true);
    const file = await lab.admin.get(at);
    assert.deepEqual(file.bytes, bytes);
    assert.match(file.headers['content-disposition'], /^attachment/);
    assert.equal(file.headers['x-content-type-options'], 'nosniff');
    await lab.admin.delete(at, { status: 204 });
    await lab.admin.get(at, { status: 404 });
    assert.equal((await lab.admin.get(`${A}/occurrences/${found.id}`)).body.dump.available, false);
    const deeds = (await lab.admin.get(`${A}/audit?object_kind=dump`)).body.items.slice(0, 2);
    assert.deepEqual(deeds.map((e) => [e.action, e.actor.name]), [['dump.delete', 'admin'], ['dump.download', 'admin']]);
    const listed = (await lab.admin.all(`${A}/dumps`)).find((d) => d.sha256 === sha256(key));
    assert.ok(listed.deleted_at && !listed.available);
  });

  test('agents: a reading is replaced, and the finding follows', async () => {
    const drivers = [{ name: 'redec.sys', timestamp: 5, size: 4096 }];
    const crash = await importCrash(lab.admin, { key: 'redecode', machine: 'REDEC', drivers, culprit: ['redec.sys', 0x10] });
    const answer = (await lab.admin.put(`${A}/dumps/${crash.sha256}/decoded`, { decoder: 2, decoded: dump({ drivers, culprit: ['redec.sys', 0x20] }) }, { status: 200 })).body;
    assert.equal(answer.occurrence_id, crash.occurrence_id);
    assert.equal(answer.moved, true);
    const now = (await lab.admin.get(`${A}/occurrences/${crash.occurrence_id}`)).body;
    assert.equal(now.decoded.culprit.offset, '0x20');
    assert.equal(now.finding.id, answer.finding_id);
    const rows = await lab.admin.all(`${A}/dumps?decoder_below=2`);
    assert.ok(!rows.some((d) => d.sha256 === crash.sha256));
    await lab.admin.put(`${A}/dumps/${sha256('nobody has this')}/decoded`, { decoder: 2, decoded: dump() }, { status: 404 });
  });

  test('agents: what is not understood is kept apart, counted and shown, and blocks nothing', async () => {
    const agent = await enrol(lab.admin, 'AGENT-02');
    const stream = new Stream();
    const answer = (await send(agent, stream.batch([bugcheck(), '{"seq":2,"kind":', { kind: 'surprise' }, bugcheck({ raw_code: 'not hex' }), bugcheck({ parameters: [hex64(9), hex64(2), hex64(0), hex64(1)] })]))).body;
    assert.deepEqual([answer.acked_seq, answer.stored, answer.rejected], [5, 2, 3]);
    const machine = (await lab.admin.get(`${A}/machines?q=AGENT-02`)).body.items[0];
    const rejected = (await lab.admin.get(`${A}/rejected?machine=${machine.id}`)).body;
    assert.equal(rejected.total, 3);
    assert.deepEqual(rejected.items.map((r) => [r.seq, r.machine.name, r.stream]).sort(), [2, 3, 4].map((seq) => [seq, 'AGENT-02', stream.id]));
    const codes = rejected.items.find((r) => r.seq === 4);
    assert.match(codes.field ?? '', /code/);
    assert.ok(codes.raw.includes('not hex'));
    assert.equal((await lab.admin.get(`${A}/machines/${machine.id}`)).body.agents[0].rejected, 3);
    // Numbers that never come are said to be lost, and one that comes too early is asked for.
    const early = (await agent.post(`${A}/ingest`, stream.batch([bugcheck()], { first: 9 }), { status: 409, headers: ndjson })).body;
    assert.deepEqual([early.type, early.expected_seq], ['/problems/sequence-gap', 6]);
    const gap = (await send(agent, stream.batch([{ kind: 'gap', last: 8, reason: 'dropped', lane: 'critical' }], { first: 6, header: {} }))).body;
    assert.deepEqual([gap.acked_seq, gap.gaps], [8, 1]);
    assert.equal((await lab.admin.get(`${A}/machines/${machine.id}`)).body.agents[0].lost, 3);
  });

  test('agents: a signature that does not hold is refused by name', async () => {
    const agent = await enrol(lab.admin, 'AGENT-03');
    const other = await enrol(lab.admin, 'AGENT-04');
    const body = Buffer.from(JSON.stringify({ boot_uuid: null, uptime_us: 5, spool: { records: 0, bytes: 0, oldest_at: null }, policy_revision: 0 }));
    const target = `${A}/heartbeat`;
    const ask = async (headers, expect, sent = body) => {
      const answer = await rawRequest(lab.server.url, 'POST', target, { body: sent, headers: { 'content-type': 'application/json', ...headers } });
      assertAnswer('POST', target, answer);
      assert.equal(answer.status, expect ? 401 : 200, JSON.stringify(answer.body));
      if (expect) assert.equal(answer.body.type, `/problems/${expect}`);
      return answer.body;
    };
    const sign = (options, bytes = body, key = agent.privateKey, path = target, method = 'POST') => signed(agent.id, key, method, path, bytes, options);
    await ask(sign(), null);
    await ask(sign({}, Buffer.from('other')), 'bad-signature');
    await ask(sign({}, body, other.privateKey), 'bad-signature');
    await ask(sign({}, body, agent.privateKey, `${target}?x=1`), 'bad-signature');
    await ask(sign({}, body, agent.privateKey, target, 'PUT'), 'bad-signature');
    await ask({ ...sign(), 'x-verifleet-signature': 'AAAA' }, 'bad-signature');
    await ask({ ...sign(), 'x-verifleet-agent': randomUUID() }, 'unknown-agent');
    const skewed = await ask(sign({ time: stamp(Date.now() - 301_000) }), 'clock-skew');
    assert.ok(skewed.server_time);
    await ask(sign({ time: stamp(Date.now() + 310_000) }), 'clock-skew');
    const once = sign();
    await ask(once, null);
    await ask(once, 'replayed-nonce');
  });

  test('agents: an enrolment token has an end, a number of uses, and networks', async () => {
    const make = async (more) => (await lab.admin.post(`${A}/enroll-tokens`, more, { status: 201 })).body;
    const once = await make({ max_uses: 1, note: 'one use' });
    await enrol(lab.admin, 'ONCE-01', { token: once.token });
    const refused = async (token) => {
      await assert.rejects(enrol(lab.admin, 'ONCE-02', { token }), /-> (401|403|422)/);
    };
    await refused(once.token);
    await refused(`${once.token}x`);
    const far = await make({ networks: ['10.1.0.0/16', '2001:db8::/32'] });
    assert.deepEqual(far.networks, ['10.1.0.0/16', '2001:db8::/32']);
    await refused(far.token);
    const near = await make({ networks: ['127.0.0.0/8', '::1'] });
    await enrol(lab.admin, 'NEAR-01', { token: near.token });
    await lab.admin.delete(`${A}/enroll-tokens/${near.id}`, { status: 204 });
    await refused(near.token);
    const rows = await lab.admin.all(`${A}/enroll-tokens`);
    assert.equal(rows.find((t) => t.id === once.id).uses, 1);
    assert.ok(rows.find((t) => t.id === near.id).revoked_at);
    assert.ok(!JSON.stringify(rows).includes(near.token), 'a secret is shown once');
    // The same name with other evidence is another machine.
    const again = await enrol(lab.admin, 'ONCE-01');
    assert.notEqual(again.machine, 'ONCE-01');
  });

  test('agents: a token that may import sends dumps too, and only of crashes that are known', async () => {
    const { token } = await makeToken(lab.admin, ['import']);
    const caller = withToken(lab.server, token);
    const key = `import upload ${randomUUID()}`;
    const crash = await importCrash(caller, { key, machine: 'IMPORTED-07', decoded: dump() });
    assert.equal(crash.upload_needed, true);
    const octets = { 'content-type': 'application/octet-stream' };
    await caller.put(`${A}/dumps/${sha256('unknown')}/upload?offset=0&size=5`, Buffer.from('12345'), { status: 404, headers: octets });
    // Other bytes than were announced: the file is dropped.
    const wrong = Buffer.alloc(4096, 1);
    await caller.put(`${A}/dumps/${crash.sha256}/upload?offset=0&size=4096`, wrong, { status: 422, headers: octets });
    assert.equal((await caller.get(`${A}/dumps/${crash.sha256}/upload`)).body.received, 0);
    await nobody(lab.server).get(`${A}/dumps/${crash.sha256}`, { status: 401 });
    assert.equal((await lab.admin.get(`${A}/machines?q=IMPORTED-07`)).body.items[0].status, 'imported');
  });
}
