-- Who may come in: projects, people, sessions, tokens, and the record of what they did.
-- Lock cost: none, the tables are new.

create table project (
	id integer generated always as identity primary key,
	slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
	name text not null check (length(name) between 1 and 200),
	simulated boolean not null default false,
	created_at timestamptz not null default now()
);
insert into project (slug, name) values ('default', 'Default');

create table app_user (
	id bigint generated always as identity primary key,
	name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$'),
	password_hash text not null,
	role smallint not null check (role between 1 and 3),
	must_change boolean not null default false,
	disabled_at timestamptz,
	created_at timestamptz not null default now(),
	last_sign_in_at timestamptz
);
create unique index app_user_name_key on app_user (lower(name));

-- The cookie holds a random token; only its SHA-256 is kept.
create table session (
	token_hash bytea primary key check (length(token_hash) = 32),
	user_id bigint not null references app_user on delete cascade,
	csrf text not null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	last_seen_at timestamptz not null default now(),
	remote_addr inet
);
create index session_user_id_idx on session (user_id);
create index session_expires_at_idx on session (expires_at);

create table api_token (
	id bigint generated always as identity primary key,
	prefix text not null unique,
	secret_hash bytea not null check (length(secret_hash) = 32),
	name text not null check (length(name) between 1 and 200),
	scopes_mask bigint not null,
	role smallint not null check (role between 1 and 3),
	project_id integer references project on delete cascade,
	created_by bigint references app_user on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz,
	revoked_at timestamptz,
	last_used_at timestamptz
);

create table enroll_token (
	id bigint generated always as identity primary key,
	prefix text not null unique,
	secret_hash bytea not null check (length(secret_hash) = 32),
	project_id integer not null references project on delete cascade,
	created_by bigint references app_user on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	max_uses integer not null check (max_uses > 0),
	uses integer not null default 0 check (uses between 0 and max_uses),
	networks cidr[] not null default '{}',
	revoked_at timestamptz,
	note text
);

-- Append-only: rows are added, never changed or removed, whoever asks.
create table audit_event (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor_kind text not null check (actor_kind in ('system', 'user', 'token', 'agent', 'console')),
	actor_id bigint,
	actor_name text not null,
	action text not null,
	object_kind text,
	object_id text,
	remote_addr inet,
	detail jsonb not null default '{}'
);
create index audit_event_object_idx on audit_event (object_kind, object_id);

create function audit_event_refuse() returns trigger language plpgsql as $$
begin
	raise exception 'audit_event is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_event_append_only before update or delete on audit_event
	for each row execute function audit_event_refuse();
create trigger audit_event_no_truncate before truncate on audit_event
	for each statement execute function audit_event_refuse();

-- Nonces of signed requests, kept for twice the window in which a signature is valid. Unlogged: a
-- crash of the database may forget them, and an insert does not wait for the disk.
create unlogged table agent_nonce (
	agent_id bigint not null,
	nonce bytea not null check (length(nonce) = 16),
	at timestamptz not null default now(),
	primary key (agent_id, nonce)
);
create index agent_nonce_at_idx on agent_nonce (at);
