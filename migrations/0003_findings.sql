-- Evidence as stored truth: findings, their occurrences by week, the roll-ups that pages read, raw
-- dumps, records that were not understood, incidents, and the feed of what changed.
-- Lock cost: the tables are new; their foreign keys take SHARE ROW EXCLUSIVE on the tables of
-- 0002 for the moment they are made.

create type attribution_kind as enum ('none', 'image', 'run', 'explicit');
create type evidence_role as enum ('none', 'other', 'loaded', 'own');
create type evidence_source as enum ('eventlog', 'dump', 'both');

-- One group of equal crashes. Kinds are the frozen numbers of finding_kinds.def.
create table finding (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	kind smallint not null,
	fp_version smallint not null,
	fingerprint bytea not null,
	fp_text text not null,
	fp_parts jsonb not null,
	weak boolean not null default false,
	title text not null,
	driver_name text,
	culprit_module text,
	culprit_offset bigint,
	bugcheck_code bigint,
	sub_code bigint,
	dma_class smallint,
	rule text,
	severity smallint not null default 3, -- 3 = it stopped the machine
	triage text not null default 'untriaged',
	first_build_id bigint,
	last_build_id bigint,
	first_seen timestamptz,
	last_seen timestamptz,
	occurrence_count bigint not null default 0,
	created_at timestamptz not null default now(),
	constraint finding_project_key unique (project_id, id),
	constraint finding_fingerprint_key unique (project_id, kind, fp_version, fingerprint),
	constraint finding_kind_check check (kind between 1 and 12),
	constraint finding_version_check check (fp_version >= 1),
	constraint finding_fingerprint_check check (length(fingerprint) = 16),
	constraint finding_parts_check check (jsonb_typeof(fp_parts) = 'array'),
	constraint finding_title_check check (length(title) between 1 and 512),
	constraint finding_severity_check check (severity between 1 and 3),
	constraint finding_triage_check check (triage in
		('untriaged', 'confirmed', 'fix_proposed', 'fix_in_build', 'false_positive', 'wont_fix')),
	constraint finding_count_check check (occurrence_count >= 0),
	constraint finding_first_build_fkey foreign key (project_id, first_build_id) references build (project_id, id),
	constraint finding_last_build_fkey foreign key (project_id, last_build_id) references build (project_id, id)
);
create index finding_last_seen_idx on finding (project_id, last_seen desc, id desc);

-- One observation. Parameters and code are the 64 bits of Windows as a signed bigint.
create sequence occurrence_id_seq as bigint;
create table occurrence (
	id bigint not null default nextval('occurrence_id_seq'),
	received_at timestamptz not null default now(),
	occurred_at timestamptz not null,
	project_id integer not null,
	finding_id bigint not null,
	boot_id bigint not null,
	machine_id bigint not null,
	build_id bigint,
	run_id bigint,
	bugcheck_code bigint,
	raw_code bigint,
	p1 bigint,
	p2 bigint,
	p3 bigint,
	p4 bigint,
	uptime_us bigint,
	attribution attribution_kind not null default 'none',
	role evidence_role not null default 'none',
	source evidence_source not null,
	dump_sha256 bytea,
	constraint occurrence_pkey primary key (received_at, id),
	constraint occurrence_finding_fkey foreign key (project_id, finding_id) references finding (project_id, id),
	constraint occurrence_boot_fkey foreign key (project_id, boot_id) references boot (project_id, id),
	constraint occurrence_machine_fkey foreign key (project_id, machine_id) references machine (project_id, id),
	constraint occurrence_build_fkey foreign key (project_id, build_id) references build (project_id, id),
	constraint occurrence_run_fkey foreign key (project_id, run_id) references run (project_id, id),
	constraint occurrence_attribution_check check ((build_id is null) = (attribution = 'none')),
	constraint occurrence_role_check check ((build_id is null) = (role = 'none')),
	constraint occurrence_uptime_check check (uptime_us >= 0),
	constraint occurrence_dump_check check (length(dump_sha256) = 32)
) partition by range (received_at);
alter sequence occurrence_id_seq owned by occurrence.id;
create index occurrence_finding_idx on occurrence (finding_id, received_at);
create index occurrence_build_idx on occurrence (build_id, received_at) where build_id is not null;
create index occurrence_machine_idx on occurrence (machine_id, received_at);
create index occurrence_run_idx on occurrence (run_id, received_at) where run_id is not null;
create index occurrence_id_idx on occurrence (id);
-- What a newly registered image may claim.
create index occurrence_claim_idx on occurrence (project_id, id)
	where attribution in ('none', 'image') and role <> 'own';
