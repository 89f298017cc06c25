// A server with evidence: every page as a person sees it, and every number leading to as many rows as it says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, signIn } from '../support/api.mjs';
import { startServer } from '../support/server.mjs';
import { openBrowser, WIDTHS } from './browser.mjs';
import { fill, HOSTILE, HOSTILE_SHOWN } from './evidence.mjs';

let server, browser, admin, lab;

before(async () => {
  server = await startServer();
  admin = await signIn(server);
  lab = await fill(server, admin);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const findingOf = async (kind, text) => (await admin.all(`/api/v1/findings?kind=${kind}`)).find((f) => f.title.includes(text));
const reportOf = (n) => `/builds/${lab.builds[n].id}`;

test('every page with data: axe, width, console, hosts; both themes, both widths', async () => {
  const dma = await findingOf('dma', 'netx.sys');
  const beside = await findingOf('bugcheck', 'amdppm.sys');
  const machine = (await admin.get('/api/v1/machines?q=LAB-W11-01')).body.items[0];
  const [occurrence] = (await admin.get(`/api/v1/occurrences?finding=${dma.id}`)).body.items;
  const [told] = (await admin.all('/api/v1/occurrences')).filter((o) => o.source === 'eventlog');
  const pages = [
    ['builds', '/builds'],
    ['builds-driver', '/builds?driver=netx.sys&project=demo'],
    ['report', reportOf(2)],
    ['report-none', reportOf(3)],
    ['findings', '/findings'],
    ['findings-build', `/findings?build=${lab.builds[2].id}&role=own`],
    ['finding', `/findings/${dma.id}`],
    ['finding-beside', `/findings/${beside.id}`],
    ['occurrences', `/occurrences?finding=${dma.id}`],
    ['occurrence', `/occurrences/${occurrence.id}`],
    ['machines', '/machines'],
    ['machine', `/machines/${machine.id}`],
    ['runs', '/runs'],
    ['rejected', '/rejected'],
    ['setup', '/setup'],
    ...(told ? [['occurrence-told', `/occurrences/${told.id}`]] : []),
  ];
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    for (const [name, path] of pages) {
      await tab.open(path);
      await tab.checkThemes(`${name}-full`);
      if (name !== 'setup' && name !== 'builds') assert.match(await tab.text(), /Simulated/, `${path} says that its data is simulated`);
    }
    await tab.close();
  }
});

/* Follows "Show more" to the end and counts what a person can see. */
async function rowsOn(tab) {
  for (;;) {
    const more = tab.page.getByRole('button', { name: 'Show more' });
    if ((await more.count()) === 0) break;
    const n = await tab.page.locator('main tbody tr').count();
    await more.first().click();
    await tab.page.waitForFunction((before) => document.querySelectorAll('main tbody tr').length > before, n);
  }
  return tab.page.locator('main table').first().locator('tbody tr').count();
}

test('every number leads to as many rows as it says', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  const dma = await findingOf('dma', 'netx.sys');
  const machine = (await admin.get('/api/v1/machines?q=LAB-W11-01')).body.items[0];
  const seen = new Map();
  for (const path of ['/builds', reportOf(0), reportOf(1), reportOf(2), '/findings', `/findings?build=${lab.builds[2].id}`, `/findings/${dma.id}`,
    '/machines', `/machines/${machine.id}`, '/runs']) {
    await tab.open(path);
    const links = await tab.page.evaluate(() =>
      [...document.querySelectorAll('main a.count, main .figure a')].map((a) => ({
        to: a.getAttribute('href'),
        says: Number(/[\d,]+/.exec(a.querySelector('.figure-n')?.textContent ?? a.textContent)[0].replaceAll(',', '')),
      })),
    );
    assert.ok(links.length > 0, `${path} has numbers`);
    for (const { to, says } of links) {
      assert.ok(!seen.has(to) || seen.get(to).says === says, `${to} is ${says} on ${path} and ${seen.get(to)?.says} on ${seen.get(to)?.path}`);
      if (!seen.has(to)) seen.set(to, { says, path });
    }
  }
  assert.ok(seen.size > 40, `only ${seen.size} numbers found`);
  for (const [to, { says, path }] of seen) {
    await tab.open(to);
    assert.equal(await rowsOn(tab), says, `${path} says ${says}, but ${to} has other rows`);
  }
  tab.quiet('numbers');
  await tab.close();
});

