-- What evidence is about: branches, drivers, builds and their images, machines, agents, boots, runs.
-- Lock cost: the tables are new. The trigger on project takes SHARE ROW EXCLUSIVE on that table
-- for the moment it is made; project has a handful of rows and no steady writers.
--
-- A row that names another row of its project does so by (project_id, id), so that the database
-- itself refuses a build on the branch, or a crash in the boot, of another project.

create table branch (
	id integer generated always as identity primary key,
	project_id integer not null references project,
	name text not null,
	parent_id integer,
	fork_seq bigint,
	created_at timestamptz not null default now(),
	constraint branch_project_key unique (project_id, id),
	constraint branch_name_key unique (project_id, name),
	constraint branch_name_check check (name ~ '^[[:alnum:]][[:alnum:]._/+-]{0,127}$'),
	constraint branch_parent_fkey foreign key (project_id, parent_id) references branch (project_id, id),
	constraint branch_fork_check check ((parent_id is null) = (fork_seq is null)),
	-- A parent is always older than its child: the lineage can hold no cycle.
	constraint branch_parent_older_check check (parent_id < id)
);

-- Every project has a branch `main`, the ones that exist already included.
create function project_make_main() returns trigger language plpgsql as $$
begin
	insert into branch (project_id, name) values (new.id, 'main');
	return null;
end
$$;
create trigger project_make_main after insert on project
	for each row execute function project_make_main();
insert into branch (project_id, name) select id, 'main' from project order by id;

create table driver (
	id integer generated always as identity primary key,
	project_id integer not null references project,
	name text not null,
	created_at timestamptz not null default now(),
	constraint driver_project_key unique (project_id, id),
	constraint driver_name_check check (name ~ '^[^[:cntrl:]/\\:*?"<>|]{1,128}$')
);
-- Windows compares file names without case.
create unique index driver_name_key on driver (project_id, lower(name));

create table build (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	driver_id integer not null,
	branch_id integer not null,
	seq bigint not null,
	label text,
	commit_id text,
	parent_build_id bigint,
	origin text not null default 'api',
	external_id text,
	created_at timestamptz not null default now(),
	constraint build_project_key unique (project_id, id),
	constraint build_seq_key unique (driver_id, branch_id, seq),
	constraint build_external_key unique (project_id, origin, external_id),
	constraint build_driver_fkey foreign key (project_id, driver_id) references driver (project_id, id),
	constraint build_branch_fkey foreign key (project_id, branch_id) references branch (project_id, id),
	constraint build_parent_fkey foreign key (project_id, parent_build_id) references build (project_id, id),
	constraint build_seq_check check (seq > 0),
	constraint build_label_check check (length(label) between 1 and 128),
	constraint build_commit_check check (length(commit_id) between 1 and 128),
	constraint build_origin_check check (length(origin) between 1 and 64),
	constraint build_external_check check (length(external_id) between 1 and 128)
);
create index build_branch_idx on build (branch_id, seq desc);

-- One exact file. What a dump tells about a loaded driver is name, time stamp and size, so these
-- three are the key; hashes and PDB identity are extra knowledge.
create table driver_image (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	driver_id integer not null,
	build_id bigint not null,
	name text not null,
	timestamp bigint not null,
	size_of_image bigint not null,
	checksum bigint,
	sha256 bytea,
	pdb_guid uuid,
	pdb_age integer,
	created_at timestamptz not null default now(),
	constraint driver_image_driver_fkey foreign key (project_id, driver_id) references driver (project_id, id),
	constraint driver_image_build_fkey foreign key (project_id, build_id) references build (project_id, id),
	constraint driver_image_name_check check (name ~ '^[^[:cntrl:]/\\:*?"<>|]{1,128}$'),
	constraint driver_image_timestamp_check check (timestamp between 0 and 4294967295),
	constraint driver_image_size_check check (size_of_image between 1 and 4294967295),
	constraint driver_image_checksum_check check (checksum between 0 and 4294967295),
	constraint driver_image_sha256_check check (length(sha256) = 32)
);
create unique index driver_image_key on driver_image (project_id, lower(name), timestamp, size_of_image);
create index driver_image_build_idx on driver_image (build_id);

-- What a machine looks like; most boots of most machines share one.
create table env_snapshot (
	id bigint generated always as identity primary key,
	sha256 bytea not null unique,
	os_name text,
	os_build integer,
	arch text,
	body jsonb not null,
	created_at timestamptz not null default now(),
	constraint env_snapshot_sha256_check check (length(sha256) = 32),
	constraint env_snapshot_body_check check (jsonb_typeof(body) = 'object')
);