create table occurrence_default partition of occurrence default;

-- Makes the partitions of the week of p_from and the p_weeks after it; returns how many are new.
-- Rows that waited in the default partition move over. Lock cost: attaching takes SHARE UPDATE
-- EXCLUSIVE on occurrence (reads and inserts go on), ACCESS EXCLUSIVE on the default partition,
-- which is empty unless this function was late, and SHARE ROW EXCLUSIVE on what the foreign keys
-- name. It gives up after 5 s rather than queue in front of everybody; call it again later.
create function occurrence_make_partitions(p_from timestamptz default now(), p_weeks integer default 4)
returns integer language plpgsql set lock_timeout = '5s' as $$
declare
	v_week timestamp := date_trunc('week', p_from at time zone 'UTC');
	v_from timestamptz;
	v_to timestamptz;
	v_name text;
	v_made integer := 0;
begin
	if p_weeks not between 0 and 520 then
		raise exception 'p_weeks must be 0 to 520' using errcode = 'invalid_parameter_value';
	end if;
	perform pg_advisory_xact_lock(hashtextextended('occurrence_make_partitions', 0));
	for i in 0 .. p_weeks loop
		v_from := (v_week + i * interval '7 days') at time zone 'UTC';
		v_to := (v_week + (i + 1) * interval '7 days') at time zone 'UTC';
		v_name := to_char(v_week + i * interval '7 days', '"occurrence_"IYYY"w"IW');
		continue when to_regclass(v_name) is not null;
		execute format('create table %I (like occurrence including defaults including constraints'
			' including indexes)', v_name);
		execute format('with moved as (delete from occurrence_default where received_at >= %L and'
			' received_at < %L returning *) insert into %I select * from moved',
			v_from, v_to, v_name);
		execute format('alter table occurrence attach partition %I for values from (%L) to (%L)',
			v_name, v_from, v_to);
		v_made := v_made + 1;
	end loop;
	return v_made;
end
$$;
select occurrence_make_partitions();

-- The whole decoded crash, kept apart so that lists never read it.
create table occurrence_detail (
	occurrence_id bigint primary key,
	decoded jsonb,
	report jsonb,
	constraint occurrence_detail_some_check check (num_nonnulls(decoded, report) > 0)
);

-- The same dump in a project is the same crash, whoever sends it.
create table crash_key (
	project_id integer not null references project,
	dump_sha256 bytea not null,
	occurrence_id bigint not null,
	received_at timestamptz not null,
	primary key (project_id, dump_sha256),
	constraint crash_key_sha256_check check (length(dump_sha256) = 32)
);

-- Event log and dump of one crash meet here: a boot ends in a bug check once.
create table boot_crash (
	boot_id bigint not null references boot,
	bugcheck_code bigint not null,
	p1 bigint not null,
	p2 bigint not null,
	p3 bigint not null,
	p4 bigint not null,
	occurrence_id bigint not null,
	received_at timestamptz not null,
	primary key (boot_id, bugcheck_code, p1, p2, p3, p4)
);

