-- Where each finding was met first on each branch, so that what is new with a build is looked up
-- instead of searched for in the history of all its findings.
-- Lock cost: the index takes SHARE on occurrence while it is built; the triggers take SHARE ROW EXCLUSIVE on finding_build while they are made and the
-- table is filled, which holds ingest up for about a second per million rows of it.

create table finding_branch (
	finding_id bigint not null references finding on delete cascade,
	branch_id integer not null references branch on delete cascade,
	driver_id integer not null references driver on delete cascade,
	first_seq bigint not null,
	first_build_id bigint not null references build on delete cascade,
	primary key (finding_id, branch_id, driver_id)
);
create index finding_branch_first_build_idx on finding_branch (first_build_id);

-- Keys are taken in order, as everywhere, so that two batches wait for each other.
create function finding_branch_add() returns trigger language plpgsql as $$
begin
	insert into finding_branch as f (finding_id, branch_id, driver_id, first_seq, first_build_id)
	select distinct on (a.finding_id, b.branch_id, b.driver_id)
		a.finding_id, b.branch_id, b.driver_id, b.seq, b.id
	from added a join build b on b.id = a.build_id
	order by a.finding_id, b.branch_id, b.driver_id, b.seq
	on conflict (finding_id, branch_id, driver_id) do update set
		first_seq = excluded.first_seq, first_build_id = excluded.first_build_id
	where excluded.first_seq < f.first_seq;
	return null;
end
$$;

-- A finding that left its first build on a branch has another first build there, or none.
create function finding_branch_remove() returns trigger language plpgsql as $$
declare
	v_gone bigint[];
begin
	with gone as (
		delete from finding_branch f using removed r
		where f.finding_id = r.finding_id and f.first_build_id = r.build_id and not exists (
			select from finding_build x where x.finding_id = r.finding_id and x.build_id = r.build_id)
		returning f.finding_id)
	select array_agg(distinct finding_id) into v_gone from gone;
	if v_gone is not null then
		insert into finding_branch (finding_id, branch_id, driver_id, first_seq, first_build_id)
		select distinct on (x.finding_id, b.branch_id, b.driver_id)
			x.finding_id, b.branch_id, b.driver_id, b.seq, b.id
		from finding_build x join build b on b.id = x.build_id
		where x.finding_id = any (v_gone)
		order by x.finding_id, b.branch_id, b.driver_id, b.seq
		on conflict do nothing;
	end if;
	return null;
end
$$;

create trigger finding_build_added after insert on finding_build referencing new table as added
	for each statement execute function finding_branch_add();
create trigger finding_build_removed after delete on finding_build referencing old table as removed
	for each statement execute function finding_branch_remove();

insert into finding_branch (finding_id, branch_id, driver_id, first_seq, first_build_id)
select distinct on (x.finding_id, b.branch_id, b.driver_id)
	x.finding_id, b.branch_id, b.driver_id, b.seq, b.id
from finding_build x join build b on b.id = x.build_id
order by x.finding_id, b.branch_id, b.driver_id, b.seq;

-- The candidates are what this build is the first of on its own branch; a parent branch up to the
-- fork may have met them before.
create or replace function build_new_findings(p_build bigint)
returns setof bigint language sql stable rows 20 as $$
	select f.finding_id from finding_branch f
	join finding_build fb on fb.finding_id = f.finding_id and fb.build_id = p_build and fb.role = 'own'
	where f.first_build_id = p_build and not exists (
		select from build_lineage(p_build) l join finding_branch before
			on before.branch_id = l.branch_id and before.first_seq <= l.max_seq
		where l.depth > 0 and before.finding_id = f.finding_id and before.driver_id = f.driver_id)
$$;

-- Every difference between finding_branch and a recount; no row = they are equal. For tests.
create function finding_branch_differences()
returns table (finding_id bigint, branch_id integer, driver_id integer, stored bigint, counted bigint)
language sql stable as $$
	with c as (
		select distinct on (x.finding_id, b.branch_id, b.driver_id)
			x.finding_id, b.branch_id, b.driver_id, b.id
		from finding_build x join build b on b.id = x.build_id
		order by x.finding_id, b.branch_id, b.driver_id, b.seq)
	select coalesce(s.finding_id, c.finding_id), coalesce(s.branch_id, c.branch_id),
		coalesce(s.driver_id, c.driver_id), s.first_build_id, c.id
	from finding_branch s full join c on (s.finding_id, s.branch_id, s.driver_id) =
		(c.finding_id, c.branch_id, c.driver_id)
	where s.first_build_id is distinct from c.id
$$;

-- What nobody has attributed is looked for by people; it should be rare.
create index occurrence_unattributed_idx on occurrence (received_at, id) where attribution = 'none';
