import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { Provision } from '../contract/client/provision.ts';
import { encodeGb18030 } from '@fengsui/protocol';
import {
  analogValue,
  deviceOperation,
  frameBytes,
  partStates,
  runState,
  systemState,
} from '../gb26875/client/frame-bytes.ts';
import { GbCentre } from '../gb26875/client/gb-centre.ts';
import type { GbClient } from '../gb26875/client/gb-client.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { PASSWORD } from './seat/desk-seat.ts';
import { fieldCity } from './seat/field-city.ts';

const limits = { timeout: 3 * PATIENCE_MS };
const ADDRESS = '4d3c2b1a0000';

let browser: Browser;
let centre: GbCentre;
let provision: Provision;
let panel: GbClient;

before(async () => {
  [browser, centre] = await Promise.all([openBrowser(), GbCentre.start()]);
  provision = new Provision(centre.process);
});
after(async () => {
  await browser?.close();
  await centre?.dispose();
});

const known = new Set<string>();
async function seatOf(
  role: string,
  options: { readonly locale?: 'zh-CN' | 'en-GB'; readonly width?: number; readonly height?: number } = {},
): Promise<WatchedPage> {
  const username = `${role.toLowerCase()}-1`;
  if (!known.has(username)) await provision.user(username, PASSWORD, role);
  known.add(username);
  const watched = await openPage(browser, options.locale, options.width, options.height);
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  return watched;
}
const go = (page: Page, path: string): Promise<unknown> => page.goto(`${centre.process.webUrl}${path}`);
const csv = (text: string) => ({ name: 'devices.csv', mimeType: 'text/csv', buffer: Buffer.from(text, 'utf8') });

