-- What the database itself refuses, whoever asks.
begin;
select plan(34);

insert into project (slug, name) values ('a', 'A'), ('b', 'B');
create function pid(text) returns integer language sql as 'select id from project where slug = $1';
select is((select count(*) from branch where project_id = pid('a') and name = 'main'), 1::bigint, 'every project has a branch main');
select is((select count(*) from branch where project_id = pid('default')), 1::bigint, 'the first project too');

insert into driver (project_id, name) values (pid('a'), 'NetX.sys'), (pid('b'), 'netx.sys');
select throws_ok($$insert into driver (project_id, name) values (pid('a'), 'netx.SYS')$$, '23505', null, 'driver names are one without case');
select throws_ok($$insert into driver (project_id, name) values (pid('a'), 'a/b')$$, '23514', null, 'a driver is a file, not a path');
create function did(text) returns integer language sql as 'select id from driver where project_id = pid($1)';
create function bid(text) returns integer language sql as 'select id from branch where project_id = pid($1) and name = ''main''';
insert into build (project_id, driver_id, branch_id, seq) values (pid('a'), did('a'), bid('a'), 7), (pid('b'), did('b'), bid('b'), 7);
select throws_ok($$insert into build (project_id, driver_id, branch_id, seq) values (pid('a'), did('a'), bid('a'), 7)$$, '23505', null, 'a build number is used once on a branch');
select throws_ok($$insert into build (project_id, driver_id, branch_id, seq) values (pid('a'), did('a'), bid('b'), 8)$$, '23503', null, 'no build on the branch of another project');
select throws_ok($$insert into build (project_id, driver_id, branch_id, seq) values (pid('a'), did('b'), bid('a'), 8)$$, '23503', null, 'no build of the driver of another project');
select throws_ok($$insert into build (project_id, driver_id, branch_id, seq) values (pid('a'), did('a'), bid('a'), 0)$$, '23514', null, 'build numbers start at 1');
select throws_ok($$insert into branch (project_id, name, parent_id) values (pid('a'), 'x', bid('a'))$$, '23514', null, 'a fork says where');
select throws_ok($$insert into branch (project_id, name, parent_id, fork_seq) values (pid('a'), 'x', bid('b'), 1)$$, '23503', null, 'no fork of another project''s branch');
create function build_of(text) returns bigint language sql as 'select id from build where project_id = pid($1)';
insert into driver_image (project_id, driver_id, build_id, name, timestamp, size_of_image) values (pid('a'), did('a'), build_of('a'), 'netx.sys', 4294967295, 4096);
select throws_ok($$insert into driver_image (project_id, driver_id, build_id, name, timestamp, size_of_image) values (pid('a'), did('a'), build_of('a'), 'NETX.sys', 4294967295, 4096)$$, '23505', null, 'one image is one build');
select throws_ok($$insert into driver_image (project_id, driver_id, build_id, name, timestamp, size_of_image) values (pid('a'), did('a'), build_of('a'), 'n.sys', 4294967296, 4096)$$, '23514', null, 'a time stamp has 32 bits');
select lives_ok($$insert into driver_image (project_id, driver_id, build_id, name, timestamp, size_of_image) values (pid('b'), did('b'), build_of('b'), 'netx.sys', 4294967295, 4096)$$, 'projects do not share images');

insert into machine (project_id, name) values (pid('a'), 'LAB-01'), (pid('b'), 'lab-01');
select throws_ok($$insert into machine (project_id, name) values (pid('a'), 'lab-01')$$, '23505', null, 'machine names are one without case');
create function mid(text) returns bigint language sql as 'select id from machine where project_id = pid($1)';
insert into boot (project_id, machine_id, boot_uuid) values (pid('a'), mid('a'), '00000000-0000-4000-8000-000000000001'), (pid('b'), mid('b'), '00000000-0000-4000-8000-000000000001');
select throws_ok($$insert into boot (project_id, machine_id, boot_uuid) values (pid('a'), mid('b'), gen_random_uuid())$$, '23503', null, 'no boot of another project''s machine');
create function boot_of(text) returns bigint language sql as 'select id from boot where project_id = pid($1)';

