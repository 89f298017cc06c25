-- Order of builds and what is new with them: branches that fork, merge back never, and are forked
-- again; evidence that comes late and evidence that goes away.
begin;
select plan(41);

insert into project (slug, name) values ('p', 'P'), ('q', 'Q');
create function p_id() returns integer language sql as 'select id from project where slug = ''p''';
create function branch_at(p_name text, p_parent text, p_fork bigint) returns void language sql as $$
	insert into branch (project_id, name, parent_id, fork_seq)
	values (p_id(), p_name, (select id from branch where project_id = p_id() and name = p_parent), p_fork)
$$;
select branch_at('hotfix', 'main', 1018);
select branch_at('topic', 'main', 1030);
select branch_at('customer', 'hotfix', 1023);
insert into driver (project_id, name) values (p_id(), 'netx.sys'), (p_id(), 'stor.sys');
create function make_build(p_driver text, p_branch text, p_seq bigint) returns bigint language sql as $$
	insert into build (project_id, driver_id, branch_id, seq)
	select p_id(), d.id, b.id, p_seq from driver d, branch b
	where d.project_id = p_id() and d.name = p_driver and b.project_id = p_id() and b.name = p_branch returning id
$$;
create function b(p_branch text, p_seq bigint, p_driver text default 'netx.sys') returns bigint language sql stable as $$
	select b.id from build b join branch br on br.id = b.branch_id join driver d on d.id = b.driver_id
	where b.project_id = p_id() and br.name = p_branch and b.seq = p_seq and d.name = p_driver
$$;
-- Registered out of order on purpose: neither ids nor times order builds.
select make_build('netx.sys', br, s) from (values ('customer', 1), ('hotfix', 1026), ('main', 1040), ('topic', 1), ('main', 1018),
	('hotfix', 1025), ('main', 1024), ('main', 1023), ('customer', 2), ('topic', 2), ('main', 1030), ('main', 1031), ('hotfix', 1019)) v (br, s);
select make_build('stor.sys', 'main', 1018);

-- build_contains: the table of data that decides whether a fix is in a build.
select is(build_contains(b('main', 1024), b('main', 1024)), true, 'a build contains itself');
select is(build_contains(b('main', 1024), b('main', 1023)), true, 'and what is before it on its branch');
select is(build_contains(b('main', 1023), b('main', 1024)), false, 'not what is after it');
select is(build_contains(b('hotfix', 1025), b('main', 1018)), true, 'a branch contains its fork point');
select is(build_contains(b('hotfix', 1025), b('main', 1023)), false, 'nothing behind the fork, though its number is lower');
select is(build_contains(b('hotfix', 1025), b('main', 1024)), false, 'and though it was made later');
select is(build_contains(b('topic', 1), b('main', 1024)), true, 'a branch that forked later has the fix');
select is(build_contains(b('topic', 1), b('main', 1030)), true, 'up to the fork');
select is(build_contains(b('topic', 1), b('main', 1031)), false, 'not beyond');
select is(build_contains(b('customer', 1), b('main', 1018)), true, 'a fork of a fork goes back to the root');
select is(build_contains(b('customer', 1), b('main', 1023)), false, 'clipped where its parent forked');
select is(build_contains(b('customer', 1), b('hotfix', 1019)), true, 'it has its parent up to the fork');
select is(build_contains(b('customer', 2), b('hotfix', 1025)), false, 'and not what came to the parent later');
select is(build_contains(b('main', 1040), b('hotfix', 1019)), false, 'main has nothing of its children');
select is(build_contains(b('main', 1040), b('topic', 1)), false, 'of none');
select is(build_contains(b('main', 1024), -1), false, 'a build that is not there is in none');
select is((select count(*) from build_lineage(-1)), 0::bigint, 'and has no lineage');
select results_eq($$ select br.name, l.max_seq, l.depth from build_lineage(b('customer', 2)) l join branch br on br.id = l.branch_id order by depth $$,
	$$ values ('customer', 2::bigint, 0), ('hotfix', 1023, 1), ('main', 1018, 2) $$, 'the path with its clips');

select is(build_parent(b('main', 1024)), b('main', 1023), 'the parent is the one before on the branch');
select is(build_parent(b('hotfix', 1019)), b('main', 1018), 'or the fork point');
select is(build_parent(b('topic', 1)), b('main', 1030), 'of the parent branch');
select is(build_parent(b('customer', 1)), b('hotfix', 1019), 'however deep');
select is(build_parent(b('main', 1018)), null, 'the first has none');
select is(build_parent(b('main', 1018, 'stor.sys')), null, 'another driver is no parent');

