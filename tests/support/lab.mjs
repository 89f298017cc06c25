// Made-up evidence for tests: decoded dumps as `verifleet dump --json` prints them, and their import.
import { createHash } from 'node:crypto';

export const hex32 = (n) => `0x${(n >>> 0).toString(16).padStart(8, '0')}`;
export const hex64 = (n) => `0x${BigInt.asUintN(64, BigInt(n)).toString(16).padStart(16, '0')}`;
export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const kernel = 0xfffff80000000000n;

/**
 * A decoded triage dump. `drivers` are [{name, timestamp, size}] that were loaded beside ntoskrnl.exe; `culprit` is
 * [name, offset] or null.
 */
export function dump({ code = 0xd1, parameters = [0x10, 2, 0, 0x1234], drivers = [], culprit = null, osBuild = 19041, time = '2026-11-20T10:00:00.000000Z', uptime = 3.7470697 } = {}) {
  const all = [{ name: 'ntoskrnl.exe', timestamp: 0x5f3a1b2c, size: 0x1046000 }, ...drivers];
  const loaded = all.map((d, i) => ({
    name: d.name,
    path: `\\SystemRoot\\System32\\drivers\\${d.name}`,
    base: hex64(kernel + BigInt(i) * 0x2000000n),
    size: d.size,
    timestamp: hex32(d.timestamp),
    checksum: d.checksum === undefined ? null : hex32(d.checksum),
  }));
  const at = culprit && loaded.find((d) => d.name === culprit[0]);
  const pc = at ? hex64(BigInt(at.base) + BigInt(culprit[1])) : hex64(kernel + 0x1000n);
  return {
    format: 'triage64',
    arch: 'x64',
    os_build: osBuild,
    build_lab: `${osBuild}.1.amd64fre.vb_release.191206-1406`,
    cpus: 8,
    system_time: time,
    uptime_seconds: uptime,
    bugcheck: { code: hex32(code & 0xefffffff), raw_code: hex32(code), name: null, parameters: parameters.map(hex64) },
    culprit: culprit && { module: culprit[0], offset: `0x${culprit[1].toString(16)}`, reason: 'context' },
    context: { pc, sp: hex64(0xffffd00012340000n) },
    drivers: loaded,
    unloaded: [],
    stack: [{ address: hex64(0xffffd00012340000n), value: pc, module: culprit?.[0] ?? 'ntoskrnl.exe', offset: culprit ? `0x${culprit[1].toString(16)}` : '0x1000' }],
    secondary: [],
    warnings: [],
  };
}

let crashes = 0;

/** Imports a crash as the command line does; the answer's body, with the SHA-256 that it was sent under. */
export async function importCrash(caller, { build = null, machine = null, project = null, key, decoded, ...shape } = {}) {
  const sha = sha256(key ?? `crash ${++crashes} of ${process.pid}`);
  const { body } = await caller.post('/api/v1/import/crashes', {
    build_id: build,
    machine,
    project,
    dump: { sha256: sha, size: 4096, file_name: `${sha.slice(0, 8)}.dmp`, decoder: 1, decoded: decoded ?? dump(shape) },
  });
  return { ...body, sha256: sha };
}

/** Registers a build; images are [{name, timestamp, size}] with numbers. */
export async function createBuild(caller, { driver = 'netx.sys', branch = 'main', seq, images = [], ...more }) {
  const { body } = await caller.post('/api/v1/builds', {
    driver,
    branch,
    seq,
    images: images.map((i) => ({ name: i.name, timestamp: hex32(i.timestamp), size: i.size })),
    ...more,
  });
  return body;
}
