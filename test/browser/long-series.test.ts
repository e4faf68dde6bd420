import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { DeskSeat } from './seat/desk-seat.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPIKE = 88.5;

let centre: ContractCentre;
let browser: Browser;
before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await centre?.dispose();
});

type Series = {
  readonly items: readonly (readonly [at: number, min: number, max: number, last: number])[];
  readonly downsampled: number;
  readonly resolutionMs: number;
  readonly source: string;
};

test(
  'a year of one point is drawn from the roll-ups, with its one spike, also after kill -9 of the centre',
  { timeout: 10 * PATIENCE_MS },
  async () => {
    const now = Date.now();
    const begin = now - 300 * DAY_MS;
    const spikeAt = begin + 100 * DAY_MS + 1_234_567;
    const device = await centre.device('H1', { venueId: 'VH' });
    // What an outbox kept over a long outage: every four hours, 1,800 samples in reports of a hundred.
    let seq = 0;
    for (let at = begin; at < now; seq++) {
      const rows: number[][] = [];
      const at0 = at;
      for (; rows.length < 100 && at < now; at += 4 * HOUR_MS) rows.push([20 + 5 * Math.sin(at / DAY_MS)]);
      await device.telemetry({ epoch: 'h', seq, at0, periodMs: 4 * HOUR_MS, points: ['t1.temperatureC'], rows });
    }
    await device.telemetry({ epoch: 'h', seq: seq++, at: spikeAt, values: { 't1.temperatureC': SPIKE } });
    await device.telemetry({ epoch: 'h', seq, at: now, values: { 't1.temperatureC': 21 } });
    await device.end();

    await centre.process.kill9();
    await centre.process.up();
    const { api } = centre;
    const metric = async (name: string): Promise<number> => {
      const { text } = await metrics();
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
    };
    const metrics = async (): Promise<{ text: string }> => ({
      text: await (await fetch(`${centre.process.webUrl}/metrics`)).text(),
    });
    // What the centre had collected and not written died with it: it is read from the store.
    await eventually('the roll-ups hold it', async () => (await metric('fengsui_history_rows_total')) >= 1_800);
    const series = async (days: number): Promise<Series> => {
      const path = `/api/v1/series?point=H1/t1.temperatureC&from=${now - days * DAY_MS}&to=${now + 60_000}&maxPoints=500`;
      return (await api.call('GET', path)).body as Series;
    };
    let year: Series | undefined;
    await eventually('a year from the roll-ups', async () => (year = await series(365)).source !== 'raw');
    assert.ok(year !== undefined && year.items.length <= 500);
    assert.equal(year.source, 'quarter');
    assert.equal(year.resolutionMs % 900_000, 0);
    assert.equal(year.items.filter(([, , max]) => max === SPIKE).length, 1);
    assert.equal(year.items.at(-1)?.[3], 21);
    const hour = await series(1 / 24);
    assert.deepEqual([hour.source, hour.resolutionMs, hour.items], ['raw', 0, [[now, 21, 21, 21]]]);

    for (const locale of ['zh-CN', 'en-GB'] as const) {
      const seat = await DeskSeat.open(browser, centre, `history-${locale.slice(0, 2)}`, { locale, venueIds: ['VH'] });
      for (const range of ['1h', '24h', '30d', '365d']) {
        await seat.page.goto(`${centre.process.webUrl}/devices/H1?point=t1.temperatureC&range=${range}`);
        await drawn(seat.page);
        await shoot(seat.page, `history-${range}-${locale}`);
      }
      const chip = seat.page.locator('[data-testid=trend] [data-testid=downsampled]');
      assert.match(await chip.innerText(), / h$/, 'the chip says how long one point is');
      await seat.page.context().close();
    }
  },
);

async function drawn(page: Page): Promise<void> {
  await page.locator('[data-testid=trend] [data-testid=downsampled]').waitFor();
  await page.locator('[data-testid=trend] canvas').waitFor();
}
