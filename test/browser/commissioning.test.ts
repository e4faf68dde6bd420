import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import type { DeviceClient } from '../contract/client/device-client.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const VENUE = 'V-101';
const limits = { timeout: 6 * PATIENCE_MS } as const;

let browser: Browser;
let contract: ContractCentre;
let technician: WatchedPage;
const devices: DeviceClient[] = [];

/** Venue, name, life, wave. */
const city = [
  [VENUE, '兴旺饭店', 'Xingwang restaurant', 'installed', '第一批'],
  ['V-102', '学府书店', 'Xuefu bookshop', 'live', '第一批'],
  ['V-103', '长治路小学', 'Changzhi Road school', 'live', '第一批'],
  ['V-201', '鼓楼商场', 'Drum Tower mall', 'planned', '第二批'],
  [
    'V-202',
    '晋阳里社区卫生服务中心（含康复科与居家养老服务站）',
    'Jinyangli community health centre',
    'planned',
    '第二批',
  ],
] as const;

before(async () => {
  [browser, contract] = await Promise.all([openBrowser(), ContractCentre.start()]);
  const { process: centre, provision } = contract;
  await contract.register('old-1', { venueId: 'V-OLD', model: 'generic-smoke' });
  const token = await provision.token('systemAdmin');
  for (const [id, name, nameEn, life, wave] of city) {
    const response = await fetch(`${centre.webUrl}/api/v1/venues/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, nameEn, class: 'nineSmall', organisationId: 'default', life, wave }),
    });
    assert.equal(response.status, 200, await response.text());
  }
  for (const id of ['S-1', 'S-2', 'S-3'])
    devices.push(await contract.device(id, { venueId: VENUE, model: 'generic-smoke' }));
  await provision.user('wang', PASSWORD, 'technician');
  await provision.user('li', PASSWORD, 'venueManager', [VENUE]);
  technician = await openPage(browser, 'zh-CN');
  await logIn(technician, centre.webUrl, 'wang', PASSWORD);
}, limits);
after(async () => {
  await browser?.close();
  await contract?.dispose();
});

test('the board shows every venue under its wave and state, and prints labels', limits, async () => {
  const { page } = technician;
  await page.goto(`${contract.process.webUrl}/commissioning`);
  const row = page.locator('[data-testid=board-row][data-wave="第一批"]');
  await row.waitFor();
  assert.equal(await row.locator('[data-testid=cell-installed]').getAttribute('data-count'), '1');
  assert.equal(await row.locator('[data-testid=cell-live]').getAttribute('data-count'), '2');
  assert.equal(
    await page.locator('[data-testid=board-row][data-wave=""] [data-testid=cell-live]').getAttribute('data-count'),
    '1',
  );
  await shoot(page, 'commissioning-board-zh');
  await page.locator('[data-testid=print-labels]').click();
  await shoot(page, 'commissioning-labels-zh');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('dialog button[type=submit]').click(),
  ]);
  assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), '%PDF-');
});

test(
  'a test is started, ticked by events and by hand, seen at the desk as a test, ended, and signed by two',
  limits,
  async () => {
    const { page } = technician;
    await page.goto(`${contract.process.webUrl}/commissioning/${VENUE}`);
    await page.locator('[data-testid=venue-life][data-life=installed]').waitFor();
    await shoot(page, 'commissioning-venue-before-zh');
    await page.locator('[data-testid=start-test]').click();
    await page.locator('[data-testid=test-running]').waitFor();
    const [first, second] = devices;
    const smoke = { epoch: 'e', at: Date.now(), kind: 'smoke', point: 'smoke', active: true, level: 'alarm' };
    await first?.event({ ...smoke, seq: 1 });
    const ticked = page.locator('[data-testid=test-point][data-device-id=S-1][data-outcome=passed]');
    await ticked.waitFor();
    await page.waitForFunction(() =>
      /\d+ ms/.test(document.querySelector('[data-device-id=S-1] td.number')?.textContent ?? ''),
    );
    await second?.event({ ...smoke, seq: 1 });
    await page.locator('[data-testid=test-point][data-device-id=S-2][data-outcome=passed]').waitFor();
    await page.locator('[data-testid=test-point][data-device-id=S-3] td.acts button').first().click();
    await page.locator('dialog textarea').fill('磁铁触发，主机已显示；探测器在吊顶内');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=test-point][data-device-id=S-3][data-outcome=passed]').waitFor();
    await page.locator('[data-testid=test-bar]').waitFor();
    await shoot(page, 'commissioning-running-zh');

    await page.goto(`${contract.process.webUrl}/desk`);
    const alarm = page.locator('[data-testid=alarm-row]').first();
    await alarm.waitFor();
    assert.match((await alarm.textContent()) ?? '', /测试.*未投运 · 已安装/s);
    assert.match((await page.locator('[data-testid=test-bar]').textContent()) ?? '', /兴旺饭店/);
    await shoot(page, 'commissioning-desk-zh');

    await page.goto(`${contract.process.webUrl}/commissioning/${VENUE}`);
    await page.locator('[data-testid=end-test]').click();
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=make-acceptance]').click();
    await page.locator('[data-testid=acceptance][data-version="1"][data-current=true]').waitFor();
    await page.locator('[data-testid=sign]').click();
    await page.locator('dialog input').fill('王师傅');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=signature-handOver][data-signed=true]').waitFor();

    const owner = await openPage(browser, 'en-GB', 390, 844);
    await logIn(owner, contract.process.webUrl, 'li', PASSWORD);
    await owner.page.goto(`${contract.process.webUrl}/commissioning/${VENUE}`);
    await owner.page.locator('[data-testid=sign]').click();
    await owner.page.locator('dialog input').fill('Manager Li');
    await shoot(owner.page, 'commissioning-sign-390-en');
    await owner.page.locator('dialog button[type=submit]').click();
    await owner.page.locator('[data-testid=venue-life][data-life=tested]').waitFor();
    const overflow = await owner.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the phone`);
    await shoot(owner.page, 'commissioning-tested-390-en');
    await owner.page.locator('[data-testid=acceptances]').scrollIntoViewIfNeeded();
    await shoot(owner.page, 'commissioning-acceptance-390-en');
    assert.deepEqual(owner.troubles, []);

    await page.locator('[data-testid=venue-life][data-life=tested]').waitFor();
    await page.locator('[data-testid=move-live]').click();
    await page.locator('dialog textarea').fill('移交完成');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=venue-life][data-life=live]').waitFor();
    await page.locator('[data-testid=acceptances]').scrollIntoViewIfNeeded();
    await shoot(page, 'commissioning-live-zh');
  },
);

