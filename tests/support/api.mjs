// Talking to a verifleetd in tests, and holding every answer against server/api/openapi.json.
//
//   const server = await startServer();
//   const admin = await signIn(server);            // the first administrator, password changed
//   const { body } = await admin.get('/api/v1/builds');
//   const token = await makeToken(admin, ['read', 'import']);
//   const agent = await enrol(admin, 'LAB-01');    // a real ECDSA key; agent.post() signs
//
// A call that gets a status, content type or body that openapi.json does not describe throws. The names of routes
// that were answered are kept in `seen`, so that a suite can tell what it has left out.
import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { top } from './server.mjs';

export const openapi = JSON.parse(readFileSync(join(top, 'server/api/openapi.json'), 'utf8'));
export const seen = new Map(); // "GET /api/v1/builds 200" -> how often

const Ajv = createRequire(join(top, 'web/package.json'))('ajv/dist/2020.js').default;
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...openapi, $id: 'openapi' });
const compiled = new Map();

function validator(pointer) {
  if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: `openapi#${pointer}` }));
  return compiled.get(pointer);
}

/** Throws unless `value` is what components/schemas/<name> says. */
export function assertSchema(name, value) {
  const check = validator(`/components/schemas/${name}`);
  if (!check(value)) throw new assert.AssertionError({ message: `not a ${name}: ${words(check.errors)}\n${text(value)}` });
}

const words = (errors) =>
  errors.slice(0, 5).map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`).join('; ');
const text = (value) => JSON.stringify(value)?.slice(0, 2000);
const escape = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');

const templates = Object.keys(openapi.paths).map((path) => ({
  path,
  match: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The path of openapi.json that an address belongs to, or null. */
export function templateOf(target) {
  const path = target.split('?')[0];
  const exact = templates.find((t) => t.path === path);
  return (exact ?? templates.find((t) => t.match.test(path)))?.path ?? null;
}

/** Holds one answer against openapi.json. */
export function assertAnswer(method, target, answer) {
  const path = templateOf(target);
  const operation = path && openapi.paths[path][method.toLowerCase()];
  const problem = /^application\/problem\+json/.test(answer.type ?? '');
  const where = `${method} ${target} -> ${answer.status}`;

  if (problem) {
    assertSchema('Problem', answer.body);
    assert.equal(answer.body.status, answer.status, `${where}: the problem document has another status`);
    assert.equal(answer.body.request_id, answer.headers['x-request-id'] ?? answer.body.request_id);
  } else if (answer.status >= 400) assert.fail(`${where}: no problem document but ${answer.type}`);
  if (!operation) {
    assert.ok(answer.status === 404 || answer.status === 405, `${where}: openapi.json does not know the route`);
    return;
  }
  if (answer.status === 405 || answer.status === 500) assert.notEqual(answer.status, 500, `${where}: ${text(answer.body)}`);
  const described = operation.responses[answer.status];
  assert.ok(described || answer.status === 405, `${where}: openapi.json does not know this status here: ${text(answer.body)}`);
  seen.set(`${method} ${path} ${answer.status}`, (seen.get(`${method} ${path} ${answer.status}`) ?? 0) + 1);
  if (problem || !described?.content) return;
  const type = (answer.type ?? '').split(';')[0];
  assert.ok(described.content[type], `${where}: content type ${answer.type}`);
  if (type !== 'application/json') return;
  const check = validator(
    `/paths/${escape(path)}/${method.toLowerCase()}/responses/${answer.status}/content/${escape(type)}/schema`,
  );
  if (!check(answer.body)) throw new assert.AssertionError({ message: `${where}: ${words(check.errors)}\n${text(answer.body)}` });
  if (method === 'GET' && answer.status === 200 && operation.responses[304])
    assert.match(answer.headers.etag ?? '', /^"[0-9a-f]{16,64}(-gz)?"$/, `${where}: ETag`);
}

const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };

/** One request, without judging the answer: {status, headers, type, body, bytes}. */
export function rawRequest(base, method, target, { headers = {}, body, agent } = {}) {
  const url = new URL(base);
  const client = url.protocol === 'https:' ? https : http;
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body);
  return new Promise((done, failed) => {
    const request = client.request(
      {
        host: url.hostname,
        port: url.port,
        method,
        path: target,
        agent: agent ?? agents[url.protocol],
        rejectUnauthorized: false,
        headers: { ...(bytes === undefined ? {} : { 'content-length': bytes.length }), ...headers },
      },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', failed);
        response.on('end', () => {
          const all = Buffer.concat(parts);
          const type = response.headers['content-type'];
          let parsed = all.toString('utf8');
          if (/json/.test(type ?? '') && all.length) {
            try {
              parsed = JSON.parse(parsed);
            } catch (error) {
              failed(new Error(`${method} ${target}: the answer is not JSON: ${error.message}`));
              return;
            }
          }
          done({ status: response.statusCode, headers: response.headers, type, body: parsed, bytes: all });
        });
      },
    );
    request.on('error', failed);
    if (bytes !== undefined) request.write(bytes);
    request.end();
  });
}

/** Somebody who asks. `sign` adds the headers that say who, from (method, target, bytes). */
export class Caller {
  constructor(base, sign = () => ({})) {
    this.base = typeof base === 'string' ? base : base.url;
    this.sign = sign;
  }

  /**
   * One request whose answer is held against openapi.json. A body that is no string and no Buffer is sent as JSON.
   * `status`: the only status that is right (default: any below 400).
   */
  async call(method, target, { body, headers = {}, status } = {}) {
    const json = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
    const bytes = body === undefined ? undefined : Buffer.from(json ? JSON.stringify(body) : body);
    const answer = await rawRequest(this.base, method, target, {
      body: bytes,
      headers: {
        ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.sign(method, target, bytes ?? Buffer.alloc(0)),
        ...headers,
      },
    });
    assertAnswer(method, target, answer);
    const right = status === undefined ? answer.status < 400 : answer.status === status;
    assert.ok(right, `${method} ${target} -> ${answer.status}${status ? `, not ${status}` : ''}: ${text(answer.body)}`);
    return answer;
  }

  get(target, options) {
    return this.call('GET', target, options);
  }
  post(target, body, options) {
    return this.call('POST', target, { ...options, body });
  }
  put(target, body, options) {
    return this.call('PUT', target, { ...options, body });
  }
  delete(target, options) {
    return this.call('DELETE', target, options);
  }

  /** Every row of a list, page by page. */
  async all(target, limit = 200) {
    const rows = [];
    for (let cursor = null; ; ) {
      const join = target.includes('?') ? '&' : '?';
      const { body } = await this.get(`${target}${join}limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
      rows.push(...body.items);
      cursor = body.next;
      if (!cursor) return rows;
    }
  }
}