insert into agent (machine_id, public_key, version) values (mid('a'), repeat('k', 100), '1');
insert into agent_stream (agent_id, stream_id, lane) select id, '\x000102030405060708090a0b0c0d0e0f', 1 from agent where machine_id = mid('a');
select throws_ok($$update agent_stream set acked_seq = 5 where agent_id = (select id from agent where machine_id = mid('a'))$$, '23514', null, 'an acknowledgement is accounted for: stored, rejected or lost');
select lives_ok($$update agent_stream set acked_seq = 5, stored = 3, lost = 2 where agent_id = (select id from agent where machine_id = mid('a'))$$, 'and moves with its account');

insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title) values (pid('a'), 1, 1, '\x000102030405060708090a0b0c0d0e0f', 't', '[]', 't');
select throws_ok($$insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title) values (pid('a'), 1, 1, '\x000102030405060708090a0b0c0d0e0f', 't', '[]', 't')$$, '23505', null, 'a fingerprint is one finding');
select throws_ok($$insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title) values (pid('a'), 13, 1, '\x010102030405060708090a0b0c0d0e0f', 't', '[]', 't')$$, '23514', null, 'kinds are the frozen ones');
select throws_ok($$insert into finding (project_id, kind, fp_version, fingerprint, fp_text, fp_parts, title) values (pid('a'), 1, 1, '\x01', 't', '[]', 't')$$, '23514', null, 'a fingerprint has 16 bytes');
create function fid(text) returns bigint language sql as 'select id from finding where project_id = pid($1)';

select throws_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, source) values (now(), pid('b'), fid('a'), boot_of('b'), mid('b'), 'dump')$$, '23503', null, 'no occurrence of another project''s finding');
select throws_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, source) values (now(), pid('a'), fid('a'), boot_of('b'), mid('a'), 'dump')$$, '23503', null, 'nor in its boot');
select throws_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, build_id, attribution, role, source) values (now(), pid('a'), fid('a'), boot_of('a'), mid('a'), build_of('b'), 'image', 'own', 'dump')$$, '23503', null, 'nor for its build');
select throws_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, attribution, source) values (now(), pid('a'), fid('a'), boot_of('a'), mid('a'), 'image', 'dump')$$, '23514', null, 'no attribution without a build');
select throws_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, build_id, attribution, source) values (now(), pid('a'), fid('a'), boot_of('a'), mid('a'), build_of('a'), 'image', 'dump')$$, '23514', null, 'no build without a role');
select lives_ok($$insert into occurrence (occurred_at, project_id, finding_id, boot_id, machine_id, build_id, attribution, role, source) values (now(), pid('a'), fid('a'), boot_of('a'), mid('a'), build_of('a'), 'image', 'own', 'dump')$$, 'a whole occurrence is taken');

insert into dump (sha256, size) values (decode(repeat('ab', 32), 'hex'), 100);
select throws_ok($$update dump set received = 101$$, '23514', null, 'no more bytes than the dump has');
select throws_ok($$update dump set received = 50, uploaded_at = now()$$, '23514', null, 'half a dump has not arrived');
insert into crash_key values (pid('a'), decode(repeat('ab', 32), 'hex'), 1, now());
select throws_ok($$insert into crash_key values (pid('a'), decode(repeat('ab', 32), 'hex'), 2, now())$$, '23505', null, 'a dump is one crash of a project');
select lives_ok($$insert into crash_key values (pid('b'), decode(repeat('ab', 32), 'hex'), 2, now())$$, 'another project may have it too');

insert into audit_event (actor_kind, actor_name, action) values ('system', 's', 'test.done');
select throws_ok('update audit_event set action = ''x''', '42501', null, 'the audit is not changed');
select throws_ok('delete from audit_event', '42501', null, 'nor shortened');
select throws_ok('truncate audit_event', '42501', null, 'nor emptied');
select throws_ok($$insert into enroll_token (prefix, secret_hash, project_id, expires_at, max_uses, uses) values ('p', decode(repeat('00', 32), 'hex'), pid('a'), now(), 1, 2)$$, '23514', null, 'a token is not used more often than it may');

select * from finish();
rollback;
