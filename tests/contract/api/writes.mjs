// What people and CI register: safe to repeat, refused when it differs, and always on record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addPerson, openapi, seen, signIn } from '../../support/api.mjs';
import { createBuild } from '../../support/lab.mjs';

const A = '/api/v1';

export function writeTests(lab) {
  const full = {
    driver: 'idem.sys', branch: 'main', seq: 9, label: '1.9', commit: 'abc', external_id: 'job 9', origin: 'ci',
    images: [{ name: 'idem.sys', timestamp: '0x00000099', size: 4096, checksum: '0x0000beef', sha256: 'ab'.repeat(32) }],
  };

  test('writes: a build registered again is the same build; other content is a conflict', async () => {
    const made = await lab.admin.post(`${A}/builds`, full, { status: 201 });
    assert.equal(made.headers.location, `${A}/builds/${made.body.id}`);
    const again = await lab.admin.post(`${A}/builds`, full, { status: 200 });
    assert.deepEqual(again.body, made.body);
    assert.equal((await lab.admin.post(`${A}/builds`, { ...full, driver: 'IDEM.SYS' }, { status: 200 })).body.id, made.body.id, 'file names have no case');
    for (const [member, value] of [['label', '2.0'], ['label', null], ['commit', 'abd'], ['origin', 'cli'], ['external_id', null]])
      assert.equal((await lab.admin.post(`${A}/builds`, { ...full, [member]: value }, { status: 409 })).body.field, 'seq', member);
    assert.equal((await lab.admin.post(`${A}/builds`, { ...full, seq: 10, images: [] }, { status: 409 })).body.field, 'seq', 'an external id is one build');
    const other = await createBuild(lab.admin, { driver: 'idem.sys', seq: 11 });
    const taken = (await lab.admin.post(`${A}/builds/${other.id}/images`, { images: full.images }, { status: 409 })).body;
    assert.equal(taken.field, 'images[0]');
    assert.match(taken.detail, new RegExp(`build ${made.body.id} `));
    const differs = { images: [{ ...full.images[0], checksum: '0x00000001' }] };
    assert.equal((await lab.admin.post(`${A}/builds/${made.body.id}/images`, differs, { status: 409 })).body.field, 'images[0]');
    assert.equal((await lab.admin.get(`${A}/builds/${other.id}`)).body.images.length, 0, 'a refused request leaves nothing');
    await lab.admin.post(`${A}/builds/987654321/images`, { images: full.images }, { status: 404 });
  });

  test('writes: twenty callers who register one build at once make one', async () => {
    const build = { driver: 'race.sys', branch: 'racing', seq: 1, images: [{ name: 'race.sys', timestamp: '0x00000098', size: 4096 }] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => lab.admin.post(`${A}/builds`, build).catch((error) => error)));
    // 503 is allowed: two made the driver at the same moment, and the slower is asked to come again.
    const done = answers.filter((a) => !(a instanceof Error));
    for (const a of answers) if (a instanceof Error) assert.match(a.message, /-> 503/);
    assert.ok(done.length > 0);
    assert.equal(new Set(done.map((a) => a.body.id)).size, 1);
    assert.equal(done.filter((a) => a.status === 201).length, 1);
    assert.equal((await lab.admin.get(`${A}/builds?driver=race.sys`)).body.total, 1);
    assert.equal((await lab.admin.get(`${A}/drivers?q=race.sys`)).body.total, 1);
    assert.equal((await lab.admin.get(`${A}/audit?action=build.create&object_id=${done[0].body.id}`)).body.total, 1);
  });

  test('writes: what exists is not made twice', async () => {
    await lab.admin.post(`${A}/projects`, { slug: 'twice', name: 'Twice' }, { status: 201 });
    assert.equal((await lab.admin.post(`${A}/projects`, { slug: 'twice', name: 'Again' }, { status: 409 })).body.field, 'slug');
    await lab.admin.post(`${A}/drivers`, { project: 'twice', name: 'Two.sys' }, { status: 201 });
    assert.equal((await lab.admin.post(`${A}/drivers`, { project: 'twice', name: 'TWO.SYS' }, { status: 409 })).body.field, 'name');
    const branch = (await lab.admin.post(`${A}/branches`, { project: 'twice', name: 'rel', parent: 'main', fork_seq: 3 }, { status: 201 })).body;
    assert.deepEqual([branch.parent, branch.fork_seq, branch.builds], ['main', 3, 0]);
    assert.equal((await lab.admin.post(`${A}/branches`, { project: 'twice', name: 'rel' }, { status: 409 })).body.field, 'name');
    assert.deepEqual((await lab.admin.get(`${A}/branches?project=twice`)).body.items.map((b) => b.name), ['main', 'rel']);
  });

  test('writes: each is on record with who did it, from where, and without secrets', async () => {
    const person = await addPerson(lab.server, 'olga', 'operator');
    const project = (await person.post(`${A}/projects`, { slug: 'onrecord', name: 'On record' }, { status: 201 })).body;
    const enrol = (await person.post(`${A}/enroll-tokens`, { project: 'onrecord', note: 'for the lab' }, { status: 201 })).body;
    await person.delete(`${A}/enroll-tokens/${enrol.id}`, { status: 204 });
    const deeds = await lab.admin.all(`${A}/audit?actor=olga`);
    const of = (action) => deeds.find((d) => d.action === action);
    assert.deepEqual(of('project.create').object, { kind: 'project', id: String(project.id) });
    for (const action of ['project.create', 'enroll_token.create', 'enroll_token.revoke']) {
      assert.equal(of(action).actor.kind, 'user');
      assert.match(of(action).remote_addr, /^(127\.0\.0\.1|::1)$/);
    }
    const text = JSON.stringify(deeds);
    for (const secret of [enrol.token, enrol.token.split('_')[2], person.csrf, person.cookie.split('=')[1]]) assert.ok(!text.includes(secret));
    // A person who signs out is nobody; everybody else stays.
    await person.delete(`${A}/session`, { status: 204 });
    await person.get(`${A}/session`, { status: 401 });
    await lab.admin.get(`${A}/session`, { status: 200 });
  });

  test('writes: a refused sign-in says nothing about the name', async () => {
    const wrong = async (name) => {
      const error = await signIn(lab.server, { name, renew: 'wrong password 9' }).catch((e) => e);
      return /"detail":"([^"]*)"/.exec(error.message)?.[1];
    };
    assert.equal(await wrong('admin'), await wrong('nobody-of-this-name'));
  });
}

/** Runs last: what is described and was never answered is a promise that nobody checked. */
export function coverageTest() {
  test('coverage: every answer but refusals that openapi.json describes was given', () => {
    const missing = [];
    for (const [path, item] of Object.entries(openapi.paths))
      for (const [method, operation] of Object.entries(item))
        for (const status of Object.keys(operation.responses))
          if (Number(status) < 300 && !seen.has(`${method.toUpperCase()} ${path} ${status}`)) missing.push(`${method.toUpperCase()} ${path} ${status}`);
    assert.deepEqual(missing, []);
  });
}
