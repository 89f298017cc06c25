// What the server does per second, and how long a page takes, each beside a reference of the same run:
//   ingest: crashes over HTTP (signed, gzip, 500 a batch, 4 agents) against one COPY BINARY of the very rows that they
//           became, into tables with the same columns and indexes (and without their foreign keys)
//   report: the data of a build's report page against GET /healthz
// Rounds of both sides take turns; every figure is a median. Prints one JSON object; says on stderr where it is.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Machine } from '../support/agent.mjs';
import { startServer } from '../support/server.mjs';

const ROUNDS = 7;
const AGENTS = 4;
const BATCHES = 3; // of one agent in one round
const RECORDS = 500;
const READS = 300;
const ROWS = ['boot', 'occurrence', 'occurrence_detail', 'boot_crash']; // what a crash becomes

const note = (text) => process.stderr.write(`  ${text}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const round = (x, digits = 3) => Number(x.toFixed(digits));
const now = () => Number(process.hrtime.bigint()) / 1e9;

const server = await startServer();
const scratch = mkdtempSync(join(tmpdir(), 'vf-'));
chmodSync(scratch, 0o777);

/** SQL as the cluster's own user, answered as text. */
function sql(...texts) {
  const conninfo = `host=${join(server.folder, 'run')} dbname=verifleet`;
  const psql = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', conninfo, ...texts.flatMap((text) => ['-c', text])];
  const root = userInfo().uid === 0;
  const done = root
    ? spawnSync('setpriv', ['--reuid=verifleet', '--regid=verifleet', '--clear-groups', ...psql, '-U', 'verifleet'], { encoding: 'utf8' })
    : spawnSync(psql[0], psql.slice(1), { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
  return done.stdout.trim();
}

function crash(i) {
  const hex = (n, w) => `0x${n.toString(16).padStart(w, '0')}`;
  return {
    kind: 'bugcheck',
    at: new Date().toISOString(),
    boot_uuid: null,
    source: 'eventlog',
    crash_boot_uuid: randomUUID(),
    code: hex(0x100 + (i % 40), 8),
    raw_code: hex(0x100 + (i % 40), 8),
    parameters: [hex(i % 7, 16), hex(2, 16), hex(8, 16), hex(i, 16)],
    report: { event_id: 1001, provider: 'Microsoft-Windows-WER-SystemErrorReporting', text: 'The computer has rebooted from a bugcheck.' },
    dump: null,
    run: 'bench-run',
  };
}

const runStart = (seq) => ({
  kind: 'run_start',
  at: new Date().toISOString(),
  boot_uuid: null,
  run: 'bench-run',
  build: { driver: 'bench.sys', branch: 'main', seq, label: `1.0.${seq}` },
  images: [{ name: 'bench.sys', timestamp: '0x00000001', size: 4096, checksum: null }],
});

async function ingestRound(machines) {
  const work = machines.map((m) => Array.from({ length: BATCHES }, () => m.batch(Array.from({ length: RECORDS }, (_, i) => crash(i)))));
  const begun = now();
  await Promise.all(
    machines.map(async (m, k) => {
      for (const batch of work[k]) {
        const answer = await m.send(batch);
        if (answer.stored !== RECORDS) throw new Error(`stored ${JSON.stringify(answer)}`);
      }
    }),
  );
  return (AGENTS * BATCHES * RECORDS) / (now() - begun);
}

/** The same rows once more, by COPY alone; timed by the server's own clock from begin to commit. */
function copyRound(since) {
  const where = {
    boot: `id > ${since.boot}`,
    occurrence: `id > ${since.occurrence}`,
    occurrence_detail: `occurrence_id > ${since.occurrence}`,
    boot_crash: `occurrence_id > ${since.occurrence}`,
  };
  let bytes = 0;
  for (const table of ROWS) {
    sql(`copy (select * from ${table} where ${where[table]}) to '${join(scratch, table)}' (format binary)`);
    bytes += statSync(join(scratch, table)).size;
  }
  const count = Number(sql(`select count(*) from occurrence where id > ${since.occurrence}`));
  const timed = sql(
    `do $$ declare t timestamptz := clock_timestamp(); begin
      ${ROWS.map((t) => `copy bench.${t} from '${join(scratch, t)}' (format binary);`).join(' ')}
      commit; perform set_config('bench.seconds', extract(epoch from clock_timestamp() - t)::text, false); end $$`,
    "select current_setting('bench.seconds')",
  );
  sql(`truncate ${ROWS.map((t) => `bench.${t}`).join(', ')}`);
  return { rate: count / Number(timed), bytes: bytes / count };
}

async function time(url, headers) {
  const begun = now();
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (now() - begun) * 1000;
}

try {
  const enroll = server.admin('enroll-token', 'create', '--uses', String(AGENTS)).trim();
  const token = server.admin('token', 'create', 'bench', '--scopes', 'read').trim();
  const machines = [];
  for (let i = 0; i < AGENTS; i++) machines.push(await Machine.enroll(server.url, enroll, `BENCH-${i}`));
  for (const m of machines) await m.send(m.batch([runStart(1)]));
  sql('create schema bench');
  for (const table of ROWS) sql(`create table bench.${table} (like public.${table} including all)`);

  const ingest = [];
  const copy = [];
  let rowBytes = 0;
  for (let i = 0; i <= ROUNDS; i++) {
    const since = {
      boot: sql('select coalesce(max(id), 0) from boot'),
      occurrence: sql('select coalesce(max(id), 0) from occurrence'),
    };
    const rate = await ingestRound(machines);
    const raw = copyRound(since);
    note(`ingest round ${i} of ${ROUNDS}: ${Math.round(rate)} crashes/s, COPY ${Math.round(raw.rate)}/s${i ? '' : ' (warm-up)'}`);
    if (!i) continue;
    ingest.push(rate);
    copy.push(raw.rate);
    rowBytes = raw.bytes;
  }
  const diff = sql('select count(*) from rollup_differences()');
  if (diff !== '0') throw new Error(`the roll-ups differ from a recount in ${diff} rows`);

  const headers = { authorization: `Bearer ${token}` };
  const builds = await (await fetch(`${server.url}/api/v1/builds?project=default`, { headers })).json();
  const build = builds.items[0];
  const report = [];
  const floor = [];
  for (let i = -20; i < READS; i++) {
    const a = await time(`${server.url}/api/v1/builds/${build.id}/report`, headers);
    const b = await time(`${server.url}/healthz`);
    if (i >= 0) report.push(a), floor.push(b);
  }
  note(`report: ${median(report).toFixed(2)} ms`);
  console.log(
    JSON.stringify({
      ingest: {
        crashes_per_second: Math.round(median(ingest)),
        copy_rows_per_second: Math.round(median(copy)),
        ratio: round(median(ingest.map((x, i) => x / copy[i]))),
        rounds: ROUNDS,
        agents: AGENTS,
        batch: RECORDS,
        crashes_a_round: AGENTS * BATCHES * RECORDS,
        bytes_a_crash: Math.round(rowBytes),
        reference: `COPY BINARY of the same rows of ${ROWS.join(', ')}, one transaction, same indexes, no foreign keys`,
      },
      report: {
        p50_ms: round(median(report)),
        p99_ms: round(quantile(report, 0.99)),
        healthz_p50_ms: round(median(floor)),
        ratio: round(median(report) / median(floor)),
        requests: READS,
        findings: build.counts.own + build.counts.other,
        occurrences: build.counts.occurrences,
        reference: 'GET /healthz, in turns',
      },
    }),
  );
} finally {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
