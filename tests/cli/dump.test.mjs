// `verifleet dump` as a person and a script use it: output, exit codes, what goes to which stream.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const corpus = join(root, 'tests/fuzz/corpora/dump');
const folder = mkdtempSync(join(tmpdir(), 'vf-dump-'));
after(() => rmSync(folder, { recursive: true }));

const dump = (...args) =>
  spawnSync(join(root, 'build/bin/verifleet'), ['dump', ...args], { encoding: 'utf8', timeout: 20000 });
const made = (name, bytes) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const triage = join(corpus, 'triage_x64.dmp');

test('people read a summary, the culprit and the drivers', () => {
  const { status, stdout, stderr } = dump(triage);
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /triage64 \(type 4\), x64, 4 processors/);
  assert.match(stdout, /build 19041, lab 19041\.1\.amd64fre\.vb_release/);
  assert.match(stdout, /0x0000007e SYSTEM_THREAD_EXCEPTION_NOT_HANDLED \(raw 0x1000007e\)/);
  assert.match(stdout, /2 {2}0xfffff8001000334c {2}exception address/);
  assert.match(stdout, /culprit {4}netx\.sys\+0x334c/);
  assert.match(stdout, /drivers \(3\)[^]*\\SystemRoot\\system32\\ntoskrnl\.exe/);
  assert.match(stdout, /unloaded drivers \(1\)[^]*gone\.sys/);
  assert.match(stdout, /secondary data \(2 blobs\)/);
});

test('--json is one object a file, in the stable order', () => {
  const { status, stdout } = dump('--json', triage, join(corpus, 'header32.dmp'));
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 2);
  const [first, second] = lines.map((l) => JSON.parse(l));
  assert.deepEqual(Object.keys(first), [
    'format', 'arch', 'os_build', 'build_lab', 'cpus', 'system_time', 'uptime_seconds', 'bugcheck', 'culprit',
    'context', 'drivers', 'unloaded', 'stack', 'secondary', 'warnings',
  ]);
  assert.equal(first.format, 'triage64');
  assert.deepEqual(first.culprit, {
    module: 'netx.sys', offset: '0x334c', reason: 'parameter 2 is a code address',
  });
  assert.equal(second.format, 'header32');
  assert.equal(second.arch, 'x86');
  assert.equal(second.culprit, null);
});

test('a damaged dump is decoded with warnings and counts as decoded', () => {
  const cut = made('cut.dmp', readFileSync(triage).subarray(0, 0x2100));
  const { status, stdout } = dump(cut, '--json');
  assert.equal(status, 0);
  const json = JSON.parse(stdout);
  assert.equal(json.bugcheck.code, '0x0000007e');
  assert.match(json.warnings[0], /the file is cut: 8448 bytes of \d+/);
  assert.match(dump(cut).stdout, /warning {4}the file is cut/);
});

test('what is no kernel dump gets one sentence and exit 1; the other files are still shown', () => {
  const user = made('user.dmp', 'MDMP\x93\xa7');
  const one = dump(user);
  assert.equal(one.status, 1);
  assert.equal(one.stdout, '');
  assert.equal(one.stderr,
    `verifleet dump: ${user}: this is a user-mode minidump, not a kernel crash dump\n`);
  const both = dump('--json', user, triage);
  assert.equal(both.status, 1);
  assert.equal(JSON.parse(both.stdout).format, 'triage64');
  assert.match(dump(made('empty.dmp', '')).stderr, /the file is empty/);
  assert.match(dump(join(folder, 'missing.dmp')).stderr, /cannot open the file: No such file/);
  assert.match(dump(folder).stderr, /not a regular file/);
});

test('a wrong command line is exit 2 and says so', () => {
  assert.equal(dump().status, 2);
  assert.match(dump().stderr, /which file\?/);
  assert.equal(dump('--yaml', triage).status, 2);
  assert.match(dump('--yaml', triage).stderr, /no option --yaml/);
  assert.equal(dump('--help').status, 0);
  assert.match(dump('--help').stdout, /usage: verifleet dump FILE/);
  made('--json', readFileSync(triage));
  assert.equal(spawnSync(join(root, 'build/bin/verifleet'), ['dump', '--', '--json'], { cwd: folder }).status, 0);
});

test('output that cannot be written is a failure', () => {
  const full = spawnSync('sh', ['-c', `"$0" dump --json "$1" >/dev/full`, join(root, 'build/bin/verifleet'), triage], {
    encoding: 'utf8',
  });
  assert.equal(full.status, 1);
  assert.match(full.stderr, /could not be written/);
});