test('a crash with another culprit is kept apart from what is the build’s own', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  await tab.open(reportOf(2));
  const own = await tab.text('#new');
  assert.match(own, /DMA violation/);
  assert.doesNotMatch(own, /amdppm/);
  assert.doesNotMatch(await tab.text('#own'), /amdppm/);
  const beside = await tab.text('#other');
  assert.match(beside, /amdppm\.sys/);
  assert.match(beside, /never counted as its own/);
  assert.doesNotMatch(beside, /DMA violation/);
  for (const word of ['Verdict', 'Coverage', 'Gate', 'Pass', 'Fail:']) assert.ok(!(await tab.text()).includes(word), `no "${word}" before it exists`);
  await tab.close();
});

test('names from machines are text: escapes shown, no markup, no reordering', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  for (const path of ['/findings', reportOf(2), `/findings/${(await findingOf('bugcheck', '<img')).id}`, '/rejected']) {
    await tab.open(path);
    if (path === '/rejected') await tab.page.locator('details.raw summary').first().click();
    const shown = await tab.text();
    const html = await tab.page.content();
    assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069\u200b]/, `${path}: nothing hidden in the text`);
    assert.equal(await tab.page.locator('main img, main script').count(), 0, `${path}: no element came out of a name`);
    assert.ok(!html.includes('<img src=x'), `${path}: escaped in the document`);
    assert.ok(!(await tab.page.title()).includes('\u202e'), 'the title of the window too');
    if (path !== '/rejected') assert.ok(shown.includes('<img src=x onerror=alert(1)>'), `${path} shows the name as it is`);
  }
  await tab.open(`/findings/${(await findingOf('bugcheck', '<img')).id}`);
  assert.ok((await tab.text('#culprit')).includes(HOSTILE_SHOWN), 'the culprit by its name, escapes written out');
  assert.match(await tab.text('.notice'), /could not be read whole: stack: 12 words lie outside the file/);
  assert.ok(HOSTILE.includes('\u202e'));
  await tab.check('finding-hostile');
  await tab.close();
});

test('by keyboard alone: to a build, its report, a finding, back; search, help, theme', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  const { page } = tab;
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await tab.open('/machines');
  await press('g', 'b');
  await page.waitForURL(/\/builds$/);
  await tab.settle();
  await press('j', 'j', 'k', 'j');
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)), 1);
  while (!/10\.4\.3/.test(await page.evaluate(() => document.activeElement.textContent))) await press('j');
  await press('Enter');
  await page.waitForURL(/\/builds\/\d+$/);
  await tab.settle();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'reading goes on at the heading');
  await press('j', 'Enter');
  await page.waitForURL(/\/findings\/\d+$/);
  await tab.settle();
  await page.goBack();
  await page.waitForURL(/\/builds\/\d+$/);
  await tab.settle();

  await press('/');
  await page.keyboard.type('amdppm');
  await press('Enter');
  await page.waitForURL(/\/findings\?q=amdppm$/);
  await tab.settle();
  assert.equal(await page.locator('main tbody tr').count(), 1);

  await press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await tab.check('help', { full: false });
  await press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'hidden' });

  await press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.reload();
  await tab.settle();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark', 'the theme is remembered');
  await press('t');

  /* everything else by Tab, starting with the skip link */
  await tab.open('/builds');
  await press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  const reached = new Set();
  for (let n = 0; n < 60; n++) {
    await press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()));
  }
  for (const name of ['Builds', 'Findings', 'Machines', 'Runs', 'Rejected', 'First steps', 'All drivers', 'Search findings', 'Keyboard help', 'Signed in as admin']) {
    assert.ok(reached.has(name), `${name} is reached by Tab: ${[...reached].join(' | ')}`);
  }

  /* switched off, keys are only keys */
  await press('?');
  await page.getByRole('checkbox', { name: /Shortcuts on/ }).uncheck();
  await press('Escape', 'g', 'i');
  await page.waitForTimeout(200);
  assert.match(page.url(), /\/builds$/);
  await tab.close();
});

test('menus: driver, theme, account', async () => {
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    await tab.open('/builds');
    await tab.page.getByRole('button', { name: 'All drivers' }).click();
    await tab.page.getByRole('link', { name: /contoso_filter\.sys/ }).first().waitFor();
    await tab.checkThemes('driver-menu', { full: false });
    await tab.page.locator('#driver-menu').getByRole('link', { name: /netx\.sys/ }).click();
    await tab.page.waitForURL(/driver=netx\.sys/);
    await tab.settle();
    assert.match(await tab.text('h1'), /Builds of netx\.sys/);
    await tab.page.getByRole('button', { name: /Signed in as/ }).click();
    await tab.checkThemes('account-menu', { full: false });
    await tab.close();
  }
});

