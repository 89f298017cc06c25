// What the agent writes is what the server reads: both ends are separate programs over separate code that know only
// include/verifleet/wire.h. Every kind of record goes through once.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const top = new URL('../..', import.meta.url).pathname;
const writer = process.env.VF_WIRE_WRITE ?? `${top}build/debug/tests/contract/wire_write`;
const reader = process.env.VF_WIRE_READ ?? `${top}build/debug/tests/contract/wire_read`;

const batch = execFileSync(writer);
const records = execFileSync(reader, { input: batch, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const boot = '00000009-0000-4000-8000-000000000000';
const crashBoot = '00000008-0000-4000-8000-000000000000';
const at = '2026-11-21T20:41:02.123456Z';

test('nothing is refused, and the sequence is whole', () => {
  assert.deepEqual(records.filter((r) => r.refusal), []);
  records.forEach((r, i) => assert.equal(r.seq, i ? records[i - 1].last + 1 : 101));
  assert.ok(records.every((r) => r.at === at));
});

test('boot', () => {
  assert.deepEqual(records[0].facts, {
    boot, ordinal: 12, started_at: at, os_name: 'Windows 11 24H2', os_build: 26100, previous: crashBoot, previous_end: 'bugcheck',
  });
});

test('start and end of a run', () => {
  assert.deepEqual(records[1].facts, { run: 'ci-4711', driver: 'netx.sys', branch: 'main', seq: 7, images: 1 });
  assert.deepEqual(records[2].facts, { run: 'ci-4711', outcome: 'aborted' });
});

test('bug checks from a dump, an event, both, and a dump that nobody can decode', () => {
  const [dump, event, both, broken] = records.slice(3, 7).map((r) => r.facts);
  const crash = { code: 0x1000007e, parameters: ['ffffffffc0000005', 'fffff8048b58334c', '0000000000000000', '0000000000000000'] };
  const decoded = { culprit: 'netx.sys', offset: 0x334c, modules: 1, uptime_us: 3747070, occurred_at: '2026-11-21T20:00:00.000001Z' };
  const plain = { culprit: null, offset: 0, modules: 0, uptime_us: -1, occurred_at: at };
  const file = { sha256: 'a'.repeat(64), size: 1444532, file_name: '112126-1234-01.dmp' };
  const none = { sha256: '', size: 0, file_name: null };

  assert.deepEqual(dump, { source: 'dump', crash_boot: crashBoot, run: null, report: false, ...crash, ...decoded, ...file });
  assert.deepEqual(event, { source: 'eventlog', crash_boot: null, run: null, report: true, ...crash, ...plain, ...none });
  assert.deepEqual(both, { source: 'both', crash_boot: crashBoot, run: 'ci-4711', report: true, ...crash, ...decoded, ...file });
  assert.deepEqual(broken, { source: 'both', crash_boot: crashBoot, run: null, report: true, ...crash, ...plain, ...file });
});

test('incident and gap', () => {
  assert.deepEqual(records[7].facts, { class: 'clock_step', detail: { text: 'the clock went back', seconds: 61 } });
  assert.equal(records[8].kind, 'gap');
  assert.equal(records[8].last, 140);
  assert.deepEqual(records[8].facts, { reason: 'dropped' });
});