-- Raw dumps by content, kept in files beside the database; this says which ones and how far.
create table dump (
	id bigint generated always as identity primary key,
	sha256 bytea not null unique,
	size bigint not null,
	received bigint not null default 0,
	file_name text,
	decoder integer, -- version that made the stored reading
	created_at timestamptz not null default now(),
	uploaded_at timestamptz,
	deleted_at timestamptz,
	constraint dump_sha256_check check (length(sha256) = 32),
	constraint dump_size_check check (size > 0),
	constraint dump_decoder_check check (decoder >= 1),
	constraint dump_received_check check (received between 0 and size),
	constraint dump_uploaded_check check (uploaded_at is null or received = size),
	constraint dump_file_name_check check (length(file_name) <= 260)
);

-- What was received but not understood: counted, visible, and in nobody's way.
create table rejected_record (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	agent_id bigint not null references agent,
	stream_id bytea not null,
	seq bigint not null,
	kind text,
	reason text not null,
	field text,
	raw text not null,
	raw_size bigint not null,
	received_at timestamptz not null default now(),
	constraint rejected_record_key unique (agent_id, stream_id, seq)
);

-- Trouble of agents, machines or the lab. Never blamed on a build.
create table incident (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	machine_id bigint references machine,
	agent_id bigint references agent,
	class text not null,
	occurred_at timestamptz not null,
	received_at timestamptz not null default now(),
	detail jsonb not null default '{}',
	constraint incident_class_check check (class ~ '^[a-z][a-z0-9_]{0,63}$')
);
create index incident_machine_idx on incident (machine_id, id desc);
create index incident_project_idx on incident (project_id, id desc);

-- Roll-ups. Only rollup_apply() writes them.
create table finding_build (
	finding_id bigint not null references finding,
	build_id bigint not null references build,
	role evidence_role not null,
	occurrences bigint not null,
	first_seen timestamptz not null,
	last_seen timestamptz not null,
	primary key (finding_id, build_id, role),
	constraint finding_build_occurrences_check check (occurrences >= 0)
) with (fillfactor = 70);
create index finding_build_build_idx on finding_build (build_id, role);

create table finding_machine (
	finding_id bigint not null references finding,
	machine_id bigint not null references machine,
	build_id bigint references build,
	role evidence_role not null,
	occurrences bigint not null,
	first_seen timestamptz not null,
	last_seen timestamptz not null,
	constraint finding_machine_key unique nulls not distinct (finding_id, machine_id, build_id, role),
	constraint finding_machine_occurrences_check check (occurrences >= 0)
) with (fillfactor = 70);
create index finding_machine_build_idx on finding_machine (build_id, machine_id);
create index finding_machine_machine_idx on finding_machine (machine_id);

create table finding_daily (
	finding_id bigint not null references finding,
	day date not null, -- of occurred_at, in UTC
	occurrences bigint not null,
	primary key (finding_id, day),
	constraint finding_daily_occurrences_check check (occurrences >= 0)
) with (fillfactor = 70);

-- What changed, for pages that stay open. Read it with change_since(): ids are given out before
-- their transactions commit, so reading by id alone would skip rows.
create table change (
	id bigint generated always as identity primary key,
	txid bigint not null default (pg_current_xact_id()::text::bigint),
	at timestamptz not null default now(),
	topic text not null,
	entity_id bigint not null,
	constraint change_topic_check check (topic in ('project', 'build', 'finding', 'machine', 'run', 'dump', 'rejected', 'incident'))
);
create index change_order_idx on change (txid, id);
create index change_at_idx on change using brin (at);

-- Rows after the position (p_txid, p_id), oldest first, of transactions that no older one can
-- still precede. The position of the last row returned is the next one to ask from.
create function change_since(p_txid bigint, p_id bigint, p_limit integer)
returns setof change language sql stable as $$
	select * from change
	where (txid, id) > (p_txid, p_id)
		and txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
	order by txid, id limit p_limit
$$;

create function change_note() returns trigger language plpgsql as $$
begin
	insert into change (topic, entity_id) select distinct tg_argv[0], id from added order by 2;
	return null;
