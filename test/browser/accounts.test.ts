import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ApiClient } from '../contract/client/api-client.ts';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const NEXT = 'copper-roof 71 indigo';
const limits = { timeout: 4 * PATIENCE_MS };

let browser: Browser;
let centre: CentreProcess;

before(async () => {
  [browser, centre] = await Promise.all([openBrowser(), CentreProcess.start()]);
  const provision = new Provision(centre);
  await provision.user('guard', PASSWORD, 'securityAdmin');
  await provision.user('li', PASSWORD, 'operator');
  await provision.user('wu', PASSWORD, 'operator');
});
after(async () => {
  await browser.close();
  await centre.dispose();
});

test('a security administrator gives a one-time password; with it nothing opens but its change', limits, async () => {
  const guard = await openPage(browser, 'zh-CN', 1440, 900);
  await logIn(guard, centre.webUrl, 'guard', PASSWORD);
  await guard.page.waitForURL((url) => url.pathname === '/accounts');
  const row = guard.page.locator('[data-testid=account-li]');
  await row.waitFor();
  await shoot(guard.page, 'accounts-1440-zh');
  await row.getByRole('button', { name: '一次性密码' }).click();
  await guard.page.locator('dialog button[type=submit]').click();
  const given = (await guard.page.locator('[data-testid=shown-once]').innerText()).trim();
  await shoot(guard.page, 'accounts-given-zh');
  await guard.page.locator('dialog button.primary').click();
  await row.locator('.tag').waitFor();

  const li = await openPage(browser, 'en-GB', 390, 844);
  await logIn(li, centre.webUrl, 'li', given);
  await li.page.waitForURL((url) => url.pathname === '/new-password');
  await li.page.goto(`${centre.webUrl}/desk`);
  await li.page.waitForURL((url) => url.pathname === '/new-password');
  await li.page.locator('input[name=present]').fill(given);
  await li.page.locator('input[name=next]').fill('fengsui fengsui');
  await li.page.locator('input[name=repeat]').fill('fengsui fengsui');
  await li.page.keyboard.press('Enter');
  await li.page.locator('[role=alert]').waitFor();
  await shoot(li.page, 'new-password-390-en');
  for (const name of ['next', 'repeat']) await li.page.locator(`input[name=${name}]`).fill(NEXT);
  await li.page.keyboard.press('Enter');
  await li.page.waitForURL((url) => url.pathname === '/desk');
  await li.page.locator('[data-testid=feed-state][data-state=live]').waitFor();
  assert.deepEqual([guard.troubles, li.troubles.filter((line) => !line.includes('422'))], [[], []]);
});

test('who is disabled is out of his open screen; his own page shows where he is logged in', limits, async () => {
  const [wu, other, guard] = [
    await openPage(browser, 'zh-CN', 390, 844),
    await openPage(browser),
    await openPage(browser, 'en-GB', 390, 844),
  ];
  await logIn(wu, centre.webUrl, 'wu', PASSWORD);
  await logIn(other, centre.webUrl, 'wu', PASSWORD);
  await wu.page.goto(`${centre.webUrl}/account`);
  const rows = wu.page.locator('[data-testid=log-ins] tbody tr');
  await rows.nth(1).waitFor();
  await shoot(wu.page, 'account-390-zh');
  await rows.getByRole('button').click();
  await other.page.waitForURL((url) => url.pathname === '/login');
  await other.page.close();

  await logIn(guard, centre.webUrl, 'guard', PASSWORD);
  const row = guard.page.locator('[data-testid=account-wu]');
  await row.getByRole('button', { name: 'Disable' }).click();
  await shoot(guard.page, 'accounts-disable-390-en');
  await guard.page.locator('dialog button[type=submit]').click();
  await row.getByRole('button', { name: 'Enable' }).waitFor();
  await guard.page.evaluate(() => window.scrollTo(0, 2000));
  await shoot(guard.page, 'accounts-390-en');
  await wu.page.waitForURL((url) => url.pathname === '/login');
});

test('rights that are taken away take their pages from an open screen', limits, async () => {
  const provision = new Provision(centre);
  await provision.user('zhou', PASSWORD, 'operator');
  const zhou = await openPage(browser, 'zh-CN', 1440, 900);
  await logIn(zhou, centre.webUrl, 'zhou', PASSWORD);
  const workOrders = zhou.page.locator('header nav a[href="/work-orders"]');
  await workOrders.waitFor();
  await zhou.page.locator('[data-testid=feed-state][data-state=live]').waitFor();
  const security = new ApiClient(centre.webUrl, await provision.token('securityAdmin'));
  assert.equal((await security.call('PATCH', '/api/v1/users/zhou', { role: 'auditor' })).status, 200);
  await workOrders.waitFor({ state: 'detached' });
});

test('a wall screen is lit by a link, once; a token is made, listed and revoked', limits, async () => {
  const guard = await openPage(browser, 'zh-CN', 1440, 900);
  await logIn(guard, centre.webUrl, 'guard', PASSWORD);
  const { page } = guard;
  const form = page.locator('[data-testid=new-token]');
  await form.locator('input[name=name]').fill('bridge');
  await form.locator('button[type=submit]').click();
  assert.match(await page.locator('[data-testid=shown-once]').innerText(), /^fst_/);
  await page.locator('dialog button.primary').click();
  const row = page.locator('[data-testid=tokens] tbody tr', { hasText: 'bridge' });
  await row.waitFor();
  await row.scrollIntoViewIfNeeded();
  await shoot(page, 'tokens-1440-zh');
  await row.getByRole('button').click();
  await row.waitFor({ state: 'detached' });

  await page.locator('form:has-text("生成大屏链接") input[name=name]').fill('hall');
  await page.getByRole('button', { name: '生成大屏链接' }).click();
  const link = (await page.locator('[data-testid=shown-once]').innerText()).trim();
  const wall = await openPage(browser);
  await wall.page.goto(link);
  await wall.page.waitForURL((url) => url.pathname === '/wall');
  assert.equal(new URL(wall.page.url()).hash, '', 'the token does not stay in the address');
  const second = await openPage(browser, 'en-GB', 390, 844);
  await second.page.goto(link);
  await second.page.locator('[role=alert]').waitFor();
  await shoot(second.page, 'wall-link-used-390-en');
  assert.deepEqual([guard.troubles, wall.troubles], [[], []]);
});
