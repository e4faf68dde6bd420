import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ApiClient } from '../contract/client/api-client.ts';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const limits = { timeout: 4 * PATIENCE_MS };

let browser: Browser;
let centre: CentreProcess;

before(async () => {
  [browser, centre] = await Promise.all([openBrowser(), CentreProcess.start()]);
  const provision = new Provision(centre);
  await provision.user('shen', PASSWORD, 'auditor');
  await provision.user('wang', PASSWORD, 'shiftLeader');
  await provision.device('A1', 'V1');
  const leader = new ApiClient(centre.webUrl, await provision.token('shiftLeader'));
  await leader.post('/api/v1/venues/V1/load-history-reasons', { reason: '复查夜间用电' });
  await leader.get('/api/v1/venues');
  for (let n = 0; n < 60; n++) await leader.call('GET', '/api/v1/users');
});
after(async () => {
  await browser.close();
  await centre.dispose();
});

test('the auditor finds who did what, takes it along, and has the chain verified', limits, async () => {
  const shen = await openPage(browser, 'zh-CN', 1440, 900);
  await logIn(shen, centre.webUrl, 'shen', PASSWORD);
  const { page } = shen;
  await page.locator('header nav a[href="/audit"]').click();
  const rows = page.locator('[data-testid=audit-rows] tbody tr');
  await rows.first().waitFor();
  await page.locator('[data-testid=audit-attested]', { hasText: '自证' }).waitFor();
  await page.getByRole('button', { name: '现在核验' }).click();
  await page.locator('[data-testid=audit-verified][data-whole=true]').waitFor();
  await shoot(page, 'audit-1440-zh');

  await page.locator('select[name=venueId]').selectOption('V1');
  await page.locator('select[name=result]').selectOption('asked');
  await page.waitForURL(/venueId=V1.*result=asked|result=asked.*venueId=V1/);
  await page.locator('[data-testid=audit-rows] tbody', { hasText: 'load-history-reasons' }).waitFor();
  await page.locator('[data-testid=audit-rows] tr[data-result=done]').first().waitFor({ state: 'detached' });
  assert.equal(await rows.count(), 1);
  await rows.locator('summary').click();
  await rows.locator('code', { hasText: '复查夜间用电' }).waitFor();
  await shoot(page, 'audit-filtered-1440-zh');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-testid=audit-csv]').click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  assert.equal(csv.trim().split('\r\n').length, 2, csv);
  assert.match(csv, /load-history-reasons/);

  await page.locator('input[name=by]').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByText('没有符合条件的记录').waitFor();
  await shoot(page, 'audit-empty-1440-zh');
  assert.deepEqual(shen.troubles, []);
});

test('older rows come on demand; a centre that is away is said, and what was read stays', limits, async () => {
  const shen = await openPage(browser, 'en-GB', 390, 844);
  await logIn(shen, centre.webUrl, 'shen', PASSWORD);
  const { page } = shen;
  await page.goto(`${centre.webUrl}/audit?result=refused`);
  const rows = page.locator('[data-testid=audit-rows] tbody tr');
  await rows.first().waitFor();
  await shoot(page, 'audit-390-en');
  await page.goto(`${centre.webUrl}/audit`);
  await rows.nth(49).waitFor();
  await page.getByRole('button', { name: 'Older' }).click();
  await rows.nth(50).waitFor();
  const count = await rows.count();
  await centre.kill9();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('.audit > .problem').waitFor();
  assert.equal(await rows.count(), count);
  await page.evaluate(() => document.querySelector('.audit > .problem')?.scrollIntoView());
  await shoot(page, 'audit-away-390-en');
  await centre.up();
});

test('nobody else has the page', limits, async () => {
  const wang = await openPage(browser, 'zh-CN', 1440, 900);
  await logIn(wang, centre.webUrl, 'wang', PASSWORD);
  await wang.page.locator('header nav').waitFor();
  assert.equal(await wang.page.locator('header nav a[href="/audit"]').count(), 0);
  await wang.page.goto(`${centre.webUrl}/audit`);
  await wang.page.getByText('审计只对审计管理员开放').waitFor();
});
