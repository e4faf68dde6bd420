import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { leakModel } from '../../apps/centre/src/registry/leak-model.fixture.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { openBrowser, PATIENCE_MS } from '../harness/browser.ts';
import { DeskSeat } from './seat/desk-seat.ts';

let browser: Browser;
let centre: ContractCentre;

before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  centre = await ContractCentre.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await centre?.dispose();
});

test('a fifth sensor family, added as a file, is on desk, device page, venue page and wall, in its own words', async () => {
  const admin = new ApiClient(centre.process.webUrl, await centre.provision.token('systemAdmin'));
  assert.equal((await admin.post('/api/v1/models', leakModel)).status, 201);
  const device = await centre.device('PIT1', { model: 'acme-pit', venueId: 'VL' });
  await device.telemetry({ epoch: 'a', seq: 0, values: { 'leak.levelMm': 34.5 } });
  const alarm = await centre.raised('PIT1', 'leak');
  const limits = { timeout: 4 * PATIENCE_MS };
  const seat = await DeskSeat.open(browser, centre, 'leak-watch', { venueIds: ['VL'] });

  const row = seat.rowOf(alarm.id);
  await row.getByText('井道漏水').first().waitFor(limits);
  assert.match(await row.innerText(), /34\.5\s*mm/);

  await seat.page.goto(`${centre.process.webUrl}/devices/PIT1`);
  await seat.page.getByText('积水深度').first().waitFor(limits);
  assert.match(await seat.page.locator('main, .page').first().innerText(), /34\.5/);

  await seat.page.goto(`${centre.process.webUrl}/venues/VL`);
  await seat.page.locator('[data-testid=pane-leak]').getByRole('heading', { name: /水浸/ }).waitFor(limits);

  await seat.page.goto(`${centre.process.webUrl}/wall`);
  const card = seat.page.locator('[data-testid=family-leak]');
  await card.getByText('水浸').waitFor(limits);
  assert.match(await card.innerText(), /告警 1/);
  // It was never tested, and stands in no area: the wall says so.
  await seat.page.locator('[data-testid=blind-spots]').getByText('1 个探测点此刻无法告警').waitFor(limits);
});
