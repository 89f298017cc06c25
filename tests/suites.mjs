// The suites, in the order in which they run. `commands` are [name, command] pairs, each one test; `tap` is a command
// that prints TAP; a suite may have both. `seconds` is how long each command may take before it counts as hung.
// Group `check` is the fast part, `test` is everything.
export const suites = [
  {
    name: 'lint',
    what: 'include directions, headers, shell scripts, traces',
    groups: ['check', 'test'],
    seconds: 120,
    commands: [
      ['include directions', 'tests/lint/layers.sh'],
      ['headers stand alone', 'tests/lint/headers.sh'],
      ['no traces of one machine', 'tests/lint/traces.sh'],
      ['shell scripts', 'tests/lint/shell.sh'],
    ],
  },
  {
    name: 'tally',
    what: 'the reader of test results itself',
    groups: ['check', 'test'],
    seconds: 60,
    tap: 'node --test --test-reporter=tap tests/tap.test.mjs',
  },
  {
    name: 'lifecycle',
    what: 'set-up, make run and make uninstall',
    groups: ['test'],
    seconds: 300,
    tap: 'node --test --test-reporter=tap tests/lifecycle/*.test.mjs',
  },
  {
    name: 'server',
    what: 'the life of verifleetd and what all its answers share',
    groups: ['test'],
    seconds: 300,
    tap: 'make -s -j$(nproc) server && node --test --test-reporter=tap tests/server/*.test.mjs',
  },
  {
    name: 'unit',
    what: 'C modules',
    groups: ['check', 'test'],
    seconds: 600,
    tap: 'make -s -j$(nproc) check-unit TAP=1',
  },
  {
    name: 'corpora',
    what: 'fuzz corpora, replayed',
    groups: ['check', 'test'],
    seconds: 300,
    tap: 'make -s -j$(nproc) check-corpora',
  },
  {
    name: 'corpora-san',
    what: 'fuzz corpora under AddressSanitizer and UBSan',
    groups: ['test'],
    seconds: 600,
    tap: 'make -s -j$(nproc) check-corpora SANITIZE=address,undefined',
  },
  {
    name: 'cli',
    what: 'the command line as people and scripts use it',
    groups: ['check', 'test'],
    seconds: 120,
    tap: 'node --test --test-reporter=tap tests/cli/*.test.mjs',
  },
  {
    name: 'decode',
    what: 'decoding: the command line, the API and golden files agree',
    groups: ['check', 'test'],
    seconds: 120,
    tap: 'make -s check-decode',
  },
  {
    name: 'web',
    what: 'the pages: types against the API, source rules, unit tests',
    groups: ['check', 'test'],
    seconds: 120,
    commands: [
      ['types agree with openapi.json', 'make -s web && cd web && node types.mjs --check'],
      ['source rules', 'cd web && node lint.mjs'],
    ],
    tap: 'cd web && node test.mjs --test-reporter=tap',
  },
  {
    name: 'contract',
    what: 'the API of a real server, held against openapi.json',
    groups: ['test'],
    seconds: 300,
    tap: 'make -s check-contract',
  },
  {
    name: 'unit-san',
    what: 'C modules under AddressSanitizer and UBSan',
    groups: ['test'],
    seconds: 900,
    tap: 'make -s -j$(nproc) check-unit TAP=1 SANITIZE=address,undefined',
  },
  {
    name: 'variants',
    what: 'other compilers and modes build without a warning',
    groups: ['test'],
    seconds: 900,
    commands: [
      ['clang', 'make -s -j$(nproc) CC=clang agent cli server'],
      ['release', 'make -s -j$(nproc) MODE=release agent cli server'],
      ['Windows (mingw): the portable part of the agent', 'make -s -j$(nproc) win-check'],
    ],
  },
];