async function shootIn(
  role: string,
  name: string,
  path: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const [suffix, options] of [
    ['en', { locale: 'en-GB' }],
    ['390-zh', { width: 390, height: 844 }],
  ] as const) {
    const watched = await seatOf(role, options);
    await go(watched.page, path);
    await ready(watched.page);
    await shoot(watched.page, `${name}-${suffix}`);
    const overflow = await watched.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${path} ${suffix} is ${overflow} px too wide`);
    assert.deepEqual(watched.troubles, []);
    await watched.page.context().close();
  }
}

test(
  'an import is looked at first, wrong rows are named with the remedy, and nothing is half done',
  limits,
  async () => {
    const watched = await seatOf('systemAdmin');
    const { page } = watched;
    await page.waitForURL(/\/(devices|venues)/);
    await go(page, '/blind-spots');
    await page.getByTestId('no-detectors').waitFor();
    await shoot(page, 'blind-empty-zh');
    await go(page, '/import');
    await page.getByTestId('workbook').waitFor({ state: 'attached' });
    await shoot(page, 'import-start-zh');
    const [template] = await Promise.all([page.waitForEvent('download'), page.getByText('下载模板').click()]);
    assert.equal((await readFile(await template.path())).subarray(0, 2).toString('latin1'), 'PK');

    // The template is a workbook that says nothing: it is read, and there is nothing to write.
    await page.getByTestId('workbook').setInputFiles(await template.path());
    const verdict = page.getByTestId('verdict');
    await verdict.waitFor();
    assert.equal(await verdict.getAttribute('data-problems'), '0');

    const city = fieldCity(40);
    for (const sheet of ['venues', 'contacts', 'areas'] as const) {
      await page.getByTestId('workbook').setInputFiles({ ...csv(city[sheet] ?? ''), name: `${sheet}.csv` });
      await page.locator('[data-testid=verdict][data-problems="0"][data-applied=false]').waitFor();
      await page.getByTestId('import-now').click();
      await page.locator('[data-testid=verdict][data-applied=true]').waitFor();
    }
    const broken = (city['devices'] ?? '')
      .replace('SM-00003,generic-smoke,MALL', 'SM-00003,generic-smok,MALL')
      .replace('SM-00005,generic-smoke,MALL', 'SM-00002,generic-smoke,MALL')
      .replace('SM-00007,generic-smoke,MALL', 'SM-00007,generic-smoke,NOWHERE');
    await page.getByTestId('workbook').setInputFiles(csv(broken));
    await page.locator('[data-testid=import-problem][data-code=unknownModel]').waitFor();
    assert.ok((await page.getByTestId('import-problem').count()) === 3, 'every problem, not the first');
    assert.equal(await page.getByTestId('import-now').count(), 0);
    await shoot(page, 'import-broken-zh');
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot(page, 'import-broken-390-zh');
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.getByTestId('workbook').setInputFiles(csv(city['devices'] ?? ''));
    await page.locator('[data-testid=sheet-row][data-sheet=devices]').waitFor();
    await shoot(page, 'import-preview-zh');
    await page.getByTestId('import-now').click();
    await page.getByTestId('save-secrets').waitFor();
    const [secrets] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-secrets').click()]);
    assert.equal((await readFile(await secrets.path(), 'utf8')).trim().split('\r\n').length, 42);
    await shoot(page, 'import-done-zh');
    await page.getByTestId('workbook').setInputFiles({ ...csv(city['circuits'] ?? ''), name: 'circuits.csv' });
    await page.getByTestId('import-now').click();
    await page.locator('[data-testid=verdict][data-applied=true]').waitFor();
    await page
      .getByTestId('workbook')
      .setInputFiles({ name: 'old.xlsx', mimeType: 'x', buffer: Buffer.from('PK\u0003\u0004cut short') });
    await page.getByTestId('import-failure').getByText('读不了').waitFor();
    assert.deepEqual(
      watched.troubles.filter((words) => !words.includes('422')),
      [],
    );
    await page.context().close();
    const operator = await seatOf('operator');
    await go(operator.page, '/import');
    await operator.page.getByText('不能导入').waitFor();
    await shoot(operator.page, 'import-no-right-zh');
    assert.equal(await operator.page.getByTestId('field-bar').getByText('导入').count(), 0);
    await operator.page.context().close();
  },
);

test('areas, circuits and contacts of a venue are seen, and changed by who may', limits, async () => {
  const watched = await seatOf('systemAdmin');
  const { page } = watched;
  await go(page, '/areas?venue=TOWER');
  await page.locator('[data-area-id=R21]').waitFor();
  await page.getByTestId('circuit').first().waitFor();
  await page.getByTestId('add-area').click();
  await page.locator('input[name=areaId]').fill('R12');
  await page.locator('input[name=areaName]').fill('消防控制室');
  await page.locator('dialog select').last().selectOption('F1');
  await shoot(page, 'area-dialog-zh');
  await page.locator('dialog button[type=submit]').click();
  const added = page.locator('[data-area-id=R12]');
  await added.waitFor();
  assert.equal(await added.getAttribute('data-depth'), '2');
  await page.locator('[data-circuit="EL-1/c1"]').getByRole('button').click();
  await page.locator('select[name=protectedClass]').selectOption('refrigeration');
  await page.locator('input[name=ambientC]').fill('35');
  await shoot(page, 'circuit-dialog-zh');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('[data-circuit="EL-1/c1"][data-protected=true]').getByText('冷藏').waitFor();
  await page.locator('[data-circuit="EL-1/c1"]').getByRole('button').click();
  await page.locator('input[name=ambientC]').fill('75');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('dialog .problem').getByText('回路的数据不成立').waitFor();
  await page.keyboard.press('Escape');
  await shoot(page, 'areas-zh');
  assert.deepEqual(
    watched.troubles.filter((words) => !words.includes('422')),
    [],
  );
  await page.context().close();
  await shootIn('operator', 'areas', '/areas?venue=TOWER', (phone) => phone.getByTestId('contact').first().waitFor());
  const analyst = await seatOf('analyst');
  await go(analyst.page, '/areas?venue=TOWER');
  await analyst.page.getByTestId('contacts-hidden').waitFor();
  assert.equal(await analyst.page.getByText('13800000001').count(), 0);
  await analyst.page.context().close();
});

test(
  'blind spots: which areas nobody watches, which detectors cannot alarm, why, and the next step',
  limits,
  async () => {
    const watched = await seatOf('operator');
    const { page } = watched;
    await go(page, '/blind-spots');
    await page.getByTestId('blind-spot').first().waitFor();
    await page.locator('[data-testid=coverage-row][data-venue-id=TOWER]').getByText('厨房').waitFor();
    assert.equal(await page.getByTestId('share-detectors').getAttribute('data-able'), '0');
    await shoot(page, 'blind-zh');
    await go(page, '/blind-spots?venue=TOWER&reason=noArea');
    await page.getByTestId('share-detectors').waitFor();
    await page.route('**/api/v1/coverage*', (route) => route.fulfill({ status: 503, body: '{"code":"internal"}' }));
    await page.reload();
    await page.locator('.problem').waitFor();
    await shoot(page, 'blind-broken-zh');
    await page.context().close();
    await shootIn('operator', 'blind', '/blind-spots', (phone) => phone.getByTestId('blind-spot').first().waitFor());
  },
);

test(
  'a transmission device shows its parts in words, an on-duty check with its countdown, and every frame',
  limits,
  async () => {
    await centre.register('UITD-1', ADDRESS, { venueId: 'TOWER' });
    const watched = await seatOf('shiftLeader');
    const { page } = watched;
    await go(page, '/devices/UITD-1');
    await page.getByText('还没有收到任何部件的状态').waitFor();
    await page.getByTestId('ask-duty').click();
    await page.locator('.duty .problem').getByText('没有连接').waitFor();
    await shoot(page, 'facility-empty-zh');

    panel = await centre.client(ADDRESS);
    await panel.send(systemState(0x0001));
    // First the centre sets the clock and reads the state; one question at a time.
    panel.confirm(await panel.order(90));
    panel.answer(await panel.order(81), runState(0x01));
    await panel.send(
      partStates(
        { part: '03000c00', partType: 40, status: 0x0003, description: encodeGb18030('二层走廊 3 号') },
        { part: '03000d00', partType: 40, status: 0x0005, description: encodeGb18030('二层走廊 4 号') },
        { part: '03000e00', partType: 40, status: 0x0009 },
        { part: '03000f00', partType: 40, status: 0x0001 },
      ),
    );
    await panel.send(analogValue(30, '04000100', 3, 255));
    // A type of the maker that no profile describes.
    panel.write(frameBytes({ serial: 900, source: ADDRESS, command: 2, data: Buffer.from([200, 1, 1, 2, 3]) }));
    await panel.reply(900);
    const parts = page.getByTestId('part');
    await page.locator('[data-point=s1-1-p03000c00]').waitFor();
    assert.equal(await parts.first().getAttribute('data-point'), 's1-1-p03000c00', 'the fire first');
    assert.match(await parts.first().innerText(), /火警[\s\S]*二层走廊 3 号/);
    await page.getByTestId('frame').first().locator('summary').click();
    await page.getByTestId('frame').first().locator('pre').first().getByText('40 40').waitFor();
    await page.getByTestId('quarantined').first().waitFor();

    await page.getByTestId('ask-duty').click();
    const check = await panel.order(91);
    panel.confirm(check);
    await page.locator('[data-testid=duty-check][data-state=delivered]').getByText('还剩').waitFor();
    await shoot(page, 'facility-zh');
    await panel.send(deviceOperation(0x20, 7));
    await page.locator('[data-testid=duty-check][data-state=answered]').getByText('7 号').waitFor();
    assert.deepEqual(watched.troubles, []);
    await page.context().close();
    await shootIn('shiftLeader', 'facility', '/devices/UITD-1', (phone) => phone.getByTestId('part').first().waitFor());
  },
);
