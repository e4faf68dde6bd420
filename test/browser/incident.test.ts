import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Incident } from '@fengsui/protocol';
import type { Browser, Page } from 'playwright-core';
import type { Page as ListPage } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { Reporter } from './seat/reporter.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let browser: Browser;
let centre: ContractCentre;
const detectors: Reporter[] = [];

before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
  for (const [id, venueId] of [
    ['hall', 'V-school'],
    ['kitchen', 'V-canteen'],
    ['stair', 'V-canteen'],
  ] as const)
    detectors.push(await Reporter.create(centre, id, venueId, 'smoke'));
  for (const name of ['zhang', 'wang']) await centre.provision.user(name, PASSWORD, 'operator');
  await centre.provision.user('leader', PASSWORD, 'shiftLeader');
});
after(async () => {
  for (const detector of detectors) detector.end();
  await browser.close();
  await centre.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };

async function open(username: string, locale: 'zh-CN' | 'en-GB', width = 1440): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, width, 900);
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  await watched.page.goto(`${centre.process.webUrl}/desk`);
  return watched;
}
const smoke = (index: number): Promise<void> =>
  detectors[index]?.event('smoke', { point: 'smoke', level: 'alarm' }) ?? Promise.resolve();
const openAt = (venueId: string): Promise<Incident> =>
  eventually('the incident', async () => {
    const { items } = await centre.api.get<ListPage<Incident>>(`/api/v1/incidents?venueId=${venueId}`);
    return items[0];
  });
const panel = (page: Page, state: string) =>
  page.locator(`[data-testid=incident-panel][data-state=${state}]`).waitFor();
const close = async (...pages: readonly WatchedPage[]): Promise<void> => {
  for (const { page, troubles } of pages) {
    assert.deepEqual(troubles, []);
    await page.context().close();
  }
};

test(
  'by the keyboard alone: from the fire on the queue to its cause, on the first seat; the second one sees who has it',
  limits,
  async () => {
    const zhang = await open('zhang', 'zh-CN');
    const wang = await open('wang', 'en-GB');
    await zhang.page.getByTestId('incident-strip').getByText('当前没有警情').waitFor();
    await shoot(zhang.page, 'incident-calm-zh');
    const listTop = async (): Promise<number | undefined> => (await zhang.page.locator('.alarm-body').boundingBox())?.y;
    const before = await listTop();
    await smoke(0);
    await zhang.page.getByTestId('incident-strip').getByText('1 起无人处理').waitFor();
    assert.equal(await listTop(), before, 'the list stays where it is');
    const { id } = await eventually('that it was displayed', async () => {
      const incident = await openAt('V-school');
      return incident.displayedAt === undefined ? undefined : incident;
    });
    await shoot(zhang.page, 'incident-open-zh');

    const { page } = zhang;
    // Opens the first incident, then each key is its next act.
    await page.keyboard.press('i');
    await panel(page, 'open');
    await page.getByTestId('incident-take').waitFor();
    await page.keyboard.press('a');
    await panel(page, 'owned');
    await page.getByTestId('incident-owner').getByText('我 处理中').waitFor();
    await shoot(page, 'incident-owned-zh');
    await wang.page.getByTestId('incident-strip').getByText('zhang').waitFor();

    await page.keyboard.press('i');
    const dialog = page.locator('dialog');
    await dialog.getByText('打给谁').waitFor();
    assert.equal(await dialog.locator('input[value=answered]').isChecked(), true);
    await dialog.locator('input[name=whom]').fill('值班室');
    await shoot(page, 'incident-call-zh');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[data-step=firstWord][data-standing=done]').waitFor();

    await page.keyboard.press('i');
    await dialog.getByText('针对目前的 1 条报警下结论').waitFor();
    // The first choice has the focus and is not chosen: nothing is confirmed by Enter alone.
    await page.keyboard.press('Enter');
    await dialog.getByText('请选择核实结论。').waitFor();
    await page.keyboard.press('Space');
    await shoot(page, 'incident-verify-zh');
    await page.keyboard.press('Enter');
    // The feed may tell of an act before its dialog closes, and a dialog keeps its keys to itself.
    await dialog.waitFor({ state: 'detached' });
    await panel(page, 'confirmed');
    await page.locator('[data-testid=incident-report][data-standing=noChannel]').waitFor();
    await shoot(page, 'incident-confirmed-zh');

    await page.keyboard.press('i');
    await dialog.getByText('119 接警人').waitFor();
    await dialog.getByTestId('call-sheet').getByText('未登记').first().waitFor();
    await shoot(page, 'incident-tell-zh');
    await page.keyboard.type('4 号席');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[data-step=reported][data-standing=done]').waitFor();
    await page.keyboard.press('i');
    await dialog.getByText('原因', { exact: true }).waitFor();
    await page.keyboard.press('Space');
    await dialog.locator('textarea').fill('插座起火，已扑灭');
    await shoot(page, 'incident-close-zh');
    await dialog.getByTestId('incident-record').press('Enter');
    await page.getByTestId('incident-strip').getByText('当前没有警情').waitFor();

    await page.goto(`${centre.process.webUrl}/incidents/${id}`);
    await page.locator('[data-testid=incident][data-state=closed]').waitFor();
    await page.getByTestId('incident-timeline').getByText('立案：').waitFor();
    const kinds = await page
      .locator('[data-kind]')
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind')));
    assert.deepEqual(
      kinds.filter((kind) => kind !== 'late'),
      ['closed', 'told', 'reportHeldBack', 'reported', 'verified', 'called', 'acknowledged', 'displayed', 'opened'],
    );
    await shoot(page, 'incident-closed-zh');
    await wang.page.goto(`${centre.process.webUrl}/incidents`);
    await wang.page.getByTestId('no-incidents').waitFor();
    await wang.page.getByText('electrical').waitFor();
    await shoot(wang.page, 'incidents-en');
    await close(zhang, wang);
  },
);

