import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { captureMessage } from './seat/capture-message.ts';
import { DeskSeat } from './seat/desk-seat.ts';
import { columnsOfInk } from './seat/plot-ink.ts';
import { Reporter } from './seat/reporter.ts';

let browser: Browser;
let centre: ContractCentre;
let terminal: Reporter;
const reporters: Reporter[] = [];

const MINUTE_MS = 60_000;
const limits = { timeout: 4 * PATIENCE_MS };

/** The history of the place: 14 minutes at one row a second, silent from minute 6 to minute 10. */
const GAP = { fromMinute: 6, toMinute: 10 };
const SPAN_MINUTES = 14;

async function sendHistory(reporter: Reporter, point: string, value: (minute: number) => number): Promise<void> {
  const startAt = Date.now() - SPAN_MINUTES * MINUTE_MS;
  for (const [from, to] of [
    [0, GAP.fromMinute],
    [GAP.toMinute, SPAN_MINUTES],
  ] as const) {
    const rows = Array.from({ length: (to - from) * 60 }, (_, i) => [value(from + i / 60)]);
    await reporter.batch(startAt + from * MINUTE_MS, 1_000, [point], rows);
  }
}

/** 10 A of fundamental, 20 % third and 10 % fifth harmonic: rms 10·√1.05, THD √(0.2² + 0.1²), by construction. */
const SAMPLE_RATE_HZ = 6_400;
const SAMPLES_PER_CYCLE = 128;
const CYCLES = 30;
const TRIGGER_FRAME = 10 * SAMPLES_PER_CYCLE;
const RMS_A = 10 * Math.sqrt(1.05);
const THD_PCT = 100 * Math.sqrt(0.05);
const angle = (frame: number): number => (2 * Math.PI * frame) / SAMPLES_PER_CYCLE;
const frames = Array.from({ length: CYCLES * SAMPLES_PER_CYCLE }, (_, frame) => angle(frame));
const currentA = frames.map(
  (phase) => 10 * Math.SQRT2 * (Math.sin(phase) + 0.2 * Math.sin(3 * phase) + 0.1 * Math.sin(5 * phase)),
);
const voltageV = frames.map((phase) => 230 * Math.SQRT2 * Math.sin(phase));

before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  centre = await ContractCentre.start();
  browser = await openBrowser();
  const made = await Promise.all([
    // A curve is broken where nothing came for some intervals.
    Reporter.create(centre, 'P-T', 'VP', 'terminal', { reportingIntervalMs: 10_000 }),
    Reporter.create(centre, 'P-S', 'VP', 'smoke'),
    Reporter.create(centre, 'P-G', 'VP', 'gas'),
  ]);
  reporters.push(...made);
  const [first, smoke, gas] = made;
  terminal = first;
  await sendHistory(terminal, 'c1.currentA', (minute) => 4 + Math.sin(minute));
  await sendHistory(terminal, 't1.temperatureC', (minute) => 60 + 2 * minute);
  await sendHistory(smoke, 'smoke.obscurationPctPerM', () => 0.4);
  await sendHistory(gas, 'gas.lelPct', () => 1.5);
  await terminal.values({ 'c1.currentA': 4.31, 't1.temperatureC': 86 });
  const at = Date.now();
  const recording = captureMessage({
    epoch: 'd',
    seq: terminal.nextSeq(),
    at,
    sampleRateHz: SAMPLE_RATE_HZ,
    mainsHz: 50,
    triggerFrame: TRIGGER_FRAME,
    channels: [
      { point: 'c1.voltageV', unit: 'V', scale: 0.02, values: voltageV },
      { point: 'c1.currentA', unit: 'A', scale: 0.001, values: currentA },
    ],
  });
  await terminal.send('capture/wave-1', recording);
  await terminal.event('arc', { point: 'c1', captureId: 'wave-1', confidence: 0.9 });
});
after(async () => {
  for (const reporter of reporters) reporter.end();
  await browser.close();
  await centre.dispose();
});