end
$$;
create trigger build_note after insert on build referencing new table as added
	for each statement execute function change_note('build');
create trigger machine_note after insert on machine referencing new table as added
	for each statement execute function change_note('machine');
create trigger run_note after insert on run referencing new table as added
	for each statement execute function change_note('run');
create trigger run_end_note after update on run referencing new table as added
	for each statement execute function change_note('run');
create trigger rejected_note after insert on rejected_record referencing new table as added
	for each statement execute function change_note('rejected');
create trigger incident_note after insert on incident referencing new table as added
	for each statement execute function change_note('incident');
create trigger dump_note after update on dump referencing new table as added
	for each statement execute function change_note('dump');

-- How a set of occurrences moves the roll-ups: n rows more (or fewer, negative) under one key.
create type occurrence_delta as (
	finding_id bigint,
	build_id bigint,
	role evidence_role,
	machine_id bigint,
	day date,
	n bigint,
	seen_from timestamptz,
	seen_to timestamptz
);

-- The one place that writes roll-ups. Keys are taken in order, so that two batches wait for each
-- other instead of locking crosswise. When occurrences leave a key, its first and last time are
-- counted again only if one of them left with it: rows of dropped partitions stay accounted for.
create function rollup_apply(p_delta occurrence_delta[]) returns void language plpgsql as $$
declare
	v_rebuild bigint[];
	v_gone bigint[];
	v_lost boolean := exists (select from unnest(p_delta) where n < 0);
begin
	with moved as (
		insert into finding_build as f (finding_id, build_id, role, occurrences, first_seen, last_seen)
		select finding_id, build_id, role, sum(n), min(seen_from), max(seen_to)
		from unnest(p_delta) where n > 0 and build_id is not null group by 1, 2, 3 order by 1, 2, 3
		on conflict (finding_id, build_id, role) do update set
			occurrences = f.occurrences + excluded.occurrences,
			first_seen = least(f.first_seen, excluded.first_seen),
			last_seen = greatest(f.last_seen, excluded.last_seen)
		returning finding_id, xmax = 0 as fresh)
	select array_agg(distinct finding_id) filter (where fresh) into v_rebuild from moved;

	insert into finding_machine as f (finding_id, machine_id, build_id, role, occurrences, first_seen, last_seen)
	select finding_id, machine_id, build_id, role, sum(n), min(seen_from), max(seen_to)
	from unnest(p_delta) where n > 0 group by 1, 2, 3, 4 order by 1, 2, 3, 4
	on conflict (finding_id, machine_id, build_id, role) do update set
		occurrences = f.occurrences + excluded.occurrences,
		first_seen = least(f.first_seen, excluded.first_seen),
		last_seen = greatest(f.last_seen, excluded.last_seen);

	insert into finding_daily as f (finding_id, day, occurrences)
	select finding_id, day, sum(n) from unnest(p_delta) where n > 0 group by 1, 2 order by 1, 2
	on conflict (finding_id, day) do update set occurrences = f.occurrences + excluded.occurrences;

	if v_lost then
		v_gone := rollup_take(p_delta);
		v_rebuild := v_rebuild || v_gone;
	end if;

	update finding f set
		occurrence_count = f.occurrence_count + d.n,
		first_seen = case when f.id = any (v_gone)
			then (select min(m.first_seen) from finding_machine m where m.finding_id = f.id)
			else least(f.first_seen, d.seen_from) end,
		last_seen = case when f.id = any (v_gone)
			then (select max(m.last_seen) from finding_machine m where m.finding_id = f.id)
			else greatest(f.last_seen, d.seen_to) end
	from (select finding_id, sum(n) as n, min(seen_from) filter (where n > 0) as seen_from,
			max(seen_to) filter (where n > 0) as seen_to
		from unnest(p_delta) group by 1 order by 1) d
	where f.id = d.finding_id;

	-- The order of builds is that of their lineage, never of clocks.
	if v_rebuild is not null then
		update finding f set first_build_id = b.first_id, last_build_id = b.last_id
		from (select r.id,
				(select b.id from finding_build fb join build b on b.id = fb.build_id
				where fb.finding_id = r.id order by b.branch_id, b.seq, b.id limit 1) as first_id,
				(select b.id from finding_build fb join build b on b.id = fb.build_id
				where fb.finding_id = r.id order by b.branch_id desc, b.seq desc, b.id desc limit 1) as last_id
			from unnest(v_rebuild) as r (id)) b
		where f.id = b.id and (f.first_build_id, f.last_build_id) is distinct from (b.first_id, b.last_id);
	end if;
	if v_lost then
		delete from finding where id = any (v_gone) and occurrence_count = 0;
	end if;

	insert into change (topic, entity_id)
	select topic, entity_id from (
		select 'finding' as topic, finding_id as entity_id from unnest(p_delta)
		union select 'build', build_id from unnest(p_delta) where build_id is not null
		union select 'machine', machine_id from unnest(p_delta)) t
	order by 1, 2;
