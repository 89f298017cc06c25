// server/dist/setup.sh on machines that are not this one: PATH holds stand-ins for the package tools, so that nothing
// is installed here. What it really installs is proved on a bare Debian.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { top } from '../support/server.mjs';

/** Runs setup.sh where only `tools` (name -> script) and the plain commands exist. */
function setup(t, tools, env = {}, goal = 'run') {
  const folder = mkdtempSync(join(tmpdir(), 'vf-setup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['bash', 'sh', 'dirname', 'sed', 'grep', 'id', 'tr', 'fold', 'mkdir', 'mktemp', 'rm', 'cat', 'cmp', 'env', 'sleep', 'tail', 'cut', 'du', 'touch', 'chmod']) {
    const place = ['/usr/bin', '/bin'].map((dir) => join(dir, name)).find(existsSync);
    symlinkSync(place, join(folder, name));
  }
  for (const [name, script] of Object.entries(tools)) {
    rmSync(join(folder, name), { force: true }); // never write through the link to the machine's own
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const done = spawnSync('/bin/bash', [join(top, 'server/dist/setup.sh'), goal], {
    env: { PATH: folder, HOME: folder, FOLDER: folder, ...env },
    encoding: 'utf8',
    input: '',
    timeout: 60000,
  });
  return { code: done.status, out: done.stdout, err: done.stderr, folder };
}

const nothingInstalled = { 'dpkg-query': 'exit 1' };
const apt = `case "$*" in
*--assume-no*) echo "0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded."
  echo "Need to get 12.3 MB of archives."
  echo "After this operation, 45.6 MB of additional disk space will be used."; exit 1 ;;
esac
echo "$*" >>"$FOLDER/apt.log"`;
// Whoever runs the tests is a user here, and sudo runs apt-get alone: nothing outside the folder changes.
const user = { id: 'case $1 in -u) echo 1000 ;; *) exit 1 ;; esac' };
const sudo = { ...user, sudo: 'case $1 in env) exec "$@" ;; esac' };
const asked = (r) => (existsSync(join(r.folder, 'apt.log')) ? readFileSync(join(r.folder, 'apt.log'), 'utf8') : '');

const tools = (extra) => ({ ...nothingInstalled, 'apt-get': apt, ...extra });

test('a system without apt is told so, with the lists to read', (t) => {
  const r = setup(t, {});
  assert.equal(r.code, 1);
  assert.match(r.err, /not a Debian system.*packages-run\.txt.*SETUP=0/s);
});

test('SETUP=0 leaves the machine as it is', (t) => {
  const r = setup(t, {}, { SETUP: '0' });
  assert.deepEqual([r.code, r.out, r.err], [0, '', '']);
});

test('says which packages are missing and how large they are', (t) => {
  const r = setup(t, tools(sudo));
  assert.match(r.out, /Missing Debian packages:\n.*gcc .*libmicrohttpd-dev.*postgresql-15/s);
  assert.match(r.out, /Need to get 12\.3 MB/);
  assert.match(r.out, /45\.6 MB of additional disk space/);
  assert.doesNotMatch(r.out, /chromium/, 'running needs no browser');
});

test('never asks where there is no terminal, and installs without recommended packages', (t) => {
  const r = setup(t, tools(sudo), {}, 'test');
  assert.doesNotMatch(r.out, /\[Y\/n\]/);
  assert.match(asked(r), /install -y --no-install-recommends gcc .*chromium/);
});

test('a user without sudo gets the command for an administrator, and nothing happens', (t) => {
  const r = setup(t, tools({ ...user, gcc: '', node: '', npm: '' }));
  assert.equal(r.code, 1);
  assert.match(r.err, /needs root, but there is no sudo.*apt-get install --no-install-recommends libc6-dev/s);
  assert.equal(asked(r), '');
});

test('node and npm from elsewhere serve as well as the packages', (t) => {
  const r = setup(t, tools({ ...user, node: '', npm: '' }));
  assert.doesNotMatch(r.err, /nodejs|npm/);
  assert.match(r.err, /gcc/);
});

test('a package that Debian does not have is named', (t) => {
  const broken = `case "$*" in
*--assume-no*) echo "E: Unable to locate package libmicrohttpd-dev"; exit 100 ;;
esac
echo "$*" >>"$FOLDER/apt.log"`;
  const r = setup(t, { ...nothingInstalled, 'apt-get': broken, ...sudo });
  assert.equal(r.code, 1);
  assert.match(asked(r), /update/, 'the list of packages was fetched first');
  assert.match(r.err, /Unable to locate package libmicrohttpd-dev/);
});
