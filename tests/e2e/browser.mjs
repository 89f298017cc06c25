// Debian's Chromium for the pages: what it said on its console, whom it asked, what axe finds, pictures.
//   const browser = await openBrowser();
//   const tab = await browser.tab(server, { signedIn: caller, theme: 'dark', width: 390 });
//   await tab.open('/builds');  await tab.check('builds-full');   // axe, overflow, console, hosts, picture
//   await browser.close();
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertAnswer } from '../support/api.mjs';
import { top } from '../support/server.mjs';

const require = createRequire(join(top, 'web/package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const executablePath = process.env.VERIFLEET_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const pictures = join(top, 'build', 'screenshots');

export const THEMES = ['light', 'dark'];
export const WIDTHS = [1440, 390];

export async function openBrowser() {
  const profile = mkdtempSync(join(tmpdir(), 'vf-chromium-'));
  const browser = await chromium.launch({ executablePath, args: [...args, `--disk-cache-dir=${profile}`] });
  mkdirSync(pictures, { recursive: true });
  return {
    async tab(server, { signedIn = null, theme = 'light', width = 1440, height = width > 800 ? 900 : 844 } = {}) {
      const context = await browser.newContext({ baseURL: server.url, viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce', acceptDownloads: true });
      if (signedIn) {
        const [name, value] = signedIn.cookie.split('=');
        await context.addCookies([{ name, value, url: server.url }]);
      }
      return new Tab(await context.newPage(), context, server, { theme, width });
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export class Tab {
  constructor(page, context, server, how) {
    Object.assign(this, { page, context, server, ...how });
    this.console = [];
    this.hosts = new Set();
    this.requests = [];
    this.undescribed = [];
    page.on('response', (r) => this.hold(r));
    page.on('console', (m) => this.console.push(`${m.type()}: ${m.text()}`));
    page.on('pageerror', (e) => this.console.push(`error: ${e.stack}`));
    page.on('request', (r) => {
      const url = new URL(r.url());
      if (url.protocol.startsWith('http')) this.hosts.add(url.host);
      this.requests.push(`${r.method()} ${url.pathname}${url.search}`);
    });
  }

  /** What the server answers the pages must be as openapi.json says. Answers that a test makes up carry no request id. */
  async hold(response) {
    const url = new URL(response.url());
    const headers = response.headers();
    if (!url.pathname.startsWith('/api/v1/') || !headers['x-request-id']) return;
    const type = headers['content-type'];
    let body;
    try {
      if (/json/.test(type ?? '')) body = await response.json();
    } catch {
      return; // the page went elsewhere before the body was read
    }
    try {
      assertAnswer(response.request().method(), url.pathname + url.search, { status: response.status(), headers, type, body });
    } catch (e) {
      this.undescribed.push(e.message);
    }
  }

  /** Opens an address and waits until nothing on the page says that it is loading. */
  async open(path) {
    await this.page.goto(path);
    await this.settle();
  }

  async settle() {
    await this.page.waitForFunction(
      () => {
        const app = document.getElementById('app');
        return app?.querySelector('h1') && app.querySelector('h1').textContent !== 'Loading' && !document.querySelector('.skeleton, [aria-busy="true"]');
      },
      null,
      { timeout: 40_000 },
    );
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  text(selector = 'main') {
    return this.page.locator(selector).first().innerText();
  }

  /** Everything that a page must keep in every state, and its picture. */
  async check(name, { full = true } = {}) {
    await this.axe(name);
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${name} at ${this.width}: the page is ${over} px too wide`);
    await this.picture(name, full);
    this.quiet(name);
  }

  /** check() in both themes: the page follows the system, so it need not be opened twice. */
  async checkThemes(name, how) {
    for (const theme of THEMES) {
      this.theme = theme;
      await this.page.emulateMedia({ colorScheme: theme });
      await this.check(name, how);
    }
  }

  async axe(name) {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(`${axe};0`);
    const { violations } = await this.page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
      rules,
    );
    const said = violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(' ')}: ${v.nodes[0].failureSummary}`);
    assert.deepEqual(said, [], `${name} ${this.theme} ${this.width}: axe`);
  }

  picture(name, full = true) {
    return this.page.screenshot({ path: join(pictures, `${name}-${this.width}-${this.theme}.png`), fullPage: full });
  }

  /** Nothing on the console but failed requests that the test caused, and nobody asked but the server. */
  quiet(name, allowed = this.allowed) {
    const loud = this.console.filter((line) => !(allowed && allowed.test(line)));
    assert.deepEqual(loud, [], `${name}: the console`);
    assert.deepEqual(this.undescribed, [], `${name}: an answer that openapi.json does not describe`);
    assert.deepEqual([...this.hosts], [new URL(this.server.url).host], `${name}: hosts`);
  }

  close() {
    return this.context.close();
  }
}