end
$$;

-- The taking half of rollup_apply(): returns the findings that lost something.
create function rollup_take(p_delta occurrence_delta[]) returns bigint[] language plpgsql as $$
begin
	update finding_build f set
		occurrences = f.occurrences + d.n,
		first_seen = case when d.seen_from > f.first_seen then f.first_seen else coalesce((
			select min(o.occurred_at) from occurrence o where o.finding_id = f.finding_id
			and o.build_id = f.build_id and o.role = f.role), f.first_seen) end,
		last_seen = case when d.seen_to < f.last_seen then f.last_seen else coalesce((
			select max(o.occurred_at) from occurrence o where o.finding_id = f.finding_id
			and o.build_id = f.build_id and o.role = f.role), f.last_seen) end
	from (select finding_id, build_id, role, sum(n) as n, min(seen_from) as seen_from, max(seen_to) as seen_to
		from unnest(p_delta) where n < 0 and build_id is not null group by 1, 2, 3) d
	where (f.finding_id, f.build_id, f.role) = (d.finding_id, d.build_id, d.role);

	update finding_machine f set
		occurrences = f.occurrences + d.n,
		first_seen = case when d.seen_from > f.first_seen then f.first_seen else coalesce((
			select min(o.occurred_at) from occurrence o where o.finding_id = f.finding_id
			and o.machine_id = f.machine_id and o.build_id is not distinct from f.build_id
			and o.role = f.role), f.first_seen) end,
		last_seen = case when d.seen_to < f.last_seen then f.last_seen else coalesce((
			select max(o.occurred_at) from occurrence o where o.finding_id = f.finding_id
			and o.machine_id = f.machine_id and o.build_id is not distinct from f.build_id
			and o.role = f.role), f.last_seen) end
	from (select finding_id, machine_id, build_id, role, sum(n) as n, min(seen_from) as seen_from, max(seen_to) as seen_to
		from unnest(p_delta) where n < 0 group by 1, 2, 3, 4) d
	where f.finding_id = d.finding_id and f.machine_id = d.machine_id
		and f.build_id is not distinct from d.build_id and f.role = d.role;

	update finding_daily f set occurrences = f.occurrences + d.n
	from (select finding_id, day, sum(n) as n from unnest(p_delta) where n < 0 group by 1, 2) d
	where (f.finding_id, f.day) = (d.finding_id, d.day);

	delete from finding_build f using unnest(p_delta) d
	where d.n < 0 and f.finding_id = d.finding_id and f.occurrences = 0;
	delete from finding_machine f using unnest(p_delta) d
	where d.n < 0 and f.finding_id = d.finding_id and f.occurrences = 0;
	delete from finding_daily f using unnest(p_delta) d
	where d.n < 0 and f.finding_id = d.finding_id and f.occurrences = 0;
	return (select array_agg(distinct finding_id) from unnest(p_delta) where n < 0);
