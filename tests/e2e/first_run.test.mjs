// An empty server as a person meets it: sign-in, one-time password, first steps, empty pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signIn } from '../support/api.mjs';
import { startServer, until } from '../support/server.mjs';
import { openBrowser, WIDTHS } from './browser.mjs';

let server, browser, caller;
const password = 'quite-another 7 words';

before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/* 401 is what the server has to say to somebody who is not signed in; Chromium notes each of them. */
const REFUSED = /Failed to load resource: .* 40[134]/;

test('a page asked for without a session leads to the sign-in and back; a wrong password is said', async () => {
  const tab = await browser.tab(server);
  tab.allowed = REFUSED;
  const once = /user admin has the one-time password (\S+)/.exec(server.log)[1];
  await tab.page.goto('/machines?q=x');
  await tab.page.waitForURL(/\/sign-in\?return=/);
  assert.equal(new URL(tab.page.url()).searchParams.get('return'), '/machines?q=x');
  await tab.settle();
  await tab.check('sign-in');

  await tab.page.getByLabel('Name').fill('admin');
  await tab.page.getByLabel('Password').fill('not the one');
  await tab.page.keyboard.press('Enter');
  await tab.page.getByRole('alert').filter({ hasText: 'That name and password do not match.' }).waitFor();
  assert.equal(await tab.page.evaluate(() => document.activeElement.id), 'password', 'the password has the focus again');
  await tab.check('sign-in-wrong');

  await tab.page.getByLabel('Password').fill(once);
  await tab.page.getByRole('button', { name: 'Sign in' }).click();
  await tab.page.getByRole('heading', { name: 'Set a new password' }).waitFor();
  await tab.check('password-once');

  await tab.page.goto('/builds');
  await tab.page.getByRole('heading', { name: 'Set a new password' }).waitFor();
  await tab.page.goBack();

  await tab.page.getByLabel('One-time password').fill(once);
  await tab.page.getByLabel('New password', { exact: true }).fill('short');
  await tab.page.getByLabel('New password, once more').fill('short');
  await tab.page.keyboard.press('Enter');
  await tab.page.getByText('At least 12 characters; this has 5.').waitFor();
  await tab.page.getByLabel('New password', { exact: true }).fill(password);
  await tab.page.getByLabel('New password, once more').fill(`${password}!`);
  await tab.page.keyboard.press('Enter');
  await tab.page.getByText('The two do not match.').waitFor();
  await tab.check('password-wrong');
  await tab.page.getByLabel('One-time password').fill('wrong once');
  await tab.page.getByLabel('New password, once more').fill(password);
  tab.allowed = /Failed to load resource: .* (40[134]|422)/;
  await tab.page.keyboard.press('Enter');
  await tab.page.getByText('That is not the one-time password.').waitFor();
  await tab.page.getByLabel('One-time password').fill(once);
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForURL(/\/machines\?q=x$/);
  await tab.settle();

  await tab.page.getByRole('button', { name: /Signed in as admin/ }).click();
  await tab.page.getByRole('button', { name: 'Sign out' }).click();
  await tab.page.waitForURL(/\/sign-in$/);
  await tab.page.getByLabel('Name').waitFor();
  const gone = await tab.page.evaluate(async () => (await fetch('/api/v1/session')).status);
  assert.equal(gone, 401, 'signing out ends the session on the server too');
  tab.quiet('sign-out');
  await tab.close();
});

test('a session that ends while a page is open leads to the sign-in, and back to the same page', async () => {
  caller = await signIn(server, { password: undefined, ...(await alreadyChanged()) });
  const tab = await browser.tab(server, { signedIn: caller });
  tab.allowed = REFUSED;
  await tab.open('/findings?kind=dma');
  await caller.delete('/api/v1/session', { status: 204 });
  await tab.page.waitForURL(/\/sign-in\?return=/, { timeout: 10_000 });
  await tab.page.getByText('Your session has ended.').waitFor();
  await tab.page.getByLabel('Name').fill('admin');
  await tab.page.getByLabel('Password').fill(password);
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForURL(/\/findings\?kind=dma$/);
  await tab.settle();
  tab.quiet('session end');
  await tab.close();
  caller = await signIn(server, await alreadyChanged());
});

/* signIn() would use the one-time password of the log again, which the first test has used up. */
async function alreadyChanged() {
  server.log = server.log.replaceAll('one-time password', 'first password');
  return { renew: password };
}

