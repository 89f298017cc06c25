// A build's report and everything that its numbers lead to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBuild, importCrash } from '../../support/lab.mjs';

const A = '/api/v1';

export function reportTests(lab) {
  const netx = (seq) => ({ name: 'netx.sys', timestamp: 0x60000000 + seq, size: 0x18000 });
  const stor = { name: 'storx.sys', timestamp: 0x61000000, size: 0x9000 };
  const total = async (target) => {
    const { body } = await lab.admin.get(`${target}${target.includes('?') ? '&' : '?'}limit=1`);
    const rows = await lab.admin.all(target);
    assert.equal(rows.length, body.total, `${target}: total and rows`);
    return body.total;
  };
  const builds = {};

  test('report: a lab of branches, builds, machines and crashes', async () => {
    await lab.admin.post(`${A}/projects`, { slug: 'report', name: 'Report', simulated: true }, { status: 201 });
    const project = 'report';
    for (const seq of [1, 2, 3]) builds[seq] = await createBuild(lab.admin, { project, seq, label: `10.0.${seq}`, images: [netx(seq)] });
    await lab.admin.post(`${A}/branches`, { project, name: 'hotfix', parent: 'main', fork_seq: 2 }, { status: 201 });
    builds.hot = await createBuild(lab.admin, { project, branch: 'hotfix', seq: 1, images: [netx(77)] });
    const crash = (build, image, at, machine, more = {}) =>
      importCrash(lab.admin, { project, build: builds[build]?.id ?? null, machine, drivers: [image, stor], culprit: at && ['netx.sys', at], ...more });
    // 0x100 is in every build, 0x200 came with 2, 0x300 with 3; 0x400 is met on the hot-fix and, later on the calendar, on main 3.
    for (const [b, seq] of [[1, 1], [2, 2], [3, 3], ['hot', 77]]) for (const m of ['R-01', 'R-02']) await crash(b, netx(seq), 0x100, m);
    for (const [b, seq] of [[2, 2], [3, 3]]) await crash(b, netx(seq), 0x200, 'R-01');
    await crash('hot', netx(77), 0x400, 'R-03');
    await crash(3, netx(3), 0x300, 'R-01');
    await crash(3, netx(3), 0x400, 'R-02');
    // Somebody else's driver, met with build 3; twice, the second time as another kind.
    await importCrash(lab.admin, { project, build: builds[3].id, machine: 'R-02', drivers: [netx(3), stor], culprit: ['storx.sys', 0x50] });
    await importCrash(lab.admin, { project, build: builds[3].id, machine: 'R-04', drivers: [netx(3), stor], culprit: ['storx.sys', 0x60], code: 0xe6, parameters: [0x0f, 2, 0, 0] });
    await importCrash(lab.admin, { project, build: builds[3].id, machine: 'R-04', drivers: [stor], culprit: ['storx.sys', 0x70], code: 0x7e });
    // Of no build: nobody has registered this image.
    await importCrash(lab.admin, { project, machine: 'R-05', drivers: [netx(9), stor], culprit: ['netx.sys', 0x900] });
  });

  test('report: what is new follows the lineage, not the calendar', async () => {
    const news = async (b) => (await lab.admin.get(`${A}/builds/${builds[b].id}/report`)).body.new.map((f) => f.culprit.offset).sort();
    assert.deepEqual(await news(1), ['0x100']);
    assert.deepEqual(await news(2), ['0x200']);
    assert.deepEqual(await news(3), ['0x300', '0x400']);
    assert.deepEqual(await news('hot'), ['0x400']);
    assert.equal((await lab.admin.get(`${A}/builds/${builds.hot.id}`)).body.parent.id, builds[2].id);
    assert.equal((await lab.admin.get(`${A}/builds/${builds[3].id}`)).body.parent.id, builds[2].id);
    assert.equal((await lab.admin.get(`${A}/builds/${builds[1].id}`)).body.parent, null);
  });

  test('report: every number leads to as many rows', async () => {
    for (const b of Object.values(builds)) {
      const report = (await lab.admin.get(`${A}/builds/${b.id}/report`)).body;
      const { totals } = report;
      assert.equal(report.simulated, true);
      assert.deepEqual(report.build.counts, totals);
      const of = `build=${b.id}`;
      assert.equal(await total(`${A}/findings?${of}&new=1`), totals.new);
      assert.equal(await total(`${A}/findings?${of}&role=own`), totals.own);
      assert.equal(await total(`${A}/findings?${of}&role=other`), totals.other);
      assert.equal(await total(`${A}/occurrences?${of}`), totals.occurrences);
      assert.equal(await total(`${A}/machines?${of}`), totals.machines);
      assert.equal(await total(`${A}/runs?${of}`), totals.runs);
      for (const row of report.by_kind) {
        const kind = `${of}&kind=${row.kind}`;
        assert.equal(await total(`${A}/findings?${kind}&new=1`), row.new, `${row.kind} new`);
        assert.equal(await total(`${A}/findings?${kind}&role=own`), row.own, `${row.kind} own`);
        assert.equal(await total(`${A}/findings?${kind}&role=other`), row.other, `${row.kind} other`);
        assert.equal(await total(`${A}/occurrences?${kind}`), row.occurrences, `${row.kind} occurrences`);
        assert.ok(row.own + row.other > 0, 'a kind that was not met is not shown');
      }
      for (const member of ['new', 'own', 'other', 'occurrences'])
        assert.equal(report.by_kind.reduce((n, row) => n + row[member], 0), totals[member], member);
      assert.equal(report.machines.length, totals.machines);
      for (const m of report.machines) {
        assert.equal(await total(`${A}/occurrences?${of}&machine=${m.id}`), m.occurrences, m.name);
        assert.equal(await total(`${A}/findings?${of}&machine=${m.id}`), m.findings, m.name);
      }
      for (const f of await lab.admin.all(`${A}/findings?${of}`)) {
        assert.equal(await total(`${A}/occurrences?${of}&finding=${f.id}`), f.in_build.occurrences);
        assert.equal(f.in_build.new, report.new.some((n) => n.id === f.id));
        assert.equal(await total(`${A}/occurrences?${of}&finding=${f.id}&role=${f.in_build.role === 'other' ? 'other' : f.in_build.role}`) > 0, true);
      }
    }
    const three = (await lab.admin.get(`${A}/builds/${builds[3].id}`)).body.counts;
    assert.deepEqual(three, { new: 2, own: 4, other: 3, occurrences: 8, machines: 3, runs: 0 });
  });

  test('report: findings, machines, drivers and projects lead to as many rows too', async () => {
    for (const f of await lab.admin.all(`${A}/findings`)) {
      assert.equal(await total(`${A}/occurrences?finding=${f.id}`), f.occurrences, f.title);
      assert.equal(await total(`${A}/builds?finding=${f.id}`), f.builds, f.title);
      assert.equal(await total(`${A}/machines?finding=${f.id}`), f.machines, f.title);
      assert.equal(f.in_build, null);
      const whole = (await lab.admin.get(`${A}/findings/${f.id}`)).body;
      assert.equal(new Set(whole.build_list.map((x) => x.build.id)).size, f.builds);
      assert.equal(whole.machine_list.length, f.machines);
      assert.equal(whole.machine_list.reduce((n, m) => n + m.occurrences, 0), f.occurrences);
      const sample = (await lab.admin.get(`${A}/occurrences/${whole.sample_occurrence_id}`)).body;
      assert.equal(sample.finding.id, f.id);
      assert.equal(sample.explanation.code, f.bugcheck.code);
      assert.equal(whole.decoded.code, f.bugcheck.code);
      assert.ok(whole.fingerprint.parts.length > 0 && whole.fingerprint.text.length > 0);
      // Nothing that changes from machine to machine is part of why occurrences are grouped.
      for (const d of sample.decoded?.drivers ?? []) assert.ok(!whole.fingerprint.text.includes(d.base.slice(2)), whole.fingerprint.text);
    }
    for (const m of await lab.admin.all(`${A}/machines`)) {
      assert.equal(await total(`${A}/occurrences?machine=${m.id}`), m.occurrences, m.name);
      assert.equal(await total(`${A}/findings?machine=${m.id}`), m.findings, m.name);
      assert.equal(await total(`${A}/runs?machine=${m.id}`), m.runs, m.name);
      await lab.admin.get(`${A}/machines/${m.id}`);
    }
    for (const d of await lab.admin.all(`${A}/drivers`)) {
      const of = `project=${d.project}&driver=${encodeURIComponent(d.name)}`;
      assert.equal(await total(`${A}/builds?${of}`), d.builds, d.name);
      assert.equal(await total(`${A}/findings?${of}&state=open`), d.open_findings, d.name);
    }
    for (const p of await lab.admin.all(`${A}/projects`))
      for (const list of ['drivers', 'builds', 'machines', 'findings']) assert.equal(await total(`${A}/${list}?project=${p.slug}`), p.counts[list], `${p.slug} ${list}`);
    for (const b of await lab.admin.all(`${A}/branches`)) {
      const rows = (await lab.admin.all(`${A}/builds?project=${b.project}&branch=${encodeURIComponent(b.name)}`)).length;
      assert.equal(rows, b.builds, b.name);
    }
  });

  test('report: a crash of somebody else is shown as that, an unattributed one as unattributed', async () => {
    const of = `build=${builds[3].id}`;
    const roles = (await lab.admin.all(`${A}/occurrences?${of}&role=other`)).map((o) => o.role).sort();
    assert.deepEqual(roles, ['loaded', 'loaded', 'other']);
    assert.equal(await total(`${A}/occurrences?${of}&role=loaded`), 2);
    const none = (await lab.admin.all(`${A}/occurrences?project=report&attribution=none`))[0];
    assert.equal(none.build, null);
    assert.equal(none.role, 'none');
    // Registering the image claims it, and every number moves along.
    const before = (await lab.admin.get(`${A}/builds/${builds[3].id}`)).body.counts;
    const four = await createBuild(lab.admin, { project: 'report', seq: 4 });
    const image = netx(9);
    const hex = (n) => `0x${n.toString(16).padStart(8, '0')}`;
    const claim = () => lab.admin.post(`${A}/builds/${four.id}/images`, { images: [{ name: image.name, timestamp: hex(image.timestamp), size: image.size }] }, { status: 200 });
    assert.equal((await claim()).body.claimed, 1);
    assert.equal((await claim()).body.claimed, 0, 'safe to repeat');
    assert.equal(await total(`${A}/occurrences?project=report&attribution=none`), 0);
    const claimed = (await lab.admin.get(`${A}/occurrences/${none.id}`)).body;
    assert.deepEqual([claimed.build.id, claimed.attribution, claimed.role], [four.id, 'image', 'own']);
    assert.deepEqual((await lab.admin.get(`${A}/builds/${four.id}`)).body.counts, { new: 1, own: 1, other: 0, occurrences: 1, machines: 1, runs: 0 });
    assert.deepEqual((await lab.admin.get(`${A}/builds/${builds[3].id}`)).body.counts, before);
  });

  test('report: the same dump is the same crash, whoever sends it', async () => {
    const shape = { project: 'report', build: builds[1].id, machine: 'R-01', key: 'one dump', drivers: [netx(1)], culprit: ['netx.sys', 0x100] };
    const first = await importCrash(lab.admin, shape);
    const again = await importCrash(lab.admin, { ...shape, machine: 'R-09' });
    assert.equal(first.duplicate, false);
    assert.equal(again.duplicate, true);
    assert.equal(again.occurrence_id, first.occurrence_id);
    const elsewhere = await importCrash(lab.admin, { ...shape, project: 'default', build: null });
    assert.equal(elsewhere.duplicate, false, 'projects are apart');
  });
}