end
$$;

-- Whoever adds, moves or removes occurrences, and however (INSERT, COPY, UPDATE, DELETE), the
-- roll-ups follow in the same statement. Dropping a partition is no statement on rows: what
-- retention removes stays counted.
create function occurrence_rollup() returns trigger language plpgsql as $$
declare
	v_delta occurrence_delta[];
begin
	if tg_op = 'INSERT' then
		select array_agg((finding_id, build_id, role, machine_id, day, n, seen_from, seen_to)::occurrence_delta) into v_delta
		from (select finding_id, build_id, role, machine_id, (occurred_at at time zone 'UTC')::date as day,
				count(*) as n, min(occurred_at) as seen_from, max(occurred_at) as seen_to
			from added group by 1, 2, 3, 4, 5) g;
	elsif tg_op = 'DELETE' then
		select array_agg((finding_id, build_id, role, machine_id, day, n, seen_from, seen_to)::occurrence_delta) into v_delta
		from (select finding_id, build_id, role, machine_id, (occurred_at at time zone 'UTC')::date as day,
				-count(*) as n, min(occurred_at) as seen_from, max(occurred_at) as seen_to
			from removed group by 1, 2, 3, 4, 5) g;
	else
		select array_agg((finding_id, build_id, role, machine_id, day, n, seen_from, seen_to)::occurrence_delta) into v_delta
		from (select finding_id, build_id, role, machine_id, (occurred_at at time zone 'UTC')::date as day,
				sign * count(*) as n, min(occurred_at) as seen_from, max(occurred_at) as seen_to
			from (select 1 as sign, a.* from (
					select finding_id, build_id, role, machine_id, occurred_at from added
					except all select finding_id, build_id, role, machine_id, occurred_at from removed) a
				union all select -1, r.* from (
					select finding_id, build_id, role, machine_id, occurred_at from removed
					except all select finding_id, build_id, role, machine_id, occurred_at from added) r) s
			group by sign, 1, 2, 3, 4, 5) g;
	end if;
	if v_delta is not null then
		perform rollup_apply(v_delta);
	end if;
	return null;
end
$$;
create trigger occurrence_added after insert on occurrence referencing new table as added
	for each statement execute function occurrence_rollup();
create trigger occurrence_moved after update on occurrence referencing old table as removed new table as added
	for each statement execute function occurrence_rollup();
create trigger occurrence_removed after delete on occurrence referencing old table as removed
	for each statement execute function occurrence_rollup();