test('the empty server shows its first steps, filled in, and notices the first build by itself', async () => {
  const tab = await browser.tab(server, { signedIn: caller });
  await tab.open('/');
  await tab.page.waitForURL(/\/setup$/);
  await tab.page.getByRole('heading', { name: 'Welcome. Nothing has arrived yet.' }).waitFor();
  const commands = () => tab.page.locator('.command code').allInnerTexts();
  assert.equal((await commands()).length, 3);
  for (const c of await commands()) assert.ok(c.includes(server.url), `${c} names this server`);
  await tab.page.getByRole('button', { name: /Make tokens/ }).click();
  await tab.page.getByText('shown only now').waitFor();
  const filled = await commands();
  assert.match(filled.join('\n'), /--token vfe_[A-Za-z0-9_-]{16,}/);
  assert.ok(!/\bTOKEN\b/.test(filled.join('\n')), 'no place is left to fill in');
  const api = /--token (vf[a-df-z]_\S+)/.exec(filled[0])?.[1] ?? /--token (\S+)/.exec(filled[0])[1];
  await tab.check('setup-tokens');

  const answer = await fetch(`${server.url}/api/v1/builds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api}`, 'content-type': 'application/json' },
    body: JSON.stringify({ driver: 'first.sys', seq: 1, label: '1.0.1' }),
  });
  assert.equal(answer.status, 201, 'the token of the page may register builds');
  await tab.page.getByText('Arrived:').first().waitFor({ timeout: 6000 });
  assert.match(await tab.text('.step.done'), /first\.sys 1\.0\.1/);
  tab.quiet('first steps');

  await tab.page.locator('.step.done').getByRole('link', { name: /first\.sys/ }).click();
  await tab.page.waitForURL(/\/builds\/\d+$/);
  await tab.settle();
  assert.match(await tab.text(), /Nothing has been reported for this build yet\. That says nothing about its quality\./);
  await tab.check('report-empty');
  await tab.close();
});

test('every empty page, both themes, both widths', async () => {
  const empty = await startServer();
  try {
    const who = await signIn(empty);
    for (const width of WIDTHS) {
      const tab = await browser.tab(empty, { signedIn: who, width });
      for (const [name, path, says] of [
        ['setup', '/setup', 'Nothing has arrived yet'],
        ['builds', '/builds', 'No build is registered yet'],
        ['findings', '/findings', 'No finding yet'],
        ['findings-filter', '/findings?kind=dma', 'No finding matches'],
        ['machines', '/machines', 'No machine has reported yet'],
        ['runs', '/runs', 'No run has been reported yet'],
        ['occurrences', '/occurrences', 'No occurrence matches'],
        ['rejected', '/rejected', 'No record was rejected'],
        ['password', '/password', 'Change password'],
      ]) {
        await tab.open(path);
        assert.ok((await tab.text()).includes(says), `${path} says "${says}"`);
        await tab.checkThemes(`${name}-empty`);
      }
      tab.allowed = REFUSED;
      for (const path of ['/nowhere', '/builds/99', '/findings/99', '/machines/99', '/occurrences/99']) {
        await tab.open(path);
        assert.ok((await tab.text()).includes('There is nothing at this address'), path);
      }
      await tab.checkThemes('not-found');
      await tab.close();
    }
    const out = await browser.tab(empty, { theme: 'dark', width: 390 });
    out.allowed = REFUSED;
    await out.open('/sign-in');
    await out.checkThemes('sign-in');
    await out.close();
  } finally {
    await empty.stop();
  }
});

test('the server goes away and comes back: said, stamped, and refreshed by itself', async () => {
  const tab = await browser.tab(server, { signedIn: caller });
  tab.allowed = /Failed to load resource/;
  await tab.open('/builds');
  await tab.page.getByText('Live', { exact: true }).waitFor();
  await server.kill();
  await tab.page.getByText(/No answer from the server since/).waitFor({ timeout: 20_000 });
  assert.match(await tab.text('.live'), /Offline/);
  assert.match(await tab.text('.data-time'), /not refreshed since/);
  assert.match(await tab.text('table'), /first\.sys|1\.0\.1/, 'the data stays');
  await tab.check('builds-offline');
  await server.start();
  await tab.page.getByText('Live', { exact: true }).waitFor({ timeout: 40_000 });
  await until(async () => !/not refreshed/.test(await tab.text('.data-time')), 'the data to be read again', 20);
  assert.equal(await tab.page.getByText(/No answer from the server/).count(), 0);
  await tab.close();
});
