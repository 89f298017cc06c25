// How long the data of a page takes as evidence grows: the report of the worst build (it has half of all occurrences),
// the lists that it leads to, and the lists of everything, with 1 000 and with 100 000 occurrences, each beside
// GET /healthz of the same server in turns. Prints one JSON object; says on stderr where it is.
//   node tests/bench/report.mjs [OCCURRENCES …]
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, top } from '../support/server.mjs';

const sizes = process.argv.slice(2).map(Number);
if (!sizes.length) sizes.push(1000, 100000);
const WARM = 12; // each connection of the pool keeps its plans after a few calls
const READS = 100;

const note = (text) => process.stderr.write(`  ${text}\n`);
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const round = (x) => Number(x.toFixed(3));

function run(program, ...args) {
  const done = spawnSync(program, args, { cwd: top, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  return done.stdout.trim();
}

async function time(caller, target) {
  const begun = process.hrtime.bigint();
  await caller.fetch(target);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

async function measure(n) {
  const folder = mkdtempSync(join(tmpdir(), 'vf-'));
  chmodSync(folder, 0o755);
  let server;
  try {
    const conninfo = run('tests/support/pg_start.sh', folder);
    server = await startServer({ args: ['--database-url', conninfo, '--log-level', 'error', '--workers', '2', '--db-pool-size', '4'] });
    note(`${n} occurrences: seeding`);
    run('psql', '-q', '-v', `n=${n}`, '-f', 'tests/support/seed.sql', conninfo);
    const caller = new Plain(server, server.admin('token', 'create', 'bench', '--scopes', 'read', '--database-url', conninfo).match(/vf_\S+/)[0]);
    const build = Number(run('psql', '-XAtq', conninfo, '-c', 'select build_id from finding_build group by 1 order by sum(occurrences) desc limit 1'));
    const finding = Number(run('psql', '-XAtq', conninfo, '-c', 'select id from finding order by occurrence_count desc limit 1'));
    const targets = {
      report: `/api/v1/builds/${build}/report`,
      build_findings: `/api/v1/findings?build=${build}&role=own`,
      build_occurrences: `/api/v1/occurrences?build=${build}`,
      builds: '/api/v1/builds?project=bulk',
      findings: '/api/v1/findings',
      finding: `/api/v1/findings/${finding}`,
      occurrences: '/api/v1/occurrences',
      machines: '/api/v1/machines',
    };
    const figures = {};
    for (const [name, target] of Object.entries(targets)) {
      const page = [];
      const floor = [];
      for (let i = -WARM; i < READS; i++) {
        const a = await time(caller, target);
        const b = await time(caller, '/healthz');
        if (i >= 0) page.push(a), floor.push(b);
      }
      figures[name] = { p50_ms: round(quantile(page, 0.5)), p99_ms: round(quantile(page, 0.99)), healthz_p50_ms: round(quantile(floor, 0.5)), ratio: round(quantile(page, 0.5) / quantile(floor, 0.5)) };
      note(`${n} occurrences, ${name}: ${figures[name].p50_ms} ms, ${figures[name].ratio} x healthz`);
    }
    return figures;
  } finally {
    await server?.stop();
    run('tests/support/pg_stop.sh', folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without holding answers against the description: that would be measured too. */
class Plain {
  constructor(server, token) {
    this.url = server.url;
    this.headers = { authorization: `Bearer ${token}` };
  }

  async fetch(target) {
    const answer = await fetch(this.url + target, { headers: this.headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${target}: ${answer.status}`);
  }
}

const pages = {};
for (const n of sizes) pages[n] = await measure(n);
const growth = Object.fromEntries(Object.keys(pages[sizes[0]]).map((name) => [name, round(pages[sizes.at(-1)][name].ratio / pages[sizes[0]][name].ratio)]));
console.log(JSON.stringify({ by_occurrences: pages, growth, requests: READS, reference: 'GET /healthz, in turns' }));