test('it is offered and taken, taken over by the shift leader, and what comes late is red', limits, async () => {
  const zhang = await open('zhang', 'en-GB');
  const leader = await open('leader', 'zh-CN', 390);
  await smoke(1);
  await smoke(2);
  await eventually('two alarms', async () => (await openAt('V-canteen')).alarmCount === 2 || undefined);
  const { id } = await openAt('V-canteen');
  await zhang.page.goto(`${centre.process.webUrl}/incidents/${id}`);
  await zhang.page.getByTestId('incident-take').click();
  await zhang.page.getByTestId('incident-offer').click();
  await zhang.page.locator('dialog').getByText('wang').click();
  await zhang.page.getByTestId('incident-record').click();
  await zhang.page.getByTestId('incident-owner').getByText('offered to wang').waitFor();
  await zhang.page.locator('.procedure [data-step=acknowledged].late').waitFor();
  await zhang.page.getByTestId('incident-timeline').getByText('Late: Acknowledged').waitFor();
  await shoot(zhang.page, 'incident-late-en');

  await leader.page.goto(`${centre.process.webUrl}/incidents/${id}`);
  await leader.page.getByTestId('incident-takeOver').click();
  await leader.page.getByTestId('incident-record').click();
  await leader.page.locator('dialog').getByText('请写明内容。').waitFor();
  await leader.page.locator('dialog textarea').fill('交接班');
  await leader.page.getByTestId('incident-record').click();
  await leader.page.getByTestId('incident-owner').getByText('我 处理中').waitFor();
  await shoot(leader.page, 'incident-390-zh');
  await zhang.page.getByTestId('incident-owner').getByText('In hand: leader').waitFor();
  assert.equal(await zhang.page.getByTestId('incident-call').count(), 0);
  const wide = await leader.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px wide`);
  await close(zhang, leader);
});
