// A small lab for the pages: builds of two drivers, machines that report through the signed ingest, hostile names.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { enrol, stamp } from '../support/api.mjs';
import { createBuild, dump, hex64, sha256 } from '../support/lab.mjs';

/* Reorders, hides, breaks lines, and is markup: it must be read as text, escapes shown. */
export const HOSTILE = 'ev\u202eil\u200b<img src=x onerror=alert(1)>.sys';
export const HOSTILE_SHOWN = 'ev\\u{202e}il\\u{200b}<img src=x onerror=alert(1)>.sys';

const MINUTE = 60_000;

/** One agent's critical lane: records are numbered as they are sent. */
class Machine {
  constructor(agent, env) {
    this.env = env;
    this.osBuild = env.os_build;
    this.agent = agent;
    this.stream = randomBytes(16).toString('hex');
    this.next = 1;
    this.boot = randomUUID();
  }

  async send(records) {
    const first = this.next;
    const lines = records.map((r) => JSON.stringify({ seq: this.next++, boot_uuid: this.boot, ...r }));
    const head = { v: 1, stream: this.stream, lane: 'critical', first_seq: first, count: records.length, sent_at: stamp(), uptime_us: 9_000_000, boot_uuid: this.boot };
    const body = Buffer.from(`${[JSON.stringify(head), ...lines].join('\n')}\n`);
    const { body: answer } = await this.agent.post('/api/v1/ingest', body, { headers: { 'content-type': 'application/x-ndjson' } });
    return answer;
  }

  started(at, end = 'clean') {
    const before = this.boot;
    this.boot = randomUUID();
    return {
      kind: 'boot', at: stamp(at), boot_uuid: this.boot, ordinal: 1, started_at: stamp(at),
      env: { ...this.env, ubr: 1742, arch: 'x64', hypervisor: null, cpus: 8, memory_bytes: 17179869184 },
      previous: { boot_uuid: before, end_kind: end },
    };
  }

  /** A crash told by its dump. */
  crash(at, { run = null, ...shape }) {
    const decoded = { ...dump({ time: stamp(at), osBuild: this.osBuild, ...shape }), ...(shape.more ?? {}) };
    decoded.stack = stackOf(decoded);
    if (decoded.culprit) decoded.culprit.reason = 'context pc';
    const key = `${this.agent.id} ${at} ${Math.random()}`;
    return {
      kind: 'bugcheck', at: stamp(at), source: 'dump', crash_boot_uuid: this.boot, run,
      code: decoded.bugcheck.code, raw_code: decoded.bugcheck.raw_code, parameters: decoded.bugcheck.parameters, report: null,
      dump: { sha256: sha256(key), size: 4096, file_name: 'crash.dmp', decoder: 1, decoded },
    };
  }
}

/** Words of a stack in the loaded drivers, the culprit among them, and one that points nowhere. */
function stackOf({ drivers, culprit, stack }) {
  const word = (n, d, offset) => ({
    address: hex64(0xffffd00012340000n + BigInt(n * 24)),
    value: hex64(BigInt(d.base) + BigInt(offset)),
    module: d.name,
    offset: `0x${offset.toString(16)}`,
  });
  const blamed = culprit && drivers.find((d) => d.name === culprit.module);
  const nowhere = { ...stack[0], address: hex64(0xffffd00012340000n + 16n), value: hex64(0xffffd0001234f0e8n), module: null, offset: null };
  return [
    word(0, drivers[0], 0x40f4e1),
    nowhere,
    ...(blamed ? [word(1, blamed, Number(culprit.offset)), word(3, blamed, Number(culprit.offset) + 0x1a4)] : []),
    ...drivers.slice(0, 9).map((d, n) => word(5 + n, d, 0x1010 + n * 0x135)),
  ];
}

const image = (seq) => ({ name: 'netx.sys', timestamp: 0x5f5e0000 + seq, size: 0x37000 });
const others = Array.from({ length: 40 }, (_, n) => ({ name: `part${String(n).padStart(2, '0')}.sys`, timestamp: 0x5f000000 + n, size: 0x9000 + n * 0x1000 }));

