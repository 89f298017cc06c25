// From a dump file to the pages: `verifleet` sends it, the browser shows what is in it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeToken, signIn } from '../support/api.mjs';
import { bin, startServer, top } from '../support/server.mjs';
import { openBrowser, WIDTHS } from './browser.mjs';

const SAMPLE = join(top, '../shared/samples/dumps/rizin_triage_x64.dmp');
const SYNTHETIC = join(top, 'tests/fuzz/corpora/dump/triage_x64.dmp');

let server, browser, admin, token;

before(async () => {
  server = await startServer();
  admin = await signIn(server);
  token = (await makeToken(admin, ['read', 'import'])).token;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

function verifleet(...args) {
  const done = spawnSync(join(bin, 'verifleet'), args, {
    encoding: 'utf8',
    env: { ...process.env, HOME: server.folder, VERIFLEET_SERVER: server.url, VERIFLEET_TOKEN: token },
  });
  assert.equal(done.status, 0, `verifleet ${args.join(' ')}: ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

const build = (driver, seq) => JSON.parse(verifleet('build', 'create', '--driver', driver, '--seq', String(seq), '--label', `10.4.${seq}`, '--json')).id;

/** Walks from the list of builds to the finding as a person does, and checks each page on the way. */
async function walk(tab, { id, label, finding, name }) {
  await tab.open('/builds');
  await tab.page.getByRole('link', { name: new RegExp(label.replaceAll('.', '\\.')) }).first().click();
  await tab.page.waitForURL(`**/builds/${id}`);
  await tab.settle();
  await tab.page.locator('.latest').getByText(/drivers? loaded/).waitFor();
  await tab.checkThemes(`${name}-report`);
  const report = await tab.text();
  await tab.page.locator('main').getByRole('link', { name: finding }).first().click();
  await tab.page.waitForURL(/\/findings\/\d+$/);
  await tab.settle();
  await tab.page.locator('#drivers h2').waitFor();
  await tab.checkThemes(`${name}-finding`);
  return report;
}

test('a synthetic dump: on its build, with the own driver as the culprit', async () => {
  const id = build('netx.sys', 7);
  const out = verifleet('import', 'dump', SYNTHETIC, '--build', String(id), '--machine', 'BENCH-3');
  assert.match(out + verifleet('import', 'dump', SYNTHETIC, '--build', String(id), '--machine', 'BENCH-3'), /\S/, 'twice is once');
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    const report = await walk(tab, { id, label: '10.4.7', finding: /netx\.sys\+0x334c/, name: 'import-synthetic' });
    assert.match(report, /1 finding new here/);
    assert.match(report, /0x7E/);
    assert.match(report, /netx\.sys\+0x334c/);
    assert.match(report, /3 drivers loaded/);
    assert.match(report, /BENCH-3/);
    assert.doesNotMatch(report, /Simulated/);
    const main = await tab.text();
    assert.match(main, /SYSTEM_THREAD_EXCEPTION_NOT_HANDLED/);
    assert.match(await tab.text('#culprit'), /netx\.sys\+0x334c[\s\S]*parameter 2 is a code address/);
    assert.match(await tab.text('#bugcheck'), /P1\s*0x00000000c0000005[\s\S]*exception code/);
    assert.match(await tab.text('.figures'), /1\s*Occurrence\b/);
    await tab.close();
  }
});

test('the raw dump is downloaded as it was sent, with permission, and that is audited', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  const [{ id }] = (await admin.get('/api/v1/findings?q=netx.sys')).body.items;
  await tab.open(`/findings/${id}`);
  const waiting = tab.page.waitForEvent('download');
  await tab.page.getByRole('link', { name: /Download/ }).first().click();
  const file = await (await waiting).path();
  const hash = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
  assert.equal(hash(file), hash(SYNTHETIC));
  const { body } = await admin.get('/api/v1/audit');
  assert.ok(body.items.some((e) => /dump/.test(e.action)), 'the download is in the audit');
  tab.quiet('download');
  await tab.close();
});

test('a dump with another culprit: on the page of the build it was given, never as its own', { skip: existsSync(SAMPLE) ? false : `${SAMPLE} is not here` }, async () => {
  const id = build('netx.sys', 8);
  verifleet('import', 'dump', SAMPLE, '--build', String(id));
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    const report = await walk(tab, { id, label: '10.4.8', finding: /amdppm\.sys\+0x334c/, name: 'import-sample' });
    assert.match(report, /0x7E/);
    assert.match(report, /amdppm\.sys\+0x334c/);
    assert.match(report, /151 drivers loaded/);
    assert.match(report, /No finding has this driver as its culprit/);
    assert.match(await tab.text('#drivers h2'), /Loaded drivers\s*151/);
    assert.equal(await tab.page.locator('#drivers tbody tr').count(), 151);
    assert.match(await tab.text('#unloaded, details.fold'), /Unloaded drivers/);
    await tab.page.getByLabel('Filter loaded drivers').fill('amdppm');
    assert.equal(await tab.page.locator('#drivers tbody tr').count(), 1);
    assert.match(await tab.text('#bugcheck'), /0xfffff8048b58334c/);
    await tab.close();
  }
});
