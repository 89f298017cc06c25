// Who may do what: every route, asked by everybody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addPerson, assertAnswer, enrol, makeToken, nobody, openapi, rawRequest, withToken } from '../../support/api.mjs';

const powers = {
  viewer: ['read', 'self'],
  operator: ['read', 'self', 'import', 'operate', 'dumps'],
  administrator: ['read', 'self', 'import', 'operate', 'dumps', 'admin'],
  'token read': ['read'],
  'token import': ['import'],
  'token operate': ['operate'],
  'token dumps': ['dumps'],
  'token admin': ['admin'],
  agent: ['agent'],
  nobody: [],
};

// Requests that reach the handler, are refused by it for another reason than the right, and change nothing.
const empty = { id: '987654321', sha256: 'f'.repeat(64) };
const target = (path) => path.replace(/\{(\w+)\}/g, (_, name) => empty[name]);

export function accessTests(lab) {
  test('access: every route for every caller', async (t) => {
    const who = {
      administrator: await addPerson(lab.server, 'ada', 'administrator'),
      operator: await addPerson(lab.server, 'otto', 'operator'),
      viewer: await addPerson(lab.server, 'vera', 'viewer'),
      nobody: nobody(lab.server),
    };
    for (const scope of ['read', 'import', 'operate', 'dumps', 'admin'])
      who[`token ${scope}`] = withToken(lab.server, (await makeToken(lab.admin, [scope])).token);
    who.agent = await enrol(lab.admin, 'ACCESS-01');

    for (const [name, caller] of Object.entries(who)) {
      await t.test(name, async () => {
        for (const [path, item] of Object.entries(openapi.paths)) {
          for (const [method, operation] of Object.entries(item)) {
            const verb = method.toUpperCase();
            // Signing out would end the session that the other rows need.
            if (verb === 'DELETE' && path === '/api/v1/session') continue;
            const scopes = operation['x-scopes'];
            const allowed = scopes.includes('none') || scopes.some((s) => powers[name].includes(s));
            const body = operation.requestBody ? Buffer.from('[') : undefined;
            const answer = await rawRequest(caller.base, verb, target(path), {
              body,
              headers: {
                ...(body ? { 'content-type': Object.keys(operation.requestBody.content)[0] } : {}),
                ...caller.sign(verb, target(path), body ?? Buffer.alloc(0)),
              },
            });
            assertAnswer(verb, target(path), answer);
            const where = `${name}: ${verb} ${path} -> ${answer.status} ${answer.body?.detail ?? ''}`;
            if (allowed) assert.ok(![401, 403].includes(answer.status) || answer.body.type === '/problems/wrong-credentials', where);
            else assert.equal(answer.status, name === 'nobody' ? 401 : 403, where);
          }
        }
      });
    }
  });

  test('access: a request by cookie that changes something needs the CSRF token', async () => {
    const body = Buffer.from('{"slug":"never","name":"Never"}');
    const send = (headers) =>
      rawRequest(lab.server.url, 'POST', '/api/v1/projects', {
        body,
        headers: { 'content-type': 'application/json', cookie: lab.admin.cookie, ...headers },
      });
    for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': 'f'.repeat(32) }, { 'x-csrf-token': lab.admin.csrf.toUpperCase() + 'x' }]) {
      const answer = await send(headers);
      assertAnswer('POST', '/api/v1/projects', answer);
      assert.equal(answer.status, 403, JSON.stringify(headers));
    }
    const elsewhere = await send({ 'x-csrf-token': lab.admin.csrf, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' });
    assert.equal(elsewhere.status, 403, 'from a page of another site');
    assert.equal((await lab.admin.get('/api/v1/projects?q=never')).body.total, 0);
  });

  test('access: a token that is revoked, expired or cut is nobody', async () => {
    const made = await makeToken(lab.admin, ['read']);
    const caller = withToken(lab.server, made.token);
    await caller.get('/api/v1/projects', { status: 200 });
    await lab.admin.delete(`/api/v1/tokens/${made.id}`, { status: 204 });
    await caller.get('/api/v1/projects', { status: 401 });
    const row = (await lab.admin.get('/api/v1/tokens')).body.items.find((t) => t.id === made.id);
    assert.ok(row.revoked_at);
    for (const wrong of [made.token.slice(0, -1), `${made.token}a`, 'vf_', 'nonsense', made.token.replace('vf_', 'vfe_')])
      await withToken(lab.server, wrong).get('/api/v1/projects', { status: 401 });
  });

  test('access: a token of one project sees and changes nothing of another', async () => {
    await lab.admin.post('/api/v1/projects', { slug: 'walled', name: 'Walled' }, { status: 201 });
    await lab.admin.post('/api/v1/builds', { project: 'walled', driver: 'wall.sys', seq: 1 }, { status: 201 });
    const other = (await lab.admin.post('/api/v1/builds', { project: 'default', driver: 'outside.sys', seq: 1 }, { status: 201 })).body;
    const { token } = await makeToken(lab.admin, ['read', 'import', 'operate', 'admin'], { project: 'walled' });
    const caller = withToken(lab.server, token);
    for (const list of ['projects', 'branches', 'drivers', 'builds', 'machines', 'runs', 'findings', 'occurrences', 'rejected'])
      for (const row of (await caller.get(`/api/v1/${list}`)).body.items) assert.equal(row.project ?? row.slug, 'walled', list);
    assert.equal((await caller.get('/api/v1/builds')).body.total, 1);
    await caller.get(`/api/v1/builds/${other.id}`, { status: 404 });
    await caller.get(`/api/v1/builds/${other.id}/report`, { status: 404 });
    await caller.post('/api/v1/builds', { project: 'default', driver: 'x.sys', seq: 1 }, { status: 422 });
    await caller.post('/api/v1/projects', { slug: 'more', name: 'More' }, { status: 403 });
    await caller.get('/api/v1/changes', { status: 403 });
    for (const list of ['users', 'audit']) assert.equal((await caller.get(`/api/v1/${list}`)).body.total, 0, list);
    // Nobody hands out more than they have.
    const inside = (await caller.post('/api/v1/tokens', { name: 'inner', scopes: ['read'] }, { status: 201 })).body;
    assert.equal(inside.project, 'walled');
    await caller.post('/api/v1/tokens', { name: 'inner', scopes: ['dumps'] }, { status: 422 });
    await caller.post('/api/v1/tokens', { name: 'inner', scopes: ['read'], project: 'default' }, { status: 422 });
  });
}