-- Every difference between the roll-ups and a recount of occurrence; no row = they are equal.
-- `stored` or `counted` is null when one side has no such row. Reads everything: for tests and
-- for an administrator in doubt, not for pages.
create function rollup_differences()
returns table (rollup text, key text, stored text, counted text) language sql stable as $$
	with fb as (
		select finding_id, build_id, role, count(*) as occurrences, min(occurred_at) as first_seen, max(occurred_at) as last_seen
		from occurrence where build_id is not null group by 1, 2, 3),
	fm as (
		select finding_id, machine_id, build_id, role, count(*) as occurrences, min(occurred_at) as first_seen, max(occurred_at) as last_seen
		from occurrence group by 1, 2, 3, 4),
	fd as (
		select finding_id, (occurred_at at time zone 'UTC')::date as day, count(*) as occurrences
		from occurrence group by 1, 2),
	fi as (
		select o.finding_id, count(*) as occurrences, min(o.occurred_at) as first_seen, max(o.occurred_at) as last_seen,
			(array_agg(b.id order by b.branch_id, b.seq, b.id) filter (where b.id is not null))[1] as first_build_id,
			(array_agg(b.id order by b.branch_id desc, b.seq desc, b.id desc) filter (where b.id is not null))[1] as last_build_id
		from occurrence o left join build b on b.id = o.build_id group by 1)
	select 'finding_build', concat_ws('/', coalesce(s.finding_id, c.finding_id), coalesce(s.build_id, c.build_id), coalesce(s.role, c.role)),
		(s.occurrences, s.first_seen, s.last_seen)::text, (c.occurrences, c.first_seen, c.last_seen)::text
	from finding_build s full join fb c on (s.finding_id, s.build_id, s.role) = (c.finding_id, c.build_id, c.role)
	where (s.occurrences, s.first_seen, s.last_seen) is distinct from (c.occurrences, c.first_seen, c.last_seen)
	union all
	select 'finding_machine', concat_ws('/', coalesce(s.finding_id, c.finding_id), coalesce(s.machine_id, c.machine_id),
			coalesce(s.build_id, c.build_id, 0), coalesce(s.role, c.role)),
		(s.occurrences, s.first_seen, s.last_seen)::text, (c.occurrences, c.first_seen, c.last_seen)::text
	from finding_machine s full join fm c on s.finding_id = c.finding_id and s.machine_id = c.machine_id
		and coalesce(s.build_id, 0) = coalesce(c.build_id, 0) and s.role = c.role
	where (s.occurrences, s.first_seen, s.last_seen) is distinct from (c.occurrences, c.first_seen, c.last_seen)
	union all
	select 'finding_daily', concat_ws('/', coalesce(s.finding_id, c.finding_id), coalesce(s.day, c.day)),
		s.occurrences::text, c.occurrences::text
	from finding_daily s full join fd c on (s.finding_id, s.day) = (c.finding_id, c.day)
	where s.occurrences is distinct from c.occurrences
	union all
	select 'finding', coalesce(s.id, c.finding_id)::text,
		(s.occurrence_count, s.first_seen, s.last_seen, s.first_build_id, s.last_build_id)::text,
		(c.occurrences, c.first_seen, c.last_seen, c.first_build_id, c.last_build_id)::text
	from finding s full join fi c on s.id = c.finding_id
	where (s.occurrence_count, s.first_seen, s.last_seen, s.first_build_id, s.last_build_id)
		is distinct from (coalesce(c.occurrences, 0), c.first_seen, c.last_seen, c.first_build_id, c.last_build_id)
$$;

-- Removes a project and everything below it; returns the raw dumps that nobody names any more,
-- whose files the caller deletes after commit. audit_event stays: it is append-only.
create function project_remove(p_project integer) returns setof bytea language plpgsql as $$
declare
	v_dumps bytea[];
begin
	perform from project where id = p_project for update;
	select array_agg(dump_sha256) into v_dumps from crash_key k where project_id = p_project
		and not exists (select from crash_key o where o.dump_sha256 = k.dump_sha256 and o.project_id <> p_project);
	delete from boot_crash where boot_id in (select id from boot where project_id = p_project);
	delete from crash_key where project_id = p_project;
	delete from occurrence_detail where occurrence_id in (select id from occurrence where project_id = p_project);
	delete from occurrence where project_id = p_project;
	delete from finding where project_id = p_project;
	delete from incident where project_id = p_project;
	delete from rejected_record where project_id = p_project;
	delete from run_boot where run_id in (select id from run where project_id = p_project);
	delete from run where project_id = p_project;
	delete from boot where project_id = p_project;
	delete from agent_stream where agent_id in (select a.id from agent a join machine m on m.id = a.machine_id where m.project_id = p_project);
	delete from agent where machine_id in (select id from machine where project_id = p_project);
	delete from machine where project_id = p_project;
	delete from driver_image where project_id = p_project;
	delete from build where project_id = p_project;
	delete from driver where project_id = p_project;
	delete from branch where project_id = p_project;
	delete from dump where sha256 = any (v_dumps);
	delete from project where id = p_project;
	insert into change (topic, entity_id) values ('project', p_project);
	return query select unnest(v_dumps);
end
$$;
