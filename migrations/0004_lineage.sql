-- The order of builds, and what is new with one of them.
-- Lock cost: the indexes take SHARE on finding while they are built; everything else is new.
--
-- A build is placed by its branch and its sequence there, a branch by its parent and the last
-- build of the parent that it contains. Nothing else orders builds: no dates, no version strings.

-- What a build contains: its own branch up to itself, its branch's parent up to the fork, and so
-- on to the root. A parent is older than its child (branch_parent_older_check), so this ends.
create function build_lineage(p_build bigint)
returns table (branch_id integer, max_seq bigint, depth integer)
language sql stable rows 4 as $$
	with recursive path (branch_id, max_seq, depth, parent_id, fork_seq) as (
		select br.id, b.seq, 0, br.parent_id, br.fork_seq
		from build b join branch br on br.id = b.branch_id where b.id = p_build
		union all
		select br.id, p.fork_seq, p.depth + 1, br.parent_id, br.fork_seq
		from path p join branch br on br.id = p.parent_id
	)
	select branch_id, max_seq, depth from path
$$;

-- Is p_earlier the build p_later itself, or one that its sources go back to? Builds of different
-- drivers can be compared too: branches belong to the project.
create function build_contains(p_later bigint, p_earlier bigint)
returns boolean language sql stable as $$
	select exists (select from build b join build_lineage(p_later) l on l.branch_id = b.branch_id
		where b.id = p_earlier and b.seq <= l.max_seq)
$$;

-- The build of the same driver right before this one on its lineage; null for the first.
create function build_parent(p_build bigint)
returns bigint language sql stable as $$
	select b.id from build this join build_lineage(p_build) l on true
	join build b on b.branch_id = l.branch_id and b.seq <= l.max_seq
		and b.driver_id = this.driver_id and b.id <> this.id
	where this.id = p_build order by l.depth, b.seq desc limit 1
$$;

-- Findings of the build's own driver that no earlier build of that driver on its lineage met.
create function build_new_findings(p_build bigint)
returns setof bigint language sql stable rows 20 as $$
	with this as (select id, driver_id from build where id = p_build),
	lineage as materialized (select branch_id, max_seq from build_lineage(p_build))
	select fb.finding_id from finding_build fb
	where fb.build_id = p_build and fb.role = 'own' and not exists (
		select from finding_build earlier
		join build b on b.id = earlier.build_id
		join lineage l on l.branch_id = b.branch_id and b.seq <= l.max_seq
		where earlier.finding_id = fb.finding_id and b.id <> p_build
			and b.driver_id = (select driver_id from this))
$$;

create index finding_last_seen_all_idx on finding (last_seen desc, id desc);
create index finding_driver_idx on finding (lower(driver_name));
create index build_driver_idx on build (driver_id, id);