test('a trial shows its figures with what they rest on, and says where the data is not enough', limits, async () => {
  const { page } = technician;
  await page.goto(`${contract.process.webUrl}/commissioning`);
  await page.locator('[data-testid=begin-trial]').click();
  await page.locator('dialog input').first().fill('第一批试运营');
  await page.locator('dialog button[type=submit]').click();
  const kpi = page.locator('[data-testid=kpi-transmissionTime]');
  await kpi.waitFor();
  assert.match((await kpi.textContent()) ?? '', /数据不足/);
  await page.locator('[data-testid=trial]').scrollIntoViewIfNeeded();
  await shoot(page, 'commissioning-trial-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${contract.process.webUrl}/commissioning`);
  await page.locator('[data-testid=board-row]').first().waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `the board is ${overflow} px wider than the phone`);
  await shoot(page, 'commissioning-board-390-zh');
  assert.deepEqual(technician.troubles, []);
  const english = await openPage(browser, 'en-GB');
  await logIn(english, contract.process.webUrl, 'wang', PASSWORD);
  await english.page.goto(`${contract.process.webUrl}/commissioning`);
  await english.page.locator('[data-testid=trial]').waitFor();
  await shoot(english.page, 'commissioning-board-en');
  await english.page.goto(`${contract.process.webUrl}/commissioning/${VENUE}`);
  await english.page.locator('[data-testid=test-point]').first().waitFor();
  await shoot(english.page, 'commissioning-venue-en');
  assert.deepEqual(english.troubles, []);
});
