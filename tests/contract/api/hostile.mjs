// Requests that nobody honest sends: refused with the field and the reason, and never more than that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAnswer, openapi, rawRequest } from '../../support/api.mjs';

const A = '/api/v1';
const lists = Object.entries(openapi.paths)
  .filter(([, item]) => item.get?.parameters?.some((p) => p.$ref === '#/components/parameters/cursor'))
  .map(([path]) => path);

export function hostileTests(lab) {
  const refused = async (target, field, status = 400) => {
    const { body } = await lab.admin.get(target, { status });
    assert.equal(body.field, field, `${target}: ${JSON.stringify(body)}`);
  };

  test('hostile: query members that are unknown, twice, or out of range name themselves', async () => {
    assert.ok(lists.length >= 13);
    for (const list of lists) {
      await refused(`${list}?nonsense=1`, 'nonsense');
      await refused(`${list}?limit=1&limit=2`, 'limit');
      for (const limit of ['0', '201', '-1', '1e2', '', '01', '99999999999999999999', '%201', 'ten', '1.0']) await refused(`${list}?limit=${limit}`, 'limit');
      for (const cursor of ['', 'x', '!!!!', 'a'.repeat(513), 'a'.repeat(512), '%00', 'ZmZm', 'MDAwMDAwMDAwMDAwMDAwMB8x', '..%2f..']) {
        const answer = await rawRequest(lab.server.url, 'GET', `${list}?cursor=${cursor}`, { headers: lab.admin.sign('GET') });
        assertAnswer('GET', `${list}?cursor=${cursor}`, answer);
        assert.ok([400, 422].includes(answer.status), `${list} ${cursor} ${answer.status}`);
      }
    }
  });

  test('hostile: a cursor with one character changed is refused or leads to rows of the same list', async () => {
    const alphabet = 'AZaz09-_';
    for (const list of ['occurrences', 'builds', 'drivers']) {
      const { next } = (await lab.admin.get(`${A}/${list}?limit=1`)).body;
      const known = new Set((await lab.admin.all(`${A}/${list}`)).map((r) => r.id));
      for (let i = 0; i < next.length; i++) {
        const cursor = next.slice(0, i) + alphabet[i % alphabet.length] + next.slice(i + 1);
        const answer = await rawRequest(lab.server.url, 'GET', `${A}/${list}?limit=1&cursor=${cursor}`, { headers: lab.admin.sign('GET') });
        assertAnswer('GET', `${A}/${list}`, answer);
        assert.ok([200, 400].includes(answer.status), `${cursor}: ${answer.status}`);
        if (answer.status === 200) for (const row of answer.body.items) assert.ok(known.has(row.id));
      }
    }
  });

  test('hostile: filters take only what they are for', async () => {
    for (const bad of ['0', '-1', 'x', '1;drop table build', '9223372036854775808', '', '1 ', '%27'])
      for (const [list, filter] of [['findings', 'build'], ['occurrences', 'finding'], ['runs', 'machine'], ['machines', 'build']])
        await refused(`${A}/${list}?${filter}=${encodeURIComponent(decodeURIComponent(bad))}`, filter);
    for (const bad of ['BUGCHECK', 'crash', '1', '']) await refused(`${A}/findings?kind=${bad}`, 'kind');
    for (const bad of ['Default', 'a_b', '-a', 'x'.repeat(64), '']) await refused(`${A}/builds?project=${bad}`, 'project');
    await refused(`${A}/findings?role=own`, 'role');
    await refused(`${A}/findings?new=1`, 'new');
    await refused(`${A}/findings?build=1&new=2`, 'new');
    await refused(`${A}/findings?build=1&role=none`, 'role');
    await refused(`${A}/findings?sort=title`, 'sort');
    await refused(`${A}/builds?q=${'x'.repeat(129)}`, 'q');
    await refused(`${A}/builds?sort=lineage&sort=created`, 'sort');
    await refused(`${A}/occurrences?attribution=guess`, 'attribution');
    await refused(`${A}/changes?since=xx`, 'since');
    await refused(`${A}/changes?wait=5`, 'wait');
    await refused(`${A}/builds/1?x=1`, 'x');
  });

  test('hostile: text in filters is text', async () => {
    for (const q of ["'", '%', '_', '\\', '"; select 1; --', '${build}', '$1', '😀', 'ü'])
      for (const list of ['builds', 'findings', 'machines', 'drivers', 'branches', 'projects'])
        assert.equal((await lab.admin.get(`${A}/${list}?q=${encodeURIComponent(`${q}nothing has this`)}`)).body.total, 0);
    for (const q of ['%00', '%1f', '%c2%80', '%ff', '%c0%af', '%ed%a0%80', '%zz', '%']) {
      const answer = await rawRequest(lab.server.url, 'GET', `${A}/builds?q=${q}`, { headers: lab.admin.sign('GET') });
      assertAnswer('GET', `${A}/builds?q=${q}`, answer);
      assert.ok([400, 422].includes(answer.status), `${q}: ${answer.status}`);
    }
  });

  test('hostile: ids that are none are not found', async () => {
    for (const id of ['0', '-1', 'x', '1x', '00001', '9223372036854775808', '9223372036854775807', '%20', "1'", '1%00', '..', '%2e%2e'])
      for (const path of ['builds', 'machines', 'runs', 'findings', 'occurrences']) {
        const answer = await rawRequest(lab.server.url, 'GET', `${A}/${path}/${id}`, { headers: lab.admin.sign('GET') });
        assertAnswer('GET', `${A}/${path}/${id}`, answer);
        assert.ok([400, 404, 422].includes(answer.status), `${path}/${id}: ${answer.status}`);
      }
  });

  test('hostile: bodies that are not what they must be name the member', async () => {
    const post = async (path, body, field, status = 422) => {
      const answer = await lab.admin.post(`${A}${path}`, body, { status });
      if (field) assert.equal(answer.body.field, field, `${path} ${JSON.stringify(body).slice(0, 200)}: ${JSON.stringify(answer.body)}`);
    };
    const build = { driver: 'h.sys', seq: 1 };
    for (const bad of ['', '[', '[]', '"x"', 'null', '{"a":1,}', '{"seq":01}', '{"driver":"h.sys","driver":"i.sys","seq":1}', '\u0000', '{"driver":"\\ud800","seq":1}', '{"driver":"\\u0000","seq":1}', '{"seq":1e400}', '{"seq":NaN}'])
      await post('/builds', bad);
    await post('/builds', `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`, null, undefined).catch((error) => assert.match(error.message, /-> (413|422)/));
    await post('/builds', {}, 'driver');
    await post('/builds', { driver: 'h.sys' }, 'seq');
    for (const seq of [0, -1, 1.5, '1', null, true, 9007199254740992, []]) await post('/builds', { ...build, seq }, 'seq');
    for (const driver of ['', ' h.sys', 'h.sys ', 'a/b.sys', 'a\\b.sys', 'a\nb', 'x'.repeat(129), 5, {}, '\u007f', '\u0085', 'a:b']) await post('/builds', { ...build, driver }, 'driver');
    for (const branch of ['', '-x', 'a b\u0001', 7, '../x y']) await post('/builds', { ...build, branch }, 'branch');
    await post('/builds', { ...build, nonsense: 1 }, 'nonsense');
    await post('/builds', { ...build, project: 'nowhere' }, 'project');
    await post('/builds', { ...build, images: {} }, 'images');
    await post('/builds', { ...build, images: Array(65).fill({ name: 'h.sys', timestamp: '0x00000001', size: 1 }) }, 'images');
    await post('/builds', { ...build, images: [5] }, 'images[0]');
    const image = { name: 'h.sys', timestamp: '0x00000001', size: 4096 };
    for (const [member, bad] of [['name', 'a/b'], ['timestamp', '1'], ['timestamp', '0x1'], ['timestamp', '0x0000000G'], ['timestamp', 5], ['size', 0], ['size', 4294967296], ['size', '1'], ['checksum', '0xFF'], ['sha256', 'ff'], ['sha256', 'g'.repeat(64)], ['more', 1]])
      await post('/builds', { ...build, images: [image, { ...image, [member]: bad }] }, `images[1].${member}`);
    for (const slug of ['', 'A', '-a', 'a_b', 'x'.repeat(64), 'ü']) await post('/projects', { slug, name: 'N' }, 'slug');
    await post('/branches', { project: 'default', name: 'hb', parent: 'main' }, 'fork_seq');
    await post('/branches', { project: 'default', name: 'hb', fork_seq: 4 }, 'parent');
    await post('/branches', { project: 'default', name: 'hb', parent: 'nowhere', fork_seq: 4 }, 'parent');
    await post('/branches', { project: 'default', name: 'h b c\t', parent: null, fork_seq: null }, 'name');
    for (const scopes of [[], ['read', 'read'], ['agent'], ['self'], ['none'], 'read', [1], ['read,admin'], null]) await post('/tokens', { name: 'n', scopes }, 'scopes');
    for (const ttl_s of [0, 59, -1, 63072001, '60']) await post('/tokens', { name: 'n', scopes: ['read'], ttl_s }, 'ttl_s');
    for (const networks of [['x'], ['10.0.0.1/8'], ['10.0.0.0/33'], ['::1/129'], '10.0.0.0/8', [5], ['10.0.0.0/8,11.0.0.0/8'], ['}']]) await post('/enroll-tokens', { networks }, 'networks');
    for (const max_uses of [0, 100001, 1.5]) await post('/enroll-tokens', { max_uses }, 'max_uses');
    assert.equal((await lab.admin.get(`${A}/builds?driver=h.sys`)).body.total, 0, 'nothing was stored');
  });

  test('hostile: a body over the limit is refused before it is read', async () => {
    const answer = await lab.admin.post(`${A}/builds`, { driver: 'h.sys', seq: 1, label: 'x'.repeat(70000) }, { status: 413 });
    assert.ok(answer.body.detail);
  });

  test('hostile: methods, paths and versions that are not there', async () => {
    for (const [method, path, status] of [['PATCH', '/builds', 405], ['DELETE', '/builds', 405], ['PUT', '/findings/1', 405], ['GET', '/nothing', 404], ['GET', '/builds/', 404], ['GET', '/builds/1/report/x', 404], ['GET', '/Builds', 404]]) {
      const answer = await rawRequest(lab.server.url, method, A + path, { headers: lab.admin.sign(method) });
      assertAnswer(method, A + path, answer);
      assert.equal(answer.status, status, `${method} ${path}`);
      if (status === 405) assert.match(answer.headers.allow, /GET/);
    }
  });
}
