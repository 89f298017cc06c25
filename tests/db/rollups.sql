-- Roll-ups follow every statement on occurrence; the recount agrees, and would tell if not.
begin;
select plan(24);

insert into project (slug, name) values ('a', 'A'), ('b', 'B');
insert into driver (project_id, name) select id, 'netx.sys' from project where slug = 'a';
insert into branch (project_id, name, parent_id, fork_seq) select project_id, 'hotfix', id, 3 from branch where name = 'main' and project_id = (select id from project where slug = 'a');
insert into build (project_id, driver_id, branch_id, seq) select b.project_id, d.id, b.id, s from branch b join driver d using (project_id), generate_series(1, 5) s order by b.id desc, s desc;
insert into machine (project_id, name) select id, 'M' || s from project, generate_series(1, 3) s where slug = 'a';
insert into boot (project_id, machine_id, boot_uuid) select project_id, id, gen_random_uuid() from machine;
insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title) select id, 1, 1, decode(md5(s::text), 'hex'), 't' || s, '[]', 't' || s from project, generate_series(1, 5) s where slug = 'a';
create function one(text) returns bigint language plpgsql as $$declare v bigint; begin execute $1 into v; return v; end$$;
create function build_seq(bigint) returns text language sql as 'select br.name || ''/'' || b.seq from build b join branch br on br.id = b.branch_id where b.id = $1';

select setseed(0.25);
insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, build_id, attribution, role, source)
select timestamptz '2026-11-01 23:30Z' + (random() * 20)::int * interval '1 day' + random() * interval '1 hour', m.project_id, f.id, b.id, m.id, u.id,
	case when u.id is null then 'none' else 'image' end::attribution_kind,
	case when u.id is null then 'none' when random() < 0.5 then 'own' else 'loaded' end::evidence_role, 'dump'
from (select 1 + (random() * 2)::int as m, 1 + (random() * 2)::int as f, 1 + (random() * 11)::int as u from generate_series(1, 600)) r
join lateral (select * from machine order by id offset r.m - 1 limit 1) m on true
join boot b on b.machine_id = m.id
join lateral (select * from finding order by id offset r.f - 1 limit 1) f on true
left join lateral (select * from build order by id offset r.u - 1 limit 1) u on true;

select is(one('select count(*) from occurrence'), 600::bigint, 'the mix is there');
select is(one('select sum(occurrence_count) from finding'), 600::bigint, 'findings count it');
select is(one('select sum(occurrences) from finding_machine'), 600::bigint, 'machines count it');
select is(one('select sum(occurrences) from finding_daily'), 600::bigint, 'days count it');
select is(one('select sum(occurrences) from finding_build'), one('select count(*) from occurrence where build_id is not null'), 'builds count what has one');
select is_empty('select * from rollup_differences()', 'the recount agrees');
select is((select build_seq(first_build_id) from finding where fp_text = 't1'), 'main/1', 'the first build is the first of the lineage, not of the clock');
select is((select build_seq(last_build_id) from finding where fp_text = 't1'), 'hotfix/5', 'the last too');
select isnt_empty('select from finding_daily where day = ''2026-11-02''', 'days are those of UTC');

update occurrence set finding_id = (select id from finding where fp_text = 't4') where random() < 0.3;
select is_empty('select * from rollup_differences()', 'moved to another finding: the recount agrees');
update occurrence set build_id = (select min(id) from build), attribution = 'image', role = 'own' where build_id is null;
select is_empty('select * from rollup_differences()', 'claimed by a build: the recount agrees');
update occurrence set role = 'other' where random() < 0.5;
select is_empty('select * from rollup_differences()', 'other roles: the recount agrees');
update occurrence set occurred_at = occurred_at - interval '40 days' where random() < 0.2;
select is_empty('select * from rollup_differences()', 'other times: the recount agrees');
create temp table mark as select coalesce(max(id), 0) as id from change;
update occurrence set source = 'both';
select is(one('select count(*) from change where id > (select id from mark)'), 0::bigint, 'what no roll-up shows makes no change');
delete from occurrence where random() < 0.5;
select is_empty('select * from rollup_differences()', 'some removed: the recount agrees');
delete from occurrence where finding_id = (select id from finding where fp_text = 't2');
select is_empty('select from finding where fp_text = ''t2''', 'a finding that lost everything is gone');
select isnt_empty('select from finding where fp_text = ''t5''', 'one that waits for its first stays');
select is_empty('select * from rollup_differences()', 'the recount agrees');

savepoint bent;
update finding_build set occurrences = occurrences + 1 where (finding_id, build_id, role) = (select finding_id, build_id, role from finding_build limit 1);
update finding_daily set day = day + 1000 where (finding_id, day) = (select finding_id, day from finding_daily limit 1);
update finding set last_seen = now() where id = (select min(id) from finding);
select is((select array_agg(rollup order by rollup) from rollup_differences()), array['finding', 'finding_build', 'finding_daily', 'finding_daily'], 'the recount finds what was bent');
rollback to savepoint bent;

-- partitions
select is(occurrence_make_partitions(now()), 0, 'partitions ahead are there');
insert into occurrence (received_at, occurred_at, project_id, finding_id, boot_id, machine_id, source)
select '2031-01-01Z', '2031-01-01Z', b.project_id, (select max(id) from finding), b.id, b.machine_id, 'dump' from boot b limit 1;
select is((select tableoid::regclass::text from occurrence where received_at > '2031-01-01'::timestamptz - interval '1 s'), 'occurrence_default', 'a row before its partition waits in the default one');
set constraints all immediate;
select is(occurrence_make_partitions('2031-01-01Z', 0), 1, 'its partition is made');
select is((select tableoid::regclass::text from occurrence where received_at > '2031-01-01'::timestamptz - interval '1 s'), 'occurrence_2031w01', 'and the row has moved there');

select project_remove((select id from project where slug = 'a'));
select is((select array[(select count(*) from occurrence), (select count(*) from finding), (select count(*) from build),
	(select count(*) from finding_build), (select count(*) from machine)]), array[0, 0, 0, 0, 0]::bigint[], 'a removed project leaves nothing');

select * from finish();
rollback;
