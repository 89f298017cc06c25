// How PostgreSQL answers the lists on a seeded volume: by index, and reading only what a page shows. The plans are
// those of the server's own statements, as auto_explain writes them down.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, top, until } from '../support/server.mjs';

const ROWS = 10000;
const lab = {};

function run(program, ...args) {
  const done = spawnSync(program, args, { cwd: top, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout.trim();
}
const sql = (...texts) => run('psql', '-XAtq', lab.conninfo, ...texts.flatMap((text) => ['-c', text]));

before(async () => {
  lab.folder = mkdtempSync(join(tmpdir(), 'vf-'));
  chmodSync(lab.folder, 0o755);
  lab.conninfo = run('tests/support/pg_start.sh', lab.folder);
  const first = await startServer({ args: ['--database-url', lab.conninfo] });
  lab.token = first.admin('token', 'create', 'plans', '--scopes', 'read', '--database-url', lab.conninfo).match(/vf_\S+/)[0];
  await first.stop();
  run('psql', '-q', '-v', `n=${ROWS}`, '-f', 'tests/support/seed.sql', lab.conninfo);
  sql(
    "load 'auto_explain'",
    "alter system set session_preload_libraries = 'auto_explain'",
    'alter system set auto_explain.log_min_duration = 0',
    'alter system set auto_explain.log_analyze = on',
    'alter system set auto_explain.log_timing = off',
    "alter system set auto_explain.log_format = 'json'",
    'select pg_reload_conf()',
  );
  lab.server = await startServer({ args: ['--database-url', lab.conninfo, '--log-level', 'error'] });
  lab.build = sql('select build_id from finding_build group by 1 order by sum(occurrences) desc limit 1');
  lab.finding = sql('select id from finding order by occurrence_count desc limit 1');
  lab.machine = sql('select min(id) from machine');
});

after(async () => {
  await lab.server?.stop();
  if (existsSync(join(lab.folder ?? '', 'pg'))) run('tests/support/pg_stop.sh', lab.folder);
  if (lab.folder) rmSync(lab.folder, { recursive: true, force: true });
});

const log = () => readFileSync(join(lab.folder, 'postgres.log'), 'utf8');

/** The plans of the statements that one request makes, each a flat list of nodes. */
async function plansOf(target) {
  const from = log().length;
  const answer = await fetch(lab.server.url + target, { headers: { authorization: `Bearer ${lab.token}` } });
  assert.equal(answer.status, 200, `${target}: ${await answer.text()}`);
  const parse = () => [...log().slice(from).matchAll(/plan:\n((?:\t.*\n)+)/g)].map((m) => JSON.parse(m[1].replaceAll('\n\t', '\n').replace(/^\t/, '')));
  await until(() => parse().some((p) => / limit \d+/.test(p['Query Text'])), `plans of ${target}`, 10);
  return parse().map((p) => {
    const nodes = [];
    const walk = (node) => {
      nodes.push(node);
      for (const child of node.Plans ?? []) walk(child);
    };
    walk(p.Plan);
    return { text: p['Query Text'], nodes };
  });
}

const rows = (node) => node['Actual Rows'] * node['Actual Loops'];
const scans = (plan, table) => plan.nodes.filter((n) => new RegExp(`^${table}`).test(n['Relation Name'] ?? ''));
const page = (plans) => plans.find((p) => / limit 51\b/.test(p.text));

test('plans: a page of occurrences is read by key, whatever it is filtered by', async () => {
  const partition = 'occurrence_(20|default)';
  for (const filter of ['', `finding=${lab.finding}`, `machine=${lab.machine}`, `build=${lab.build}`, 'attribution=none']) {
    const plan = page(await plansOf(`/api/v1/occurrences?${filter}`));
    assert.ok(scans(plan, partition).length > 0, 'the plan has no scan of occurrences: is it the one that is meant?');
    for (const node of scans(plan, partition)) {
      const where = `${filter || 'all'}: ${node['Node Type']} on ${node['Relation Name']}`;
      // An empty partition may be scanned as it stands: there is nothing to look up.
      if (node['Node Type'] === 'Seq Scan') assert.equal(rows(node) + (node['Rows Removed by Filter'] ?? 0), 0, where);
      assert.equal(node['Rows Removed by Filter'] ?? 0, 0, `${where} reads rows that it does not want`);
    }
    if (!filter || filter.startsWith('attribution')) {
      const read = scans(plan, partition).reduce((n, node) => n + rows(node), 0);
      assert.ok(read <= 60, `${filter || 'all'}: ${read} rows read for a page of 50`);
    }
  }
});

test('plans: joins follow a page, they do not make it', async () => {
  for (const target of ['/api/v1/occurrences?', `/api/v1/occurrences?build=${lab.build}`, `/api/v1/findings?build=${lab.build}`, '/api/v1/findings?', '/api/v1/builds?', '/api/v1/machines?', '/api/v1/runs?']) {
    const plan = page(await plansOf(target));
    const joins = plan.nodes.filter((n) => n['Join Type'] && !['Semi', 'Anti'].includes(n['Join Type']) && n['Parent Relationship'] === 'Outer');
    assert.ok(joins.length > 0, target);
    for (const join of joins) assert.ok(rows(join) <= 51 * 4, `${target}: a join of ${rows(join)} rows for a page of 50`);
  }
});

test('plans: a number of occurrences is read from a roll-up', async () => {
  for (const filter of ['', `finding=${lab.finding}`, `build=${lab.build}`, `machine=${lab.machine}`, `build=${lab.build}&role=own&kind=bugcheck`]) {
    const total = (await plansOf(`/api/v1/occurrences?${filter}`)).find((p) => /sum\(o\.occurrences\)/.test(p.text));
    assert.ok(total, filter);
    assert.equal(scans(total, 'occurrence').length, 0, filter);
  }
});

test('plans: what is new is looked up, not searched for', async () => {
  const plans = await plansOf(`/api/v1/builds/${lab.build}/report`);
  assert.ok(plans.some((plan) => scans(plan, 'finding_branch').length > 0));
  for (const plan of plans) for (const node of scans(plan, 'finding_branch')) assert.ok(rows(node) <= 2000, `${rows(node)} rows of finding_branch`);
  for (const plan of plans) for (const node of scans(plan, 'finding_build')) assert.ok(rows(node) + (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops'] <= 5000, `${rows(node)} rows of finding_build`);
});