test('drivers of a crash: counted, filtered; parameters copied; stack switched', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const dma = await findingOf('dma', 'netx.sys');
  await tab.open(`/findings/${dma.id}`);
  assert.match(await tab.text('#drivers h2'), /Loaded drivers\s*43/);
  await tab.page.getByLabel('Filter loaded drivers').fill('part1');
  assert.equal(await tab.page.locator('#drivers tbody tr').count(), 10);
  await tab.page.getByLabel('Filter loaded drivers').fill('nothing like it');
  await tab.page.getByText('No loaded driver matches').waitFor();
  await tab.page.getByRole('button', { name: 'Copy parameter 1' }).click();
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), '0x0000000000000003');
  assert.match(await tab.text('#bugcheck'), /0xE6/);
  assert.match(await tab.text('#why'), /Culprit|Module|Driver/i);
  await tab.close();
});

test('what happens meanwhile: numbers follow, new rows wait for the reader', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  await tab.open('/findings');
  const before = await tab.page.locator('main tbody tr').count();
  const first = await tab.page.locator('main tbody tr').first().innerText();
  const at = Date.now() - 1000;
  const answer = await lab.machines[1].send([lab.machines[1].started(at), lab.machines[1].crash(at + 10, { code: 0x9f, parameters: [3, 1, 2, 3], drivers: [{ name: 'netx.sys', timestamp: 0x5f5e0003, size: 0x37000 }], culprit: ['netx.sys', 0x9999] })]);
  assert.equal(answer.rejected, 0);
  const bar = tab.page.getByRole('button', { name: /1 new finding: show/ });
  await bar.waitFor({ timeout: 8000 });
  assert.equal(await tab.page.locator('main tbody tr').count(), before, 'nothing moved under the reader');
  assert.equal(await tab.page.locator('main tbody tr').first().innerText().then((t) => t.split('\n')[0]), first.split('\n')[0]);
  await tab.picture('findings-fresh');
  await bar.click();
  assert.equal(await tab.page.locator('main tbody tr').count(), before + 1);
  assert.match(await tab.page.locator('main tbody tr').first().innerText(), /0x9F/);

  /* a page that nobody looks at asks nothing */
  await tab.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await tab.page.waitForTimeout(300);
  const asked = tab.requests.length;
  await tab.page.waitForTimeout(4500);
  assert.equal(tab.requests.length, asked, 'a hidden tab pauses');
  tab.quiet('live');
  await tab.close();
});

test('a refused or broken answer is said where the data would be, with its request; and again', async () => {
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    tab.allowed = /Failed to load resource/;
    let broken = true;
    await tab.page.route(/\/api\/v1\/(builds|findings|machines|runs|rejected|occurrences)/, (route) =>
      broken
        ? route.fulfill({
            status: 503, contentType: 'application/problem+json',
            body: JSON.stringify({ type: 'about:blank', title: 'Service unavailable', status: 503, detail: 'The database does not answer.', request_id: '5f0c9d1e2a3b4c5d' }),
          })
        : route.continue());
    for (const [name, path] of [['builds', '/builds'], ['report', reportOf(2)], ['findings', '/findings'], ['finding', '/findings/1'], ['machines', '/machines'],
      ['machine', '/machines/1'], ['runs', '/runs'], ['occurrences', '/occurrences'], ['occurrence', '/occurrences/1'], ['rejected', '/rejected']]) {
      await tab.open(path);
      const said = await tab.text('.problem');
      assert.match(said, /could not be loaded: Service unavailable/, path);
      assert.match(said, /5f0c9d1e2a3b4c5d/, path);
      await tab.checkThemes(`${name}-error`);
    }
    await tab.open('/builds');
    broken = false;
    await tab.page.getByRole('button', { name: 'Try again' }).click();
    await tab.page.locator('main tbody tr').first().waitFor();
    await tab.close();
  }
});

