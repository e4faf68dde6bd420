import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { Reporter } from './seat/reporter.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let browser: Browser;
let centre: ContractCentre;
let detector: Reporter;

before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
  detector = await Reporter.create(centre, 'ceiling', 'V-works', 'smoke');
  await centre.provision.user('li', PASSWORD, 'technician');
  for (const name of ['zhang', 'wang']) await centre.provision.user(name, PASSWORD, 'shiftLeader');
});
after(async () => {
  detector.end();
  await browser.close();
  await centre.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };

async function open(username: string, locale: 'zh-CN' | 'en-GB', width = 1440): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, width, 900);
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  await watched.page.goto(`${centre.process.webUrl}/isolations`);
  return watched;
}

test(
  'one person asks, another approves; the fire that comes is said in red on every page, and is on the queue at the end',
  limits,
  async () => {
    const li = await open('li', 'zh-CN');
    await li.page.getByText('当前没有屏蔽，也没有测试。').waitFor();
    await shoot(li.page, 'isolation-none-zh');
    await li.page.getByTestId('ask-isolation').click();
    await li.page.locator('select[name=venue]').selectOption('V-works');
    await li.page.locator('select[name=place]').selectOption('device:ceiling');
    await li.page.getByTestId('isolation-reach').getByText('需要另一人批准').waitFor();
    await li.page.locator('textarea[name=reason]').fill('吊顶打磨');
    await li.page.locator('dialog button.primary').click();
    await li.page.getByText('请填写现场值守人').waitFor();
    await li.page.locator('input[name=watcher]').fill('陈工');
    await shoot(li.page, 'isolation-ask-zh');
    await li.page.locator('dialog button.primary').click();
    await li.page.locator('[data-testid=isolation][data-state=asked]').waitFor();
    await li.page.getByText('本人不能批准自己的申请').waitFor();
    assert.equal(await li.page.getByText('批准，立即生效').count(), 0);

    const wang = await open('wang', 'en-GB');
    await wang.page.locator('[data-testid=isolation][data-state=asked]').waitFor();
    await shoot(wang.page, 'isolation-asked-en');
    await wang.page.getByRole('button', { name: 'Approve and begin' }).click();
    await wang.page.locator('[data-testid=isolation][data-state=active]').waitFor();
    const bar = wang.page.getByTestId('isolation-bar');
    await bar.getByText('Isolated or on test: 1, devices: 1').waitFor();

    await wang.page.goto(`${centre.process.webUrl}/desk`);
    await detector.event('smoke', { point: 'smoke', level: 'alarm' });
    await bar.getByText('Fire alarms hidden by isolation: 1. Look now!').waitFor();
    assert.equal(await bar.getAttribute('role'), 'alert');
    await shoot(wang.page, 'isolation-fire-desk-en');
    await wang.page.getByText('Unacknowledged 0').waitFor();
    assert.match((await wang.page.locator('.alarm-body').textContent()) ?? '', /out of service/);

    await centre.provision.user('wall', PASSWORD, 'display');
    const wall = await openPage(browser, 'zh-CN', 1920, 1080);
    await logIn(wall, centre.process.webUrl, 'wall', PASSWORD);
    await wall.page.goto(`${centre.process.webUrl}/wall`);
    await wall.page.locator('.isolation-bar.hides-fire').getByText('被屏蔽的火警 1 条').waitFor();
    assert.equal(await wall.page.locator('.isolation-bar a').count(), 0);
    await shoot(wall.page, 'isolation-fire-wall-zh');
    await wall.page.context().close();

    const phone = await open('zhang', 'zh-CN', 390);
    await phone.page.getByTestId('suppressed').getByText('其中火警 1 次').waitFor();
    await shoot(phone.page, 'isolation-active-390-zh');
    await phone.page.getByRole('button', { name: '立即恢复' }).click();
    await phone.page.locator('[data-testid=isolation][data-state=ended]').waitFor();
    await wang.page.getByText('Unacknowledged 1').first().waitFor();
    await bar.waitFor({ state: 'detached' });
    for (const { page, troubles } of [li, wang, phone]) {
      assert.deepEqual(troubles, []);
      await page.context().close();
    }
  },
);

test('from the page of a device or a venue the form knows its place', limits, async () => {
  const li = await open('li', 'zh-CN');
  for (const [path, place] of [
    ['devices/ceiling', 'device:ceiling'],
    ['venues/V-works', ''],
  ] as const) {
    await li.page.goto(`${centre.process.webUrl}/${path}`);
    await li.page.getByTestId('isolate-here').click();
    const form = li.page.locator('dialog');
    await form.locator(`select[name=place] option[value="device:ceiling"]`).waitFor({ state: 'attached' });
    assert.equal(await form.locator('select[name=venue]').inputValue(), 'V-works');
    assert.equal(await form.locator('select[name=place]').inputValue(), place);
    await shoot(li.page, `isolate-here-${place === '' ? 'venue' : 'device'}-zh`);
    await li.page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
  }
  const looking = await openPage(browser, 'en-GB', 1440, 900);
  await centre.provision.user('regulator', PASSWORD, 'regulator');
  await logIn(looking, centre.process.webUrl, 'regulator', PASSWORD);
  await looking.page.goto(`${centre.process.webUrl}/devices/ceiling`);
  await looking.page.getByTestId('presence').waitFor();
  assert.equal(await looking.page.getByTestId('isolate-here').count(), 0);
  for (const { page, troubles } of [li, looking]) {
    assert.deepEqual(troubles, []);
    await page.context().close();
  }
});