test(
  'a venue shows electricity, temperature, smoke and gas over one time axis, with limits and the age of the data',
  limits,
  async () => {
    const seat = await DeskSeat.open(browser, centre, 'venue', { path: '/venues/VP' });
    const { page } = seat;
    const panes = ['electricity', 'temperature', 'smoke', 'gas'].map((family) =>
      page.locator(`[data-testid=pane-${family}]`),
    );
    for (const pane of panes) {
      await pane.locator('canvas').waitFor();
      assert.match((await pane.locator('.legend').innerText()) ?? '', /\d (s|min)/, 'a series states how old it is');
    }
    const axes = (): Promise<string[]> =>
      page
        .locator('.time-pane')
        .evaluateAll((elements) => elements.map((e) => `${e.getAttribute('data-from')}-${e.getAttribute('data-to')}`));
    assert.equal((await axes()).length, 4);
    assert.equal(new Set(await axes()).size, 1, 'one time axis');
    // The temperature came within reach of its limit (85 °C, alarm), so its line is in the picture.
    const temperature = page.locator('[data-testid=pane-temperature] canvas');
    await eventually('the limit to be drawn', async () => (await columnsOfInk(temperature, '#ff4d4f', 12)).length > 0);
    // One pane is brushed, and all follow, the address too.
    const box = await page.locator('[data-testid=pane-smoke] .u-over').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 44, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL((url) => url.searchParams.has('from'));
    const search = new URL(page.url()).searchParams;
    await eventually('all panes to follow', async () =>
      (await axes()).every((axis) => axis === `${search.get('from')}-${search.get('to')}`),
    );
    const spanMinutes = (Number(search.get('to')) - Number(search.get('from'))) / MINUTE_MS;
    assert.ok(Math.abs(spanMinutes - 15 / 4) < 0.3, `a quarter of 15 min is brushed, not ${spanMinutes} min`);
    await page.getByRole('button', { name: '回到现在' }).click();
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await eventually('the panes to follow the clock again', async () => new Set(await axes()).size === 1);
    await shoot(page, 'venue-zh');
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test(
  'a device shows a new value without a reload, draws a silence as a gap, and lists its captures',
  limits,
  async () => {
    const seat = await DeskSeat.open(browser, centre, 'device', {
      path: '/devices/P-T?point=c1.currentA',
      locale: 'en-GB',
    });
    const { page } = seat;
    const value = page.locator('[data-point="c1.currentA"] td.value');
    await value.filter({ hasText: '4.31' }).waitFor();
    await page.evaluate(() => void (document.documentElement.dataset['mark'] = 'kept'));
    await terminal.values({ 'c1.currentA': 7.77 });
    await value.filter({ hasText: '7.77' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset['mark']), 'kept');

    const canvas = page.locator('[data-testid=trend] canvas');
    const runs = await eventually('the curve', async () => {
      const found = await columnsOfInk(canvas, '#e3e8ed', 40);
      return found.length > 0 && found;
    });
    const [left, right] = runs;
    assert.ok(left && right && runs.length === 2, `two pieces of curve, not ${JSON.stringify(runs)}`);
    // The plot is about the whole canvas but the axis at the left: 4 of 15 minutes are silent.
    const gapShare = right.from - left.to;
    const plotShare = (right.to - left.from) / (SPAN_MINUTES / 15);
    assert.ok(Math.abs(gapShare / plotShare - 4 / 15) < 0.03, `the gap takes ${gapShare / plotShare} of the plot`);
    const captures = page.locator('[data-testid=capture-row]');
    await captures.first().waitFor();
    assert.equal(await captures.first().getAttribute('data-capture-id'), 'P-T:wave-1');
    await shoot(page, 'device-en');
    await captures.first().getByRole('link').click();
    await page.locator('[data-testid=capture-complete]').waitFor();
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test(
  'a capture moves its cursors by key and by hand, shows THD and harmonics, and exports a CSV with the rms of the source',
  limits,
  async () => {
    const seat = await DeskSeat.open(browser, centre, 'capture', {
      path: '/captures/P-T:wave-1?point=c1',
      locale: 'en-GB',
    });
    const { page } = seat;
    const cursor = page.locator('[data-testid=cursor-a]');
    await cursor.waitFor();
    const frameAfter = async (keys: string): Promise<number> => {
      await page.keyboard.press(keys);
      return Number(await cursor.getAttribute('data-frame'));
    };
    assert.equal(Number(await cursor.getAttribute('data-frame')), TRIGGER_FRAME);
    assert.equal(await frameAfter('ArrowRight'), TRIGGER_FRAME + 1);
    assert.equal(await frameAfter('Shift+ArrowRight'), TRIGGER_FRAME + 1 + SAMPLES_PER_CYCLE);
    assert.equal(await frameAfter('End'), CYCLES * SAMPLES_PER_CYCLE - 1);
    assert.equal(await frameAfter('Home'), TRIGGER_FRAME);

    const plot = page.locator('.u-over').first();
    const box = await plot.boundingBox();
    assert.ok(box);
    const xOf = (frame: number): number => box.x + (box.width * frame) / (CYCLES * SAMPLES_PER_CYCLE - 1);
    await page.mouse.move(xOf(TRIGGER_FRAME), box.y + 30);
    await page.mouse.down();
    await page.mouse.move(xOf(TRIGGER_FRAME + 300), box.y + 30, { steps: 4 });
    await page.mouse.up();
    const dragged = Number(await cursor.getAttribute('data-frame'));
    assert.ok(Math.abs(dragged - TRIGGER_FRAME - 300) < 12, `dragged to ${dragged}`);
    // Dragging a cursor zooms nothing: the address, which follows when the hand rests, still names the whole recording.
    await page.waitForURL(
      (url) => url.searchParams.get('a') === String(dragged) && url.searchParams.get('from') === '-200.000',
    );

    const thd = await page.locator('[data-testid=capture-thd]').textContent();
    assert.ok(Math.abs(Number.parseFloat(thd ?? '') - THD_PCT) < 0.1, `THD ${thd}, by construction ${THD_PCT} %`);
    await page.getByRole('button', { name: 'Table' }).click();
    const shares = await page.locator('.harmonics-table > span').allTextContents();
    const share = (order: number): number => Number.parseFloat(shares[order - 1]?.replace(/^\s*\d+\s/, '') ?? '');
    assert.equal(shares.length, 40);
    assert.ok(Math.abs(share(3) - 20) < 0.1 && Math.abs(share(5) - 10) < 0.1, shares.slice(0, 6).join('; '));
    assert.ok(
      [2, 4, 6].every((order) => share(order) === 0),
      shares.slice(0, 6).join('; '),
    );
    const shownA = Number(await page.locator('[data-testid=capture-rms-current]').getAttribute('data-value'));
    assert.ok(Math.abs(shownA / RMS_A - 1) < 0.005, `${shownA} A shown, ${RMS_A} A sent`);
    await shoot(page, 'capture-en');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'P-T_wave-1.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    assert.equal(lines[0], `# sampleRateHz=${SAMPLE_RATE_HZ} mainsHz=50`);
    assert.equal(lines[1], 'voltageV,currentA');
    const rows = lines.slice(2).map((line) => line.split(',').map(Number));
    assert.equal(rows.length, CYCLES * SAMPLES_PER_CYCLE);
    const rmsOf = (column: number): number =>
      Math.sqrt(rows.reduce((sum, row) => sum + (row[column] ?? Number.NaN) ** 2, 0) / rows.length);
    assert.ok(Math.abs(rmsOf(1) / RMS_A - 1) < 0.005, `exported ${rmsOf(1)} A`);
    assert.ok(Math.abs(rmsOf(0) / 230 - 1) < 0.005, `exported ${rmsOf(0)} V`);
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test('a device, a venue or a capture that does not exist is named, with what that may mean', limits, async () => {
  const seat = await DeskSeat.open(browser, centre, 'missing', { locale: 'en-GB' });
  for (const [path, words] of [
    ['/devices/NO-1', /Device NO-1 is not found, or lies outside your scope/],
    ['/venues/NO-2', /Venue NO-2 is not found, or lies outside your scope/],
    ['/captures/NO-3:x', /Capture NO-3:x is not found, or lies outside your scope/],
    ['/no/such/page', /There is no such page/],
  ] as const) {
    await seat.page.goto(`${centre.process.webUrl}${path}`);
    await seat.page.getByText(words).waitFor();
  }
  await seat.close();
});
