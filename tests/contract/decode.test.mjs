// The command line and the API answer the same document for every catalogue row, for what lies
// between and outside the rows, and for masks. Both programs encode by themselves.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const top = new URL('../..', import.meta.url).pathname;
const cli = process.env.VF_CLI ?? `${top}build/bin/verifleet`;
const api = process.env.VF_DECODE_API ?? `${top}build/debug/tests/contract/decode_api`;

function fromCli(args) {
  const run = spawnSync(cli, args, { encoding: 'utf8', maxBuffer: 1 << 24 });
  assert.ok(run.status === 0 || run.status === 1, `${args.join(' ')}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

function fromApi(questions) {
  const input = questions.map((q) => q.join(' ')).join('\n') + '\n';
  const out = execFileSync(api, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return out.trim().split('\n').map((line) => JSON.parse(line));
}

function cliArguments([what, ...words]) {
  if (what === 'catalog') return ['catalog', '--json'];
  if (what === 'build') return ['decode', 'bugcheck', ...words.slice(1), `--os-build=${words[0]}`, '--json'];
  if (what === 'flags') return ['decode', 'flags', words[0], ...(words[1] ? ['--windows', words[1]] : []), '--json'];
  return ['decode', 'bugcheck', ...words, '--json'];
}

function same(questions) {
  const answers = fromApi(questions);
  assert.equal(answers.length, questions.length);
  questions.forEach((q, i) => {
    const mine = fromCli(cliArguments(q));
    assert.deepEqual(mine, answers[i], q.join(' '));
    // Order of members is part of the document too.
    assert.equal(JSON.stringify(mine), JSON.stringify(answers[i]), q.join(' '));
  });
}

const [catalog] = fromApi([['catalog']]);
const codeOf = { c4: '0xc4', c9: '0xc9', e6: '0xe6' };

test('the catalogue is one document', () => {
  same([['catalog']]);
  assert.equal(catalog.bugchecks.length, 425);
  assert.equal(catalog.sub_codes.length, 403);
  assert.equal(catalog.rules.length, 68);
  assert.equal(catalog.verifier_flags.length, 35);
  assert.equal(catalog.dma_classes.length, 22);
  assert.equal(catalog.finding_kinds.length, 12);
});

test('the catalogue is the same each time', () => {
  assert.equal(
    execFileSync(cli, ['catalog', '--json'], { maxBuffer: 1 << 24 }).compare(
      execFileSync(cli, ['catalog', '--json'], { maxBuffer: 1 << 24 }),
    ),
    0,
  );
});

test('every sub-code, with and without its parameter 2', () => {
  const questions = new Map();
  for (const row of catalog.sub_codes) {
    for (const q of [
      ['bugcheck', codeOf[row.list], row.p1],
      ['bugcheck', codeOf[row.list], row.p1, row.p2 ?? '0x1', '0xffff800012345678', '3'],
    ]) questions.set(q.join(' '), q);
  }
  same([...questions.values()]);
});

test('every bug check', () => {
  same(catalog.bugchecks.map((row) => ['bugcheck', row.code, '0x5', '0', '18446744073709551615', '1']));
});

test('what no list has', () => {
  same([
    ['bugcheck', '0xabc'],
    ['bugcheck', '2748', '1', '2', '3', '4'],
    ['bugcheck', '0xc4'],
    ['bugcheck', '0xc4', '0x3e7'],
    ['bugcheck', '0xe6', '0x12', '1'],
    ['bugcheck', '0xe6', '0xf', '9'],
    ['bugcheck', '0xe6', '0x100000003'],
    ['bugcheck', '0x1000007e', '0xffffffffc0000005', '0xfffff8048b58334c'],
    ['bugcheck', '0x100000c4', '0x62'],
    ['bugcheck', '0x1c4', '0x62'],
    ['build', '7601', '0xc4', '0x2000'],
    ['build', '26100', '0xc4', '0x2000', '1'],
  ]);
});

test('every bit, alone and together, on every version', () => {
  const questions = [];
  for (let bit = 0; bit < 32; bit++) questions.push(['flags', `0x${((1 << bit) >>> 0).toString(16)}`]);
  for (const windows of ['xp', 'vista', '7', '8', '8.1', '10', '11']) {
    questions.push(['flags', '0xffffffff', windows], ['flags', '0x209bb', windows], ['flags', '0', windows]);
  }
  same(questions);
});

test('answers have the members that the API contract names', () => {
  const schemas = JSON.parse(readFileSync(`${top}server/api/openapi.json`, 'utf8')).components.schemas;
  const members = (name) => Object.keys(schemas[name].properties);
  const [plain, rule, flags] = fromApi([
    ['bugcheck', '0xe6', '0xf', '2'],
    ['bugcheck', '0xc4', '0x91001'],
    ['flags', '0x200', '10'],
  ]);
  assert.deepEqual(Object.keys(plain), members('DecodedBugcheck'));
  assert.deepEqual(Object.keys(plain.matches[0]), members('DecodedMatch'));
  assert.deepEqual(Object.keys(plain.parameters[0]), members('DecodedParameter'));
  assert.deepEqual(Object.keys(plain.matches[0].parameters[0]), members('DecodedParameter'));
  assert.deepEqual(Object.keys(plain.dma_class), members('DmaClass'));
  assert.deepEqual(Object.keys(rule.rule), members('NdisRule'));
  assert.deepEqual(Object.keys(rule.verifier_options[0]), members('VerifierOptionRef'));
  assert.deepEqual(Object.keys(flags), members('DecodedFlags'));
  assert.deepEqual(Object.keys(flags.flags[0]), members('DecodedFlag'));
  assert.deepEqual(Object.keys(catalog), members('Catalog'));
  assert.deepEqual(Object.keys(catalog.bugchecks[0]), members('CatalogBugcheck'));
  assert.deepEqual(Object.keys(catalog.sub_codes[0]), members('CatalogSubCode'));
  assert.deepEqual(Object.keys(catalog.verifier_flags[0]), members('VerifierFlag'));
});

const validator = `${top}web/node_modules/ajv/dist/2020.js`;
test('answers hold the schemas of the API contract', { skip: existsSync(validator) ? false : `${validator} is not installed` }, async () => {
  const { default: Ajv } = (await import(validator)).default;
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(JSON.parse(readFileSync(`${top}server/api/openapi.json`, 'utf8')), 'api');
  const holds = (name, answers) => {
    const check = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    for (const answer of answers) assert.ok(check(answer), `${name}: ${JSON.stringify(check.errors)}`);
  };
  holds('Catalog', [catalog]);
  holds('DecodedBugcheck', fromApi([
    ...catalog.bugchecks.map((row) => ['bugcheck', row.code, '1', '2', '3', '4']),
    ...catalog.sub_codes.map((row) => ['bugcheck', codeOf[row.list], row.p1, row.p2 ?? '1']),
    ['bugcheck', '0xabc'],
    ['bugcheck', '0xe6'],
    ['build', '7601', '0xc4', '0x2000'],
  ]));
  holds('DecodedFlags', fromApi([['flags', '0xffffffff'], ['flags', '0xffffffff', '11'], ['flags', '0x200', 'xp'], ['flags', '0']]));
});

test('0xE6/0x26 is never credited to DMA checking, whatever its other parameters', () => {
  for (const answer of fromApi([
    ['bugcheck', '0xe6', '0x26'],
    ['bugcheck', '0xe6', '0x26', '1', '0x40', '6'],
    ['build', '26100', '0xe6', '0x26', '0', '0', '0'],
  ])) {
    assert.equal(answer.kind, 'iommu');
    assert.equal(answer.verifier, 'no');
    assert.deepEqual(answer.verifier_options, []);
    assert.equal(answer.dma_class, null);
  }
});

const samples = `${top}../shared/samples/texts/index.tsv`;
test('crashes that others reported are known', { skip: existsSync(samples) ? false : `${samples} is not there` }, () => {
  const rows = readFileSync(samples, 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t'));
  const crashes = rows.filter(([, code]) => code !== '-');
  const questions = crashes.map(([, code, ...rest]) => {
    const given = rest.slice(0, 4);
    const open = given.indexOf('-');
    return ['bugcheck', `0x${code}`, ...(open < 0 ? given : given.slice(0, open)).map((p) => `0x${p}`)];
  });
  assert.ok(questions.length > 50);
  const answers = fromApi(questions);
  answers.forEach((answer, i) => {
    const [file, code, p1] = crashes[i];
    assert.notEqual(answer.name, null, file);
    assert.equal(answer.documented, true, file);
    if (!['c4', 'c9', 'e6'].includes(code) || p1 === '-') return;
    assert.ok(answer.matches.length > 0, file);
    assert.equal(answer.verifier, p1 === '26' ? 'no' : 'yes', file);
    assert.equal(answer.leak, p1 === '62' ? 'yes' : 'no', file);
  });
});