test('while data is on its way the frame stands and says so; a failed refresh keeps what was there', async () => {
  for (const width of WIDTHS) {
    const tab = await browser.tab(server, { signedIn: admin, width });
    tab.allowed = /Failed to load resource/;
    let go;
    const held = new Promise((done) => (go = done));
    await tab.page.route(/\/api\/v1\/builds\/\d+\/report/, async (route) => {
      await held;
      await route.continue();
    });
    await tab.page.goto(reportOf(2));
    await tab.page.getByRole('status', { name: 'Loading the build report' }).waitFor();
    await tab.checkThemes('report-loading');
    go();
    await tab.settle();
    await tab.page.unroute(/\/api\/v1\/builds\/\d+\/report/);

    await tab.page.route(/\/api\/v1\/builds\/\d+\/report/, (route) =>
      route.fulfill({
        status: 503, contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Service unavailable', status: 503, detail: 'Busy.', request_id: '5f0c9d1e2a3b4c5d' }),
      }));
    const at = Date.now() - 500;
    await lab.machines[2].send([lab.machines[2].started(at), lab.machines[2].crash(at + 10, { code: 0xd1, parameters: [0x10, 2, 0, at], drivers: [{ name: 'netx.sys', timestamp: 0x5f5e0003, size: 0x37000 }], culprit: ['netx.sys', 0x2a31c] })]);
    await tab.page.getByText('Not refreshed: Service unavailable. What is shown is older.').waitFor({ timeout: 8000 });
    assert.match(await tab.text('#new'), /DMA violation/);
    await tab.checkThemes('report-stale');
    await tab.close();
  }
});

test('the address is the state: filters survive a copy of it, and going back undoes them', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  await tab.open('/findings');
  await tab.page.getByLabel('Kind').selectOption('dma');
  await tab.page.waitForURL(/\/findings\?kind=dma$/);
  await tab.settle();
  const rows = await tab.page.locator('main tbody tr').count();
  const other = await browser.tab(server, { signedIn: admin });
  await other.open(new URL(tab.page.url()).pathname + new URL(tab.page.url()).search);
  assert.equal(await other.page.locator('main tbody tr').count(), rows);
  assert.equal(await other.page.getByLabel('Kind').inputValue(), 'dma');
  await tab.page.goBack();
  await tab.page.waitForURL(/\/findings$/);
  await tab.settle();
  assert.equal(await tab.page.getByLabel('Kind').inputValue(), '');
  for (const short of [['/b/1', /Builds/], ['/m/1', /Machines/]]) {
    await other.open(short[0]);
    assert.match(await other.text('.crumbs'), short[1]);
  }
  await other.close();
  await tab.close();
});

test('a viewer sees everything but may neither make tokens nor download', async () => {
  const viewer = await addPerson(server, 'wanda', 'viewer');
  const tab = await browser.tab(server, { signedIn: viewer });
  await tab.open('/setup');
  assert.match(await tab.text(), /Making tokens takes the operator role/);
  assert.equal(await tab.page.getByRole('button', { name: /Make tokens/ }).count(), 0);
  await tab.open('/builds');
  assert.ok((await tab.page.locator('main tbody tr').count()) > 0);
  tab.quiet('viewer');
  await tab.close();
});

test('few requests, few bytes, nothing shifts', async () => {
  const tab = await browser.tab(server, { signedIn: admin });
  await tab.page.addInitScript(() => {
    globalThis.shifts = 0;
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (!e.hadRecentInput) globalThis.shifts += e.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await tab.page.goto(reportOf(2));
  await tab.page.locator('h1').first().waitFor();
  /* the icon of the tab is the browser's own request, and nothing waits for it */
  const requests = tab.requests.filter((r) => !r.includes('/icon-'));
  const upTo = requests.findIndex((r) => r.includes('/report')) + 1;
  assert.ok(upTo > 0 && upTo <= 6, `requests up to the first data: ${requests.slice(0, upTo).join(', ')}`);
  await tab.settle();
  const { js, shifts } = await tab.page.evaluate(() => ({
    js: performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js')).reduce((n, r) => n + r.encodedBodySize, 0),
    shifts: globalThis.shifts,
  }));
  assert.ok(js > 0 && js <= 35_000, `scripts of the first view: ${js} bytes`);
  assert.ok(shifts <= 0.02, `layout shift ${shifts}`);
  const html = await fetch(`${server.url}/`);
  assert.equal(
    html.headers.get('content-security-policy')?.split('; ').filter((d) => /^(default|script|style|connect)-src|^frame-anc/.test(d)).join('; '),
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'",
  );
  await tab.close();
});

