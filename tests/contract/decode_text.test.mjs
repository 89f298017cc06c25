// What people read: `verifleet decode` against golden files. tests/data/decode/README.md says how
// they are made; UPDATE_GOLDEN=1 writes them anew.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';

const top = new URL('../..', import.meta.url).pathname;
const cli = process.env.VF_CLI ?? `${top}build/bin/verifleet`;
const data = `${top}tests/data/decode/`;
const run = (args, columns = '80') =>
  spawnSync(cli, args, { encoding: 'utf8', env: { ...process.env, COLUMNS: columns } });

const cases = JSON.parse(readFileSync(`${data}cases.json`, 'utf8'));

for (const [name, { args, exit, stderr }] of Object.entries(cases)) {
  test(`${name}: verifleet ${args.join(' ')}`, () => {
    const result = run(args);
    const golden = `${data}${name}.txt`;
    assert.equal(result.status, exit);
    if (stderr) assert.match(result.stderr, new RegExp(stderr));
    else assert.equal(result.stderr, '');
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, result.stdout);
    assert.equal(result.stdout, readFileSync(golden, 'utf8'));
    for (const line of result.stdout.split('\n')) {
      assert.ok(args.includes('--json') || line.length <= 80, `too long: ${line}`);
      assert.equal(line, line.trimEnd(), 'blanks at the end of a line');
    }
  });
}

test('no golden file is left over', () => {
  const files = readdirSync(data).filter((f) => f.endsWith('.txt')).map((f) => f.slice(0, -4));
  assert.deepEqual(files.sort(), Object.keys(cases).sort());
});

test('text keeps to the width of the terminal', () => {
  for (const [columns, limit] of [['60', 60], ['120', 120], ['10', 40], ['9999', 132], ['none', 80]]) {
    for (const line of run(['decode', 'flags', '0x9bb'], columns).stdout.split('\n')) {
      assert.ok(line.length <= limit, `${columns}: ${line}`);
    }
  }
});

test('an answer that cannot be written is a failure', { skip: process.platform !== 'linux' }, () => {
  for (const args of [['decode', 'bugcheck', '0xe6', '--json'], ['catalog', '--json'], ['decode', 'flags', '0xff'], ['decode', 'bugcheck', '0xe6']]) {
    const result = spawnSync('sh', ['-c', '"$0" "$@" >/dev/full', cli, ...args], { encoding: 'utf8' });
    assert.equal(result.status, 1, args.join(' '));
    assert.match(result.stderr, /could not be written/);
  }
});
