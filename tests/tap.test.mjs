import { test } from 'node:test';
import assert from 'node:assert/strict';
import { TapReader } from './tap.mjs';

function read(text, code = 0) {
  const tally = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  const tap = new TapReader(tally);
  for (const line of text.split('\n')) tap.line(line);
  return { ...tally, complaint: tap.end(code) };
}

test('cmocka: several programs one after the other, with a failure and its message', () => {
  const r = read('1..2\nok 1 - a\nnot ok 2 - b\n# 0x1 != 0x2\n# x.c:7: error\n1..1\nok 1 - c', 1);
  assert.deepEqual([r.passed, r.failed, r.complaint], [2, 1, null]);
  assert.equal(r.failures[0].name, 'b');
  assert.match(r.failures[0].lines.join('\n'), /x\.c:7/);
});

test('node:test: only leaves count, and a failing file without failing tests counts once', () => {
  const r = read('    ok 1 - a\n    ok 2 - b\n    1..2\nok 1 - file\n    ok 1 - c\n    1..1\nnot ok 2 - after hook\n1..2', 1);
  assert.deepEqual([r.passed, r.failed], [3, 1]);
  const nested = read('        not ok 1 - deep\n    not ok 1 - mid\nnot ok 1 - top\n1..1', 1);
  assert.deepEqual([nested.passed, nested.failed, nested.failures[0].name], [0, 1, 'deep']);
});

test('skipped tests are counted apart, with their reasons', () => {
  const r = read('ok 1 - a # SKIP no samples here\nok 2 - b\n1..2');
  assert.deepEqual([r.passed, r.skipped, r.skips], [1, 1, ['a (no samples here)']]);
  assert.equal(read('1..0 # SKIP nothing to do').skipped, 1);
});

test('a run that breaks off is never green', () => {
  assert.match(read('1..3\nok 1 - a', 0).complaint, /planned 3 tests and ran 1/);
  assert.match(read('Segmentation fault', 139).complaint, /without a TAP plan/);
  assert.match(read('ok 1 - a\n1..1', 1).complaint, /ended with 1/);
  assert.match(read('1..0', 0).complaint ?? 'skipped', /skipped|ran no test/);
  assert.match(read('ok 1 - a\n1..1', 'not finished within 5 s').complaint, /not finished/);
});
