import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { DeskSeat, PASSWORD } from './seat/desk-seat.ts';
import { Reporter } from './seat/reporter.ts';

const POINTS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const VENUES = ['V-north', 'V-south', 'V-west'];

let browser: Browser;
let centre: ContractCentre;
const reporters: Reporter[] = [];
/** From the top of the queue. */
let fires: string[];

before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
  for (const venueId of VENUES) reporters.push(await Reporter.create(centre, `board-${venueId}`, venueId));
  const detectors: Reporter[] = [];
  for (const id of ['smoke-1', 'smoke-2']) detectors.push(await Reporter.create(centre, id, 'V-north', 'smoke'));
  const raised: string[] = [];
  for (const [index, point] of POINTS.entries()) {
    for (const reporter of reporters) await reporter.event('underVoltage', { point });
    const detector = detectors[index - 4];
    if (detector !== undefined) raised.push((await detector.raise('smoke', { point: 'smoke' })).id);
  }
  fires = raised.toReversed();
  reporters.push(...detectors);
});
after(async () => {
  for (const reporter of reporters) reporter.end();
  await browser.close();
  await centre.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };

const group = (page: Page) => page.locator('[data-testid=alarm-group-row]');

/** Ids of all rows, from the top. */
const idsIn = (page: Page): Promise<string[]> =>
  page.locator('.alarm-body [data-alarm-id]').evaluateAll((rows) =>
    rows
      .map((row) => ({ id: row.getAttribute('data-alarm-id') ?? '', top: row.getBoundingClientRect().top }))
      .sort((one, other) => one.top - other.top)
      .map(({ id }) => id),
  );

test(
  'a street without mains is one row below the fire and its second detector, and opens to its alarms',
  limits,
  async () => {
    const seat = await DeskSeat.open(browser, centre, 'street');
    await seat.page.setViewportSize({ width: 1440, height: 900 });
    await group(seat.page).getByText('多处断电 · 24 条').waitFor();
    const groupId = (await group(seat.page).getAttribute('data-alarm-id')) ?? '';
    assert.deepEqual(await idsIn(seat.page), [...fires, groupId]);
    assert.match((await group(seat.page).textContent()) ?? '', /欠压 24/);
    await shoot(seat.page, 'alarm-group-closed');
    await group(seat.page).click();
    await seat.page.locator('.alarm-row.of-group').first().waitFor();
    const opened = await idsIn(seat.page);
    assert.deepEqual(opened.slice(0, 3), [...fires, groupId]);
    assert.ok(opened.length > 8, `${opened.length} rows`);
    await shoot(seat.page, 'alarm-group-open');
    await group(seat.page).click();
    await seat.page.locator('.alarm-row.of-group').first().waitFor({ state: 'detached' });
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test('the wall shows the same three rows', limits, async () => {
  await centre.provision.user('screen', PASSWORD, 'display');
  const watched = await openPage(browser, 'zh-CN', 1920, 1080);
  await logIn(watched, centre.process.webUrl, 'screen', PASSWORD);
  await watched.page.goto(`${centre.process.webUrl}/wall`);
  await group(watched.page).getByText('多处断电 · 24 条').waitFor();
  assert.equal(await watched.page.locator('.wall-queue > li').count(), 3);
  await shoot(watched.page, 'alarm-group-wall');
  assert.deepEqual(watched.troubles, []);
  await watched.page.context().close();
});

test('one key acknowledges the whole group, and leaves the fires as they are', limits, async () => {
  const seat = await DeskSeat.open(browser, centre, 'one-key', { locale: 'en-GB' });
  await seat.page.setViewportSize({ width: 390, height: 844 });
  await group(seat.page).getByText('Mains cut · 24').waitFor();
  await shoot(seat.page, 'alarm-group-narrow');
  await group(seat.page).focus();
  await seat.page.keyboard.press('a');
  await seat.page.locator('[data-testid=alarm-group-row][data-state=acknowledged]').waitFor();
  await seat.page.getByText('Acknowledged the 24 alarms now in the group').waitFor();
  for (const id of fires) assert.equal((await centre.api.alarm(id)).state, 'unacknowledged');
  assert.equal((await centre.raised('board-V-west', 'underVoltage', 'c8')).acknowledgedBy, 'one-key');
  assert.deepEqual(seat.watched.troubles, []);
  await seat.close();
});

test('an alarm that comes to an acknowledged group makes it wait again', limits, async () => {
  const seat = await DeskSeat.open(browser, centre, 'again');
  await seat.page.locator('[data-testid=alarm-group-row][data-state=acknowledged]').waitFor();
  await reporters[0]?.event('phaseLoss', { point: 'c1' });
  await seat.page.locator('[data-testid=alarm-group-row][data-state=unacknowledged]').waitFor();
  await group(seat.page).getByText('未确认 1').waitFor();
  await seat.close();
});

test('a note for the whole group goes with one request', limits, async () => {
  const seat = await DeskSeat.open(browser, centre, 'noted');
  const asked: string[] = [];
  seat.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/acknowledge'))
      asked.push(new URL(request.url()).pathname);
  });
  await group(seat.page).focus();
  await seat.page.keyboard.press('Shift+A');
  await seat.page.locator('dialog textarea').fill('供电公司已知');
  await shoot(seat.page, 'alarm-group-note');
  await seat.page.locator('dialog button.primary').click();
  await seat.page.locator('[data-testid=alarm-group-row][data-state=acknowledged]').waitFor();
  await seat.page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(asked.length, 1);
  assert.match(asked[0] ?? '', /alarm-groups/);
  const late = await centre.raised('board-V-north', 'phaseLoss', 'c1');
  const noted = (await centre.historyOf(late.id)).find(({ kind }) => kind === 'acknowledged');
  assert.equal(noted?.note, '供电公司已知');
  assert.deepEqual(seat.watched.troubles, []);
  await seat.close();
});