create table machine (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	machine_uuid uuid not null unique default gen_random_uuid(),
	name text not null,
	kind text not null default 'lab',
	-- Evidence of identity, given at enrolment. Never a key: firmware repeats itself.
	smbios_uuid text,
	machine_guid text,
	disk_serial text,
	env_id bigint references env_snapshot,
	last_seen_at timestamptz,
	created_at timestamptz not null default now(),
	constraint machine_project_key unique (project_id, id),
	constraint machine_name_check check (name ~ '^[^[:cntrl:]]{1,128}$'),
	constraint machine_kind_check check (kind in ('lab', 'imported')),
	constraint machine_evidence_check check (length(smbios_uuid) <= 128
		and length(machine_guid) <= 128 and length(disk_serial) <= 128)
);
create unique index machine_name_key on machine (project_id, lower(name));
create index machine_smbios_idx on machine (project_id, smbios_uuid) where smbios_uuid is not null;

create table agent (
	id bigint generated always as identity primary key,
	agent_uuid uuid not null unique default gen_random_uuid(),
	machine_id bigint not null references machine,
	public_key text not null,
	version text not null,
	enrolled_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	clock_offset_us bigint,
	-- The last heartbeat's account of what still waits on the machine.
	spool_records bigint,
	spool_bytes bigint,
	spool_oldest_at timestamptz,
	retired_at timestamptz,
	constraint agent_key_check check (length(public_key) between 64 and 4096),
	constraint agent_version_check check (length(version) between 1 and 64)
);
create index agent_machine_idx on agent (machine_id);

-- The high-water mark that makes storing exactly-once: one row a stream, not an index on records.
create table agent_stream (
	agent_id bigint not null references agent,
	stream_id bytea not null,
	lane smallint not null,
	acked_seq bigint not null default 0,
	stored bigint not null default 0,
	rejected bigint not null default 0,
	lost bigint not null default 0,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (agent_id, stream_id),
	constraint agent_stream_id_check check (length(stream_id) = 16),
	constraint agent_stream_lane_check check (lane in (1, 2)),
	constraint agent_stream_sum_check check (acked_seq = stored + rejected + lost)
) with (fillfactor = 50); -- moved by every batch: leave room for updates in place

create table boot (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	machine_id bigint not null,
	agent_id bigint references agent,
	boot_uuid uuid not null,
	kind text not null default 'observed',
	ordinal bigint,
	previous_uuid uuid,
	started_at timestamptz,
	ended_at timestamptz,
	end_kind text,
	env_id bigint references env_snapshot,
	created_at timestamptz not null default now(),
	constraint boot_project_key unique (project_id, id),
	constraint boot_uuid_key unique (machine_id, boot_uuid),
	constraint boot_machine_fkey foreign key (project_id, machine_id) references machine (project_id, id),
	constraint boot_kind_check check (kind in ('observed', 'imported')),
	constraint boot_ordinal_check check (ordinal >= 0),
	constraint boot_end_kind_check check (end_kind in ('clean', 'bugcheck', 'unexpected', 'power_loss', 'unknown'))
);
-- Boots known only from their crash: event and dump of one such crash find each other by time.
create index boot_imported_idx on boot (machine_id, ended_at) where kind = 'imported';

-- What CI or a person calls one test activity; the same name on two machines is two runs.
create table run (
	id bigint generated always as identity primary key,
	project_id integer not null references project,
	external_id text not null,
	build_id bigint,
	machine_id bigint not null,
	started_at timestamptz,
	ended_at timestamptz,
	outcome text,
	created_at timestamptz not null default now(),
	constraint run_project_key unique (project_id, id),
	constraint run_external_key unique (machine_id, external_id),
	constraint run_build_fkey foreign key (project_id, build_id) references build (project_id, id),
	constraint run_machine_fkey foreign key (project_id, machine_id) references machine (project_id, id),
	constraint run_external_check check (length(external_id) between 1 and 128),
	constraint run_outcome_check check (outcome in ('completed', 'bugcheck', 'aborted'))
);
create index run_build_idx on run (build_id, started_at desc);
create index run_machine_idx on run (machine_id, started_at desc);

create table run_boot (
	run_id bigint not null references run,
	boot_id bigint not null references boot,
	primary key (run_id, boot_id)
);
create index run_boot_boot_idx on run_boot (boot_id);
