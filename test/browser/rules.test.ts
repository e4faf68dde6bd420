import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
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
  detector = await Reporter.create(centre, 'boiler', 'V-works', 'heat');
  for (const name of ['zhang', 'wang']) await centre.provision.user(name, PASSWORD, 'shiftLeader');
  await centre.provision.user('li', PASSWORD, 'regulator');
});
after(async () => {
  detector.end();
  await browser.close();
  await centre.dispose();
});

async function open(username: string, locale: 'zh-CN' | 'en-GB', width = 1440): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, width, 900);
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  await watched.page.goto(`${centre.process.webUrl}/rules`);
  await watched.page.getByTestId('rule-heat-alarm').waitFor();
  return watched;
}

const fill = (page: Page, name: string, text: string): Promise<void> =>
  page.locator(`dialog [name=${name}]`).fill(text);
const card = (page: Page, version: number) => page.getByTestId(`version-${version}`);

test(
  'one drafts a rise of his own, tries it on the past, another reviews it; switched on it raises, and is taken back',
  { timeout: 5 * PATIENCE_MS },
  async () => {
    for (const value of [20, 33]) await detector.values({ 'heat.temperatureC': value });
    const zhang = await open('zhang', 'zh-CN');
    await shoot(zhang.page, 'rules-product-zh');
    await zhang.page.getByTestId('new-rule').click();
    await zhang.page.locator('dialog button.primary').click();
    await zhang.page.getByText('请填写规则编号、后果').waitFor();
    await fill(zhang.page, 'id', 'boiler-rise');
    await zhang.page.locator('dialog [name=kind]').selectOption('heat');
    await zhang.page.locator('dialog [name=testKind]').selectOption('rate');
    await fill(zhang.page, 'point1', 'heat.temperatureC');
    await fill(zhang.page, 'riseAtLeast1', '10');
    await fill(zhang.page, 'windowMin1', '5');
    for (const [name, text] of [
      ['consequenceZh', '锅炉过热'],
      ['consequenceEn', 'the boiler overheats'],
      ['responseZh', '停炉检查'],
      ['responseEn', 'stop it and look'],
      ['timeAllowedMin', '15'],
      ['source', 'ours'],
    ] as const)
      await fill(zhang.page, name, text);
    const hours = zhang.page.locator('dialog [name=speaks]');
    await hours.selectOption('within');
    await zhang.page.getByRole('button', { name: '加一个时段' }).click();
    await hours.scrollIntoViewIfNeeded();
    await shoot(zhang.page, 'rule-draft-zh');
    await hours.selectOption('always');
    // What is missing the centre names.
    await zhang.page.locator('dialog button.primary').click();
    await zhang.page.locator('dialog [role=alert]').getByText('endsBelow').waitFor();
    await fill(zhang.page, 'endsBelow1', '2');
    await zhang.page.locator('dialog button.primary').click();

    const rule = zhang.page.getByTestId('rule-boiler-rise');
    await rule.getByText('还没有试算').waitFor();
    assert.equal(await rule.getByText('启用', { exact: true }).count(), 0);
    await rule.getByRole('button', { name: '用过去 7 天试算' }).click();
    await rule.getByText('过去 7 天会报 1 次').waitFor();
    await rule.getByText('例子 1 个').click();
    await rule.getByText('须由另一人复核').waitFor();
    await shoot(zhang.page, 'rule-tried-zh');

    const wang = await open('wang', 'en-GB');
    await wang.page.getByText('Rules with a change that is not through yet: 1.').waitFor();
    await wang.page.getByTestId('rule-boiler-rise').locator('.rule-head').click();
    await card(wang.page, 1).getByText('heat.temperatureC rises by ≥ 10 within 5 min').waitFor();
    await shoot(wang.page, 'rule-review-en');
    await card(wang.page, 1).getByRole('button', { name: 'Review: agreed' }).click();
    await card(wang.page, 1).getByRole('button', { name: 'Switch on' }).click();
    await wang.page.locator('[data-testid=version-1][data-state=on]').waitFor();
    // It looks from here on.
    for (const value of [34, 46]) await detector.values({ 'heat.temperatureC': value });
    const alarm = await centre.raised('boiler', 'heat');
    assert.equal(alarm.level, 'warning');
    const desk = await open('wang', 'zh-CN');
    await desk.page.goto(`${centre.process.webUrl}/desk`);
    await desk.page.locator(`[data-alarm-id="${alarm.id}"]`).focus();
    await desk.page.keyboard.press('Enter');
    await desk.page.getByTestId('alarm-response').getByText('停炉检查').waitFor();
    await desk.page.getByTestId('alarm-response').getByText('否则：锅炉过热').waitFor();
    await desk.page.getByText('中心的规则 boiler-rise').waitFor();
    await shoot(desk.page, 'rule-response-zh');

    await wang.page.getByRole('button', { name: 'Draft from this' }).first().click();
    await wang.page.locator('dialog [name=level]').selectOption('alarm');
    await wang.page.locator('dialog button.primary').click();
    await card(wang.page, 2).locator('dd.changed').getByText('alarm').waitFor();
    await shoot(wang.page, 'rule-changed-en');
    await card(wang.page, 1).getByRole('button', { name: 'Take back' }).click();
    await wang.page.locator('dialog textarea').fill('the boiler is gone');
    await wang.page.locator('dialog button.primary').click();
    await centre.until(alarm.id, 'returnedUnacknowledged');

    const li = await open('li', 'zh-CN', 390);
    assert.equal(await li.page.getByTestId('new-rule').count(), 0);
    await li.page.getByTestId('rule-boiler-rise').locator('.rule-head').click();
    await card(li.page, 2).waitFor();
    assert.equal(await card(li.page, 2).getByRole('button').count(), 0);
    await shoot(li.page, 'rules-390-zh');
    for (const { page, troubles } of [zhang, wang, desk, li]) {
      assert.deepEqual(
        troubles.filter((text) => !/status of 4(00|22)/.test(text)),
        [],
      );
      await page.context().close();
    }
  },
);
