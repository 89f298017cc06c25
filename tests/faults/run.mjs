// run.mjs [KILLS] [--seed N] [--lie]: kill -9 of agents, server and PostgreSQL at random moments under traffic, on a
// network that loses requests and answers. Afterwards every piece of evidence that the agents were given is in the
// database exactly once, no record was set aside, and the roll-ups equal a recount.
// --lie turns the last statement around: acknowledgements that nobody gave must make the same checks fail.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { bin, isAlive, sleep, startServer, until } from '../support/server.mjs';
import { startProxy } from './proxy.mjs';

const args = process.argv.slice(2);
const lie = args.includes('--lie');
const seed = Number(args.includes('--seed') ? args[args.indexOf('--seed') + 1] : process.env.SEED ?? Date.now() % 1000000);
const kills = Number(args.find((a, i) => /^\d+$/.test(a) && args[i - 1] !== '--seed') ?? process.env.KILLS ?? 20);
const AGENTS = 2;
const FAULT_CODE = 0xfa; // a bug check of its own, so that nothing else is counted

let state = seed >>> 0;
/** Repeatable for a seed: which victim, when, and what the network loses. */
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const note = (text) => process.stderr.write(`# ${text}\n`);
const hex = (n, digits) => `0x${n.toString(16).padStart(digits, '0')}`;

