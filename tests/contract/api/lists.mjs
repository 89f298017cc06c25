// Lists: every row exactly once however it is paged, counts that are the rows they lead to, tags, changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeToken, openapi, withToken } from '../../support/api.mjs';
import { createBuild, importCrash } from '../../support/lab.mjs';

const A = '/api/v1';
const ids = (rows) => rows.map((r) => r.id ?? `${r.project} ${r.sha256}`);

export function listTests(lab) {
  const lists = Object.entries(openapi.paths)
    .filter(([, item]) => item.get?.parameters?.some((p) => p.$ref === '#/components/parameters/cursor'))
    .map(([path]) => path);

  test('lists: any page size gives the same rows in the same order, and total counts them', async () => {
    for (const list of lists) {
      const whole = await lab.admin.all(list, 200);
      for (const size of [1, 3, 7]) assert.deepEqual(ids(await lab.admin.all(list, size)), ids(whole), `${list} by ${size}`);
      const { body } = await lab.admin.get(`${list}?limit=1`);
      assert.equal(body.total, whole.length, list);
      assert.equal(new Set(ids(whole)).size, whole.length, `${list}: a row twice`);
      if (whole.length > 1) {
        const second = (await lab.admin.get(`${list}?limit=1&cursor=${body.next}`)).body;
        assert.equal(second.total, null, 'the total comes with the first page');
        assert.deepEqual(ids(second.items), ids(whole.slice(1, 2)));
      }
    }
  });

  test('lists: each order of a list gives every row once', async () => {
    for (const [list, sorts] of [['builds', ['lineage', 'created']], ['findings', ['last_seen', 'occurrences', 'created']]])
      for (const sort of sorts) {
        const rows = await lab.admin.all(`${A}/${list}?sort=${sort}`, 3);
        assert.deepEqual(ids(rows).sort(), ids(await lab.admin.all(`${A}/${list}`)).sort(), `${list} by ${sort}`);
        const n = rows.map((r) => ({ created: -r.id, occurrences: r.occurrences, last_seen: r.last_seen })[sort]);
        if (sort === 'created') assert.deepEqual(ids(rows), ids(rows).sort((a, b) => b - a));
        else if (sort !== 'lineage') assert.deepEqual(n, [...n].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)), `${list} by ${sort}`);
      }
  });

  test('lists: a walk gives every row that was there once, while others are added', async () => {
    const build = await createBuild(lab.admin, { driver: 'walk.sys', seq: 1 });
    const shape = (i) => ({ build: build.id, machine: 'WALK', culprit: ['walk.sys', 0x1000 + i], drivers: [{ name: 'walk.sys', timestamp: 7, size: 4096 }] });
    for (let i = 0; i < 12; i++) await importCrash(lab.admin, { ...shape(i), key: `walk ${i}` });
    for (const [list, add] of [
      [`${A}/occurrences?build=${build.id}`, (i) => importCrash(lab.admin, { ...shape(i % 3), key: `walk more ${i}` })],
      [`${A}/findings?build=${build.id}&sort=created`, (i) => importCrash(lab.admin, { ...shape(100 + i), key: `walk new ${i}` })],
      [`${A}/builds?driver=walk.sys`, (i) => createBuild(lab.admin, { driver: 'walk.sys', seq: 2 + i })],
      [`${A}/builds?driver=walk.sys&sort=created`, (i) => createBuild(lab.admin, { driver: 'walk.sys', seq: 50 + i })],
    ]) {
      const before = ids(await lab.admin.all(list));
      const walked = [];
      for (let cursor = null, i = 0; ; i++) {
        const { body } = await lab.admin.get(`${list}&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
        walked.push(...ids(body.items));
        await add(i);
        cursor = body.next;
        if (!cursor) break;
      }
      assert.equal(new Set(walked).size, walked.length, `${list}: a row twice`);
      assert.deepEqual(walked.filter((id) => before.includes(id)), before, `${list}: a row is missing or out of order`);
    }
  });

  test('lists: a cursor is good for its own question only', async () => {
    const { next } = (await lab.admin.get(`${A}/occurrences?limit=1`)).body;
    assert.ok(next);
    for (const other of [`${A}/occurrences?kind=bugcheck&cursor=`, `${A}/occurrences?build=1&cursor=`, `${A}/findings?cursor=`, `${A}/findings?sort=created&cursor=`, `${A}/builds?cursor=`])
      assert.equal((await lab.admin.get(other + next, { status: 400 })).body.field, 'cursor', other);
    // Another caller may use it: it gives nothing that the caller has no right to.
    const { token } = await makeToken(lab.admin, ['read']);
    await withToken(lab.server, token).get(`${A}/occurrences?limit=1&cursor=${next}`, { status: 200 });
    const bound = await makeToken(lab.admin, ['read'], { project: 'default' });
    await withToken(lab.server, bound.token).get(`${A}/occurrences?limit=1&cursor=${next}`, { status: 400 });
  });

  test('lists: a tag spares what has not changed, and changes with it', async () => {
    for (const target of [...lists, `${A}/session`, `${A}/catalog`, `${A}/decode/flags?mask=0x9`, `${A}/decode/bugcheck?code=0xe6&p1=0x0f&p2=2`, `${A}/openapi.json`]) {
      // The list of tokens and sessions moves with its own use; the audit with nothing that is read.
      const first = await lab.admin.get(target);
      const again = await lab.admin.get(target, { headers: { 'if-none-match': first.headers.etag } });
      assert.equal(again.status, 304, target);
      assert.equal(again.bytes.length, 0);
      assert.equal(again.headers.etag, first.headers.etag);
      const stale = await lab.admin.get(target, { headers: { 'if-none-match': '"00000000000000000000000000000000"' } });
      assert.equal(stale.status, 200);
      assert.equal((await lab.admin.get(target, { headers: { 'if-none-match': '*' } })).status, 304, `${target} with *`);
    }
    const builds = await lab.admin.get(`${A}/builds?driver=tag.sys`);
    await createBuild(lab.admin, { driver: 'tag.sys', seq: 1 });
    const after = await lab.admin.get(`${A}/builds?driver=tag.sys`, { headers: { 'if-none-match': builds.headers.etag } });
    assert.equal(after.status, 200);
    assert.notEqual(after.headers.etag, builds.headers.etag);
  });

  test('lists: changes tell what has to be read again, in order, once', async () => {
    let { body } = await lab.admin.get(`${A}/changes`);
    assert.deepEqual(body.items, []);
    assert.deepEqual((await lab.admin.get(`${A}/changes?since=${body.next}`)).body.items, []);
    const build = await createBuild(lab.admin, { driver: 'change.sys', seq: 1 });
    const crash = await importCrash(lab.admin, { build: build.id, machine: 'CHANGE', culprit: ['change.sys', 0x10], drivers: [{ name: 'change.sys', timestamp: 8, size: 4096 }] });
    const all = [];
    const start = body.next;
    for (let cursor = start; ; ) {
      body = (await lab.admin.get(`${A}/changes?since=${cursor}&limit=1`)).body;
      assert.equal(body.reset, false);
      if (!body.items.length) break;
      all.push(...body.items);
      cursor = body.next;
    }
    const machine = (await lab.admin.get(`${A}/occurrences/${crash.occurrence_id}`)).body.machine.id;
    for (const [topic, id] of [['build', build.id], ['finding', crash.finding_id], ['machine', machine]])
      assert.ok(all.some((c) => c.topic === topic && c.id === id), `${topic} ${id} in ${JSON.stringify(all)}`);
    // A cursor that this database never came to: it belongs to another one.
    const future = Buffer.from(`900000000000 1 ${Date.now()}000`).toString('base64url');
    assert.equal((await lab.admin.get(`${A}/changes?since=${future}`)).body.reset, true);
  });
}