/** Fills the server; what is returned tells the tests what they may expect to see. */
export async function fill(server, admin, { hostile: withHostile = true } = {}) {
  server.admin('demo', 'create');
  const builds = [];
  for (const seq of [1, 2, 3, 4]) {
    const known = await createBuild(admin, { project: 'demo', seq, label: seq === 2 ? null : `10.4.${seq}`, commit: `9f3c1ab2d4e${seq}`, images: [image(seq)] });
    builds.push(known);
  }
  const hostile = await createBuild(admin, { driver: 'contoso_filter.sys', branch: 'release/24h2', seq: 2217, label: '24.2.2217', images: [{ name: 'contoso_filter.sys', timestamp: 0x77777777, size: 0x1000 }] });
  const now = Date.now() - 5 * 24 * 60 * MINUTE;
  const machines = [];
  for (const [n, name] of ['LAB-W11-01', 'LAB-W11-04', 'LAB-W10-02'].entries()) {
    const env = n === 2 ? { os_name: 'Windows 10 22H2', os_build: 19045 } : { os_name: 'Windows 11 24H2', os_build: 26100 };
    machines.push(new Machine(await enrol(admin, name, { project: 'demo', env }), env));
  }
  for (const [m, machine] of machines.entries()) {
    for (const [b, build] of builds.entries()) {
      if (b === 3) continue; /* the newest build has no evidence at all */
      const at = now + b * 24 * 60 * MINUTE + m * 7 * MINUTE;
      const run = `nightly-${m}${b}`;
      const drivers = [...others, { name: 'amdppm.sys', timestamp: 0x60000001, size: 0x3c000 }, image(b + 1)];
      const records = [
        machine.started(at, b ? 'bugcheck' : 'clean'),
        { kind: 'run_start', at: stamp(at + MINUTE), run, build: { driver: 'netx.sys', branch: 'main', seq: b + 1, label: build.label }, images: [] },
      ];
      if (b === 0) {
        records.push(machine.crash(at + 2 * MINUTE, { code: 0xd1, parameters: [0x10, 2, 0, 0x1234], drivers, culprit: ['netx.sys', 0x2a31c], run }));
      }
      if (b === 1 && m !== 2) {
        records.push(machine.crash(at + 2 * MINUTE, { code: 0x1000007e, parameters: [0xffffffffc0000005n, 0xfffff8048b58334cn, 0, 0], drivers, culprit: ['amdppm.sys', 0x334c], run }));
        records.push(machine.crash(at + 4 * MINUTE, { code: 0xc4, parameters: [0x62, 0xffffb20c11223344n, 0xffffb20c55667788n, 3], drivers, culprit: ['netx.sys', 0x1d0], run }));
      }
      if (b === 2) {
        records.push(machine.crash(at + 2 * MINUTE, { code: 0xe6, parameters: [3, 1, 0, 0], drivers, culprit: ['netx.sys', 0x4c10], run }));
        records.push(machine.crash(at + 3 * MINUTE, { code: 0xd1, parameters: [0x10, 2, 0, 0x1234], drivers, culprit: ['netx.sys', 0x2a31c], run }));
        records.push(machine.crash(at + 4 * MINUTE, { code: 0x1000007e, parameters: [0xffffffffc0000005n, 0xfffff8048b58334cn, 0, 0], drivers, culprit: ['amdppm.sys', 0x334c], run }));
        if (m === 0 && withHostile) {
          records.push(machine.crash(at + 5 * MINUTE, {
            code: 0x19, parameters: [0x20, 1, 2, 3], drivers: [...drivers, { name: HOSTILE, timestamp: 1, size: 4096 }], culprit: [HOSTILE, 0x10], run,
            more: { warnings: ['stack: 12 words lie outside the file', `name of ${HOSTILE}`] },
          }));
          records.push({ ...machine.crash(at + 6 * MINUTE, { code: 0xc4, parameters: [0x62, 1, 2, 3], run }), source: 'eventlog', dump: null });
        }
      }
      records.push({ kind: 'run_end', at: stamp(at + 9 * MINUTE), run, outcome: b === 1 && m === 2 ? 'completed' : 'bugcheck' });
      const answer = await machine.send(records);
      assert.equal(answer.rejected, 0, `a record of the lab was refused: ${JSON.stringify(answer)}`);
    }
  }
  if (!withHostile) return { builds, hostile, machines };
  const refused = await machines[0].send([{ kind: 'nonsense', at: stamp(), text: `<script>${HOSTILE}` }]);
  assert.equal(refused.rejected, 1);
  return { builds, hostile, machines };
}