class Agent {
  constructor(folder, number, url) {
    this.number = number;
    this.url = url;
    this.dir = join(folder, `agent${number}`);
    this.dumps = join(this.dir, 'dumps');
    this.events = join(this.dir, 'events.ndjson');
    mkdirSync(this.dumps, { recursive: true });
    writeFileSync(this.events, '');
    this.given = { crashes: new Set(), runs: new Set(), dumps: new Set() };
    this.n = 0;
    this.ticks = 0;
    this.starts = 0;
  }
  enroll(server, token) {
    const done = spawnSync(join(bin, 'verifleet-agent'), ['enroll', '--server', server, '--token', token, '--name', `FAULT-${this.number}`, '--data-dir', this.dir], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }
  start() {
    this.child = spawn(join(bin, 'verifleet-agent'), ['run', '--server', this.url, '--data-dir', this.dir, '--dump-dir', this.dumps, '--event-file', this.events,
      '--poll-ms', '50', '--dump-wait-s', '0', '--dump-stable-ms', '50'], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.starts++;
    this.log = '';
    this.child.stderr.on('data', (text) => (this.log = (this.log + text).slice(-4000)));
    this.ended = new Promise((done) => this.child.on('exit', done));
  }
  async end(signal) {
    this.child.kill(signal);
    await this.ended;
  }
  event(provider, id, data) {
    return `${JSON.stringify({ provider, event_id: id, record_id: ++this.n, time: new Date().toISOString(), data })}\n`;
  }
  /** Some crashes that only the event log tells of, now and then a run and a dump. */
  traffic(template) {
    let lines = '';
    for (let i = 0; i < 6; i++) {
      const n = this.number * 1000000 + this.n + 1;
      lines += this.event('Microsoft-Windows-WER-SystemErrorReporting', 1001, { param1: `${hex(FAULT_CODE, 8)} (${hex(1, 16)}, ${hex(this.number, 16)}, ${hex(0, 16)}, ${hex(n, 16)})` });
      this.given.crashes.add(n);
    }
    if (this.n % 5 === 0) {
      const run = `fault-${this.number}-${this.n}`;
      lines += this.event('Verifleet-Run', 1, { run, driver: 'netx.sys', branch: 'main', seq: 1 });
      lines += this.event('Verifleet-Run', 2, { run, outcome: 'completed' });
      this.given.runs.add(run);
    }
    appendFileSync(this.events, lines);
    if (++this.ticks % 6 === 0) {
      const dump = Buffer.from(template);
      dump.writeBigUInt64LE(BigInt(this.number * 1000000 + this.n), 0x58); // parameter 4
      const name = join(this.dumps, `crash${this.n}`);
      writeFileSync(`${name}.part`, dump);
      renameSync(`${name}.part`, `${name}.dmp`);
      this.given.dumps.add(createHash('sha256').update(dump).digest('hex'));
    }
  }
  /** Nothing waits any more, neither in the sources nor in the spool. */
  isDrained() {
    try {
      const status = JSON.parse(readFileSync(join(this.dir, 'status.json')));
      const memory = JSON.parse(readFileSync(join(this.dir, 'state.json')));
      return status.spool.records === 0 && status.crashes_waiting === 0 && status.dumps_waiting === 0 &&
        memory.event_position === statSync(this.events).size &&
        memory.dumps.length === readdirSync(this.dumps).filter((name) => name.endsWith('.dmp')).length;
    } catch {
      return false;
    }
  }
}

function sql(server, text) {
  const psql = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', `host=${join(server.folder, 'run')} dbname=verifleet`, '-c', text];
  const root = userInfo().uid === 0;
  const done = root
    ? spawnSync('setpriv', ['--reuid=verifleet', '--regid=verifleet', '--clear-groups', ...psql, '-U', 'verifleet'], { encoding: 'utf8', maxBuffer: 1 << 28 })
    : spawnSync(psql[0], psql.slice(1), { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
  return done.stdout.trim().split('\n').filter(Boolean);
}

/** A small dump to vary, made by the lab's own script. */
async function makeTemplate(server, folder, token) {
  const dir = join(folder, 'lab');
  const lab = spawn(join(bin, 'verifleet-agent'), ['lab', '--server', server.url, '--token', token, '--dir', dir, '--machines', '1', '--once'], { stdio: 'ignore' });
  await new Promise((done) => lab.on('exit', done));
  const machine = readdirSync(dir).find((name) => name.startsWith('LAB-'));
  const dumps = join(dir, machine, 'dumps');
  return readFileSync(join(dumps, readdirSync(dumps)[0]));
}

function compare(what, expected, lines) {
  const seen = new Map();
  for (const line of lines) seen.set(line, (seen.get(line) ?? 0) + 1);
  const missing = [...expected].filter((key) => !seen.has(String(key)));
  const twice = [...seen].filter(([, n]) => n > 1).map(([key]) => key);
  const strange = [...seen.keys()].filter((key) => !expected.has(key) && !expected.has(Number(key)));
  const ok = !missing.length && !twice.length && !strange.length;
  note(`${what}: ${expected.size} given, ${seen.size} stored, ${missing.length} missing, ${twice.length} stored more than once, ${strange.length} that nobody gave`);
  if (!ok) note(`  for instance ${JSON.stringify({ missing: missing.slice(0, 3), twice: twice.slice(0, 3), strange: strange.slice(0, 3) })}`);
  return ok;
}

function check(server, agents) {
  const all = (kind) => new Set(agents.flatMap((agent) => [...agent.given[kind]]));
  const results = [
    compare('crashes of the event log', all('crashes'), sql(server, `select p4 from occurrence where bugcheck_code = ${FAULT_CODE}`)),
    compare('dumps', all('dumps'), sql(server, "select encode(o.dump_sha256, 'hex') from occurrence o join machine m on m.id = o.machine_id where m.name like 'FAULT-%' and o.dump_sha256 is not null")),
    compare('the dumps themselves', all('dumps'), sql(server, `select encode(sha256, 'hex') from dump where uploaded_at is not null and sha256 in (select o.dump_sha256 from occurrence o join machine m on m.id = o.machine_id where m.name like 'FAULT-%')`)),
    compare('runs, begun and ended', all('runs'), sql(server, "select external_id from run where external_id like 'fault-%' and started_at is not null and outcome = 'completed'")),
    compare('no record set aside', new Set(), sql(server, 'select id from rejected_record')),
    compare('roll-ups equal a recount', new Set(), sql(server, 'select * from rollup_differences()')),
  ];
  return results.every(Boolean);
}

async function killOne(server, agents, count) {
  const dice = random();
  if (dice < 0.5) {
    const agent = agents[Math.floor(random() * agents.length)];
    await agent.end('SIGKILL');
    agent.start();
    count.agent++;
  } else if (dice < 0.75) {
    await server.kill();
    await sleep(random() * 300);
    await server.start();
    count.server++;
  } else {
    const postmaster = await until(() => { const pid = server.postmaster(); return pid && isAlive(pid) && pid; }, 'PostgreSQL to be there', 60);
    process.kill(postmaster, 'SIGKILL');
    await until(() => { const pid = server.postmaster(); return pid && pid !== postmaster && isAlive(pid); }, 'PostgreSQL to come back', 60);
    count.postgresql++;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'vf-'));
const server = await startServer({ port: 0 });
const proxy = await startProxy(() => server.url, random);
const agents = Array.from({ length: AGENTS }, (_, i) => new Agent(folder, i + 1, proxy.url));
const count = { agent: 0, server: 0, postgresql: 0 };
let ok = false, traffic;
const begun = Date.now();
note(`seed ${seed}, ${kills} kills${lie ? ', acknowledgements that nobody gave' : ''}`);
try {
  const token = /vfe_\S+/.exec(server.admin('enroll-token', 'create', '--uses', String(AGENTS + 1)))[0];
  const template = await makeTemplate(server, folder, token);
  for (const agent of agents) {
    agent.enroll(server.url, token);
    agent.start();
  }
  traffic = setInterval(() => agents.forEach((agent) => agent.traffic(template)), 250);
  Object.assign(proxy.faults, { loss: 0.03, lie: lie ? 0.3 : 0 });
  for (let i = 0; i < kills; i++) {
    await sleep(100 + random() * 900);
    await killOne(server, agents, count);
    if ((i + 1) % 20 === 0) note(`${i + 1} of ${kills} kills, ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  }
  await sleep(500);
  clearInterval(traffic);
  Object.assign(proxy.faults, { loss: 0, lie: 0 });
  for (const agent of agents) {
    await agent.end('SIGTERM');
    agent.start();
  }
  await until(() => agents.every((agent) => agent.isDrained()), 'the agents to have sent everything', 120 + kills);
  note(`killed: ${count.agent} agents, ${count.server} servers, ${count.postgresql} PostgreSQL; ${proxy.faults.lost} exchanges lost, ${proxy.faults.lied} records lied about`);
  ok = check(server, agents);
} catch (error) {
  note(String(error.stack ?? error).replaceAll('\n', '\n# '));
  for (const agent of agents) note(`agent ${agent.number}: ${agent.log?.slice(-600).replaceAll('\n', '\n# ')}`);
  note(server.log.slice(-1500).replaceAll('\n', '\n# '));
  for (const name of ['postgres.log', ...readdirSync(join(server.folder, 'data', 'pg', 'log')).map((file) => join('pg', 'log', file))])
    note(`${name}: ${readFileSync(join(server.folder, 'data', name), 'utf8').slice(-1500).replaceAll('\n', '\n# ')}`);
} finally {
  clearInterval(traffic);
  for (const agent of agents) agent.child?.kill('SIGTERM');
  await proxy.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (lie) {
  // Something must have been lied about, and the checks must have seen it.
  const noticed = !ok && proxy.faults.lied > 0;
  console.log(noticed ? 'ok: the loss was noticed' : 'not ok: lying about what is stored went unnoticed');
  process.exit(noticed ? 0 : 1);
}
console.log(ok ? `ok: ${kills} kills, everything is stored exactly once (seed ${seed}, ${((Date.now() - begun) / 1000).toFixed(0)} s)` : `not ok (repeat with --seed ${seed})`);
process.exit(ok ? 0 : 1);