-- A new branch never changes how the builds that are there relate.
create temporary table relation on commit drop as
	select x.id as later, y.id as earlier, build_contains(x.id, y.id) as has from build x, build y where x.project_id = p_id() and y.project_id = p_id();
select branch_at('another', 'main', 1024);
select make_build('netx.sys', 'another', 1);
select is((select count(*) from relation where has is distinct from build_contains(later, earlier)), 0::bigint, 'a new branch changes no relation');
select is((select count(*) from relation r join relation s on r.later = s.earlier and r.earlier = s.later
	where r.has and s.has and r.later <> r.earlier), 2::bigint * (select count(*) from build x join build y on x.branch_id = y.branch_id and x.seq = y.seq and x.id < y.id and x.project_id = p_id()),
	'two builds contain each other only as two drivers of one position');
select is((select count(*) from relation r join relation s on s.earlier = r.later join relation t on t.later = s.later and t.earlier = r.earlier
	where r.has and s.has and not t.has), 0::bigint, 'contains is transitive');

-- What is new.
insert into machine (project_id, name) values (p_id(), 'M');
insert into boot (project_id, machine_id, boot_uuid) select project_id, id, gen_random_uuid() from machine where project_id = p_id();
insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title)
select p_id(), 1, 1, decode(lpad(to_hex(i), 32, '0'), 'hex'), 'f' || i, '[]', 'F' || i from generate_series(1, 6) i;
create function f(i integer) returns bigint language sql stable as $$
	select id from finding where project_id = p_id() and title = 'F' || i
$$;
create function meet(p_finding bigint, p_build bigint, p_role evidence_role default 'own') returns void language sql as $$
	insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, build_id, attribution, role, source)
	select now(), p_id(), p_finding, bo.id, bo.machine_id, p_build, 'explicit', p_role, 'dump' from boot bo where bo.project_id = p_id()
$$;
create function news(p_branch text, p_seq bigint, p_driver text default 'netx.sys') returns text language sql stable as $$
	select coalesce(string_agg(f.title, ',' order by f.title), '') from build_new_findings(b(p_branch, p_seq, p_driver)) n (id) join finding f on f.id = n.id
$$;
select meet(f(1), b('main', 1024));
select is(news('main', 1024), 'F1', 'met nowhere before: new');
select meet(f(1), b('main', 1031));
select is(news('main', 1031), '', 'met before on the branch: not new');
select meet(f(1), b('topic', 1));
select is(news('topic', 1), '', 'met before the fork: not new');
select meet(f(1), b('hotfix', 1025));
select is(news('hotfix', 1025), 'F1', 'met on main behind the fork: new for the branch');
select meet(f(1), b('customer', 1));
select is(news('customer', 1), 'F1', 'met on the parent behind the fork: new');
select meet(f(1), b('main', 1018));
select is(concat_ws('/', news('main', 1018), news('main', 1024), news('hotfix', 1025), news('customer', 1)), 'F1///',
	'late evidence for the root takes it from all that contain it');
select meet(f(2), b('main', 1030), 'loaded');
select is(news('main', 1030), '', 'what is not the own driver''s is never new');
select meet(f(2), b('main', 1031));
select is(news('main', 1031), '', 'a build that met it with any role met it');
select meet(f(3), b('main', 1018, 'stor.sys'));
select meet(f(3), b('main', 1024));
select is(concat_ws('/', news('main', 1018, 'stor.sys'), news('main', 1024)), 'F3/F3', 'another driver''s builds are another lineage');
select is_empty('select * from finding_branch_differences()', 'the roll-up equals a recount');

delete from occurrence where finding_id = f(1) and build_id = b('main', 1018);
select is(concat_ws('/', news('main', 1018), news('main', 1024), news('hotfix', 1025)), '/F1,F3/F1', 'what goes away gives back');
update occurrence set build_id = b('main', 1023) where finding_id = f(1) and build_id = b('main', 1024);
select is(concat_ws('/', news('main', 1023), news('main', 1024)), 'F1/F3', 'what moves to another build moves');
delete from occurrence where finding_id in (f(1), f(3));
select is_empty('select * from finding_branch_differences()', 'the roll-up still equals a recount');
select is_empty(format('select * from finding_branch where first_build_id in (%s, %s)', b('main', 1024), b('hotfix', 1025)), 'and nothing is left of what is gone');

select * from finish();
rollback;