export const nobody = (server) => new Caller(server);
export const withToken = (server, token) => new Caller(server, () => ({ authorization: `Bearer ${token}` }));

/** Signs in with a one-time password (read from the server's log for the first administrator) and changes it. */
export async function signIn(server, { name = 'admin', password, renew = 'quite-another 7 words' } = {}) {
  const anyone = nobody(server);
  const once = password ?? new RegExp(`user ${name} has the one-time password (\\S+)`).exec(server.log)?.[1];
  if (once) {
    const first = await session(anyone, name, once);
    await first.post('/api/v1/session/password', { current: once, new: renew }, { status: 204 });
  }
  return session(anyone, name, renew);
}

async function session(anyone, name, password) {
  const answer = await anyone.post('/api/v1/session', { name, password });
  const cookie = String(answer.headers['set-cookie']).split(';')[0];
  const caller = new Caller(anyone.base, (method) => ({
    cookie,
    ...(method === 'GET' || method === 'HEAD' ? {} : { 'x-csrf-token': answer.body.csrf }),
  }));
  caller.cookie = cookie;
  caller.csrf = answer.body.csrf;
  return caller;
}

/** A person made by `verifleetd user add`, signed in. */
export async function addPerson(server, name, role) {
  const out = server.admin('user', 'add', name, '--role', role);
  return signIn(server, { name, password: /one-time password (\S+)/.exec(out)[1] });
}

export async function makeToken(caller, scopes, more = {}) {
  const { body } = await caller.post('/api/v1/tokens', { name: `test ${scopes.join(' ')}`, scopes, ...more }, { status: 201 });
  return body;
}

/** Enrols an agent with a fresh P-256 key; the result signs its requests. */
export async function enrol(caller, name, { project, evidence, env, token } = {}) {
  const secret = token ?? (await caller.post('/api/v1/enroll-tokens', { ...(project ? { project } : {}) }, { status: 201 })).body.token;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { body } = await nobody(caller.base).post(
    '/api/v1/enroll',
    {
      token: secret,
      name,
      public_key: publicKey.export({ type: 'spki', format: 'pem' }),
      evidence: { smbios_uuid: randomBytes(16).toString('hex'), machine_guid: null, disk_serial: null, ...evidence },
      env: { os_name: 'Windows 11 24H2', os_build: 26100, ubr: 1742, arch: 'x64', hypervisor: null, cpus: 8, memory_bytes: 17179869184, ...env },
      agent_version: '0.1.0',
    },
    { status: 201 },
  );
  const agent = new Caller(caller.base, (method, target, bytes) => signed(body.agent_id, privateKey, method, target, bytes));
  return Object.assign(agent, { id: body.agent_id, machine: body.machine, enrolled: body, privateKey });
}

/** The headers of a signed request; `time` and `nonce` may be given to test what is refused. */
export function signed(agentId, privateKey, method, target, bytes, { time = stamp(), nonce = randomBytes(16).toString('hex') } = {}) {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const signature = createSign('sha256').update([method, target, hash, time, nonce].join('\n')).sign(privateKey, 'base64');
  return {
    'x-verifleet-agent': agentId,
    'x-verifleet-time': time,
    'x-verifleet-nonce': nonce,
    'x-verifleet-signature': signature,
  };
}

/** Now, or a moment given in milliseconds, as the wire has it. */
export const stamp = (ms = Date.now()) => new Date(ms).toISOString().replace('Z', '000Z');
