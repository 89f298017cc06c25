// A throw-away verifleetd with its own data folder, database cluster and free port, for tests and benchmarks.
//   const server = await startServer();  …  await server.stop();
// stop() ends it as Ctrl-C would and removes its data; kill() is kill -9 of the server alone.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const bin = process.env.VERIFLEET_BIN ?? join(top, 'build', 'bin');
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** A folder for a server's data: short, because a socket path has 107 bytes, and open to the user it becomes. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'vf-'));
  chmodSync(folder, 0o755);
  return folder;
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until `condition()` holds; its value is returned. */
export async function until(condition, what, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(50)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for: ${what}`);
  }
}

export class Server {
  constructor(folder, options) {
    this.folder = folder;
    this.args = options.args ?? [];
    this.port = options.port ?? 0;
    this.env = {
      ...process.env,
      ...options.env,
      VERIFLEET_DATA_DIR: join(folder, 'data'),
      VERIFLEET_RUN_DIR: join(folder, 'run'),
    };
    this.log = '';
  }

  async start() {
    this.log = '';
    const child = spawn(join(bin, 'verifleetd'), ['serve', '--port', String(this.port), ...this.args], {
      env: this.env,
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    this.pid = child.pid;
    this.ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (this.log += text));
    }
    const ready = /ready at (https?:\/\/\S+)/;
    let over = false;
    this.ended.then(() => (over = true));
    await until(() => over || ready.test(this.log), 'verifleetd to be ready', 60);
    if (over) throw new Error(`verifleetd ended while it started:\n${this.log}`);
    this.url = ready.exec(this.log)[1];
    this.port = Number(new URL(this.url).port); // the same one after a restart
    return this;
  }

  /** Runs `verifleetd ARG…` on the same data; throws when it fails. */
  admin(...args) {
    const done = spawnSync(join(bin, 'verifleetd'), args, { env: this.env, cwd: this.folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`verifleetd ${args.join(' ')}: ${done.status}\n${done.stderr}`);
    return done.stdout;
  }

  postmaster() {
    try {
      return Number(readFileSync(join(this.folder, 'data', 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return null;
    }
  }

  kill() {
    process.kill(this.pid, 'SIGKILL');
    return this.ended;
  }

  /** Ends the server as Ctrl-C does and waits for it; the data stays. */
  async end() {
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGINT');
    return this.ended;
  }

  async stop() {
    const postmaster = this.postmaster();
    await this.end();
    if (postmaster && isAlive(postmaster)) {
      process.kill(postmaster, 'SIGQUIT');
      await until(() => !isAlive(postmaster), 'PostgreSQL to end', 20);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function startServer(options = {}) {
  const server = new Server(makeFolder(), options);
  try {
    return await server.start();
  } catch (error) {
    rmSync(server.folder, { recursive: true, force: true });
    throw error;
  }
}
