// The list of routes in the server and the paths of openapi.json are one list.
import assert from 'node:assert/strict';
import { readFileSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { openapi } from '../../support/api.mjs';
import { top } from '../../support/server.mjs';

const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function routesOf(file, pattern) {
  return [...readFileSync(join(top, file), 'utf8').matchAll(pattern)].map(([, method, path, scopes]) => ({
    key: `${method} ${path}`,
    scopes: scopes
      .split('|')
      .map((s) => s.trim().replace('VF_SCOPE_', '').toLowerCase())
      .sort(),
  }));
}

// /healthz, /readyz and /metrics stand outside the API and are answered by server/http itself.
const routes = [
  ...routesOf('server/api/routes.def', /^ROUTE\(\s*VF_(\w+),\s*"([^"]+)",\s*\w+,\s*([\w |\n\t]+?),/gm),
  ...routesOf('server/http/builtin.c', /\{VF_(\w+), "([^"]+)", \w+, (VF_SCOPE_\w+), 0\}/g),
];

export function routesTests() {
  test('routes: every route of the server is described, and the other way round', () => {
    assert.ok(routes.length >= 40);
    assert.deepEqual(routes.map((r) => r.key).sort(), operations.map((o) => `${o.method} ${o.path}`).sort());
  });

  test('routes: what a route asks of its caller is described', () => {
    for (const { method, path, operation } of operations) {
      const route = routes.find((r) => r.key === `${method} ${path}`);
      assert.deepEqual([...operation['x-scopes']].sort(), route?.scopes, `${method} ${path}`);
    }
  });

  test('routes: security schemes follow from the scopes', () => {
    for (const { method, path, operation } of operations) {
      const where = `${method} ${path}`;
      const scopes = operation['x-scopes'];
      const asked = operation.security.flatMap((s) => Object.values(s).flat());
      if (scopes.includes('none')) assert.deepEqual(operation.security, [], where);
      else for (const scope of scopes) if (scope !== 'agent') assert.ok(asked.includes(scope), where);
      for (const s of operation.security)
        if (s.cookie && method !== 'GET') assert.ok(s.csrf, `${where} by cookie needs the CSRF token`);
      if (!scopes.includes('none')) for (const code of [401, 403]) assert.ok(operation.responses[code], `${where} ${code}`);
    }
  });

  test('routes: every operation has a name of its own, and every GET of the API answers 304', () => {
    const names = operations.map((o) => o.operation.operationId);
    assert.equal(new Set(names).size, names.length);
    for (const { method, path, operation } of operations)
      if (method === 'GET' && path.startsWith('/api/') && operation.responses[200].content['application/json'])
        assert.ok(operation.responses[304], `${method} ${path}`);
  });

  test('routes: answers have no members that are not described', () => {
    const open = [];
    const walk = (schema, where, inherited) => {
      if (!schema || typeof schema !== 'object') return;
      const closed = inherited || schema.additionalProperties === false || schema.unevaluatedProperties === false;
      if (schema.properties && !closed) open.push(where);
      for (const [name, s] of Object.entries(schema.properties ?? {})) walk(s, `${where}.${name}`, false);
      if (schema.items) walk(schema.items, `${where}[]`, false);
      for (const s of schema.allOf ?? []) walk(s, where, closed);
      for (const s of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) walk(s, where, false);
    };
    // Evidence is kept as it was sent, and parts are closed by what they are put into.
    for (const [name, schema] of Object.entries(openapi.components.schemas))
      if (!/Fields$|^DumpReport$/.test(name)) walk(schema, name, false);
    assert.deepEqual(open, []);
  });

  test('routes: the description is a valid OpenAPI document', (t) => {
    const [major, minor] = process.versions.node.split('.').map(Number);
    const cli = join(top, 'web/node_modules/@redocly/cli/bin/cli.js');
    if (major < 20 || (major === 20 && minor < 19)) return t.skip(`@redocly/cli needs Node 20.19, this is ${process.version}`);
    if (!existsSync(cli)) return t.skip('@redocly/cli is not installed (make web)');
    const done = spawnSync(process.execPath, [cli, 'lint', '--format=stylish', join(top, 'server/api/openapi.json')], {
      encoding: 'utf8',
      cwd: join(top, 'web'),
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.doesNotMatch(done.stdout + done.stderr, /\d+ (errors?|warnings?)/i);
  });
}
