-- Made-up evidence in bulk, for benchmarks and query plans: psql -v n=100000 -f seed.sql
-- One driver, builds on two branches, `findings` findings that builds meet again, n occurrences.
-- Deterministic: the same n gives the same rows.
\set ON_ERROR_STOP on
\if :{?builds} \else \set builds 200 \endif
\if :{?findings} \else \set findings 600 \endif
\if :{?machines} \else \set machines 100 \endif
begin;
insert into project (slug, name, simulated) values ('bulk', 'Bulk', true);
insert into branch (project_id, name, parent_id, fork_seq)
select p.id, 'release', b.id, :builds / 2 from project p join branch b on b.project_id = p.id and b.name = 'main' where p.slug = 'bulk';
insert into driver (project_id, name) select id, 'netx.sys' from project where slug = 'bulk';
insert into build (project_id, driver_id, branch_id, seq, label, commit_id, origin)
select p.id, d.id, b.id, s, '10.4.' || s, md5(s::text), 'seed'
from project p join driver d on d.project_id = p.id join branch b on b.project_id = p.id
cross join generate_series(1, :builds) s
where p.slug = 'bulk' and (b.name = 'main' or s > :builds * 3 / 4) order by b.id, s;
insert into env_snapshot (sha256, os_name, os_build, arch, body)
values (sha256('bulk'), 'Windows 11 24H2', 26100, 'x64', '{"cpus": 8}') on conflict do nothing;
insert into machine (project_id, name, kind, env_id)
select p.id, 'BULK-' || lpad(s::text, 5, '0'), 'lab', e.id
from project p, env_snapshot e, generate_series(1, :machines) s where p.slug = 'bulk' and e.sha256 = sha256('bulk');
insert into boot (project_id, machine_id, boot_uuid, kind, ordinal, started_at, env_id)
select m.project_id, m.id, gen_random_uuid(), 'observed', 1, now() - interval '3 days', m.env_id
from machine m join project p on p.id = m.project_id where p.slug = 'bulk';
insert into run (project_id, external_id, build_id, machine_id, started_at)
select b.project_id, 'run ' || b.id || ' ' || m.id, b.id, m.id, now() - interval '2 days'
from build b join project p on p.id = b.project_id join machine m on m.project_id = p.id
where p.slug = 'bulk' and (m.id + b.id) % 10 = 0;
insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title, driver_name, culprit_module, culprit_offset, bugcheck_code)
select p.id, (array[1, 1, 2, 3, 4, 7])[1 + s % 6], 1, substr(sha256(('bulk' || s)::bytea), 1, 16),
	'bugcheck/v1|0xd1|-|netx.sys|+0x' || to_hex(s), '[{"name": "code", "value": "0xd1"}]',
	'0xD1 in netx.sys+0x' || to_hex(s), case when s % 3 = 0 then 'ndis.sys' else 'netx.sys' end,
	case when s % 3 = 0 then 'ndis.sys' else 'netx.sys' end, s, 209
from project p, generate_series(1, :findings) s where p.slug = 'bulk';
-- Half the occurrences belong to the newest build of main, as on the day after a bad build.
create temporary table f on commit drop as select row_number() over (order by f.id) - 1 as i, f.id, f.culprit_module from finding f join project p on p.id = f.project_id where p.slug = 'bulk';
create temporary table b on commit drop as select row_number() over (order by b.branch_id, b.seq) - 1 as i, b.id from build b join project p on p.id = b.project_id where p.slug = 'bulk';
create temporary table m on commit drop as select row_number() over (order by m.id) - 1 as i, m.id, bo.id as boot from machine m join boot bo on bo.machine_id = m.id join project p on p.id = m.project_id where p.slug = 'bulk';
insert into occurrence (received_at, occurred_at, project_id, finding_id, boot_id, machine_id, build_id, bugcheck_code, raw_code, p1, p2, p3, p4, uptime_us, attribution, role, source)
select now() - s * interval '100 milliseconds', now() - s * interval '100 milliseconds' - interval '1 minute', p.id, f.id, m.boot, m.id, b.id, 209, 209, s, 2, 0, 4096, 1000000::bigint * s, 'run',
	case when f.culprit_module = 'netx.sys' then 'own' else 'loaded' end::evidence_role, 'dump'
from generate_series(1, :n) s
join project p on p.slug = 'bulk'
join f on f.i = (hashint4(s)::bigint & 2147483647) % :findings
join m on m.i = (hashint4(s + 1)::bigint & 2147483647) % :machines
join b on b.i = case when s % 2 = 0 then :builds - 1 else (hashint4(s + 2)::bigint & 2147483647) % (select count(*) from b) end;
commit;
vacuum analyze;
