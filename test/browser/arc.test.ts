import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';
import { captureMessage } from './seat/capture-message.ts';
import { DeskSeat } from './seat/desk-seat.ts';
import { columnsOfInk } from './seat/plot-ink.ts';

/** Colour and opacity of the stretches a capture marks (chart-style.ts). */
const SHADE = ['#ff9f1a', 0x38] as const;
const STRIKE_S = 3;

let browser: Browser;
let contract: ContractCentre;
let folder: string;
let desk: DeskSeat;
let english: DeskSeat;

before(async () => {
  [browser, contract, folder] = await Promise.all([
    openBrowser(),
    ContractCentre.start(),
    mkdtemp(path.join(tmpdir(), 'fengsui-arc-')),
  ]);
  await contract.register('A1', { venueId: 'V1' });
  await contract.register('B0', { venueId: 'V2' });
  desk = await DeskSeat.open(browser, contract, 'operator.z', { venueIds: ['V1'] });
  english = await DeskSeat.open(browser, contract, 'operator.e', { venueIds: ['V1', 'V2'], locale: 'en-GB' });
});
after(async () => {
  await browser.close();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

const limits = { timeout: 5 * PATIENCE_MS };

test('a series arc is on the desk, its capture has the arc shaded and says why', limits, async () => {
  const args = ['--source', `city:arc?seed=5&after=${STRIKE_S}`, '--device', 'A1', '--duration', '8'];
  const terminal = new TerminalProcess([...args, '--centre', contract.process.mqttUrl], contract.secretOf('A1'));
  const row = desk.page.locator('[data-testid=alarm-row]').filter({ hasText: '故障电弧' }).first();
  await row.waitFor();
  assert.match(await row.innerText(), /A1/);
  // Halves of a cycle are counted, in words: no sign that nobody reads.
  assert.match(await row.innerText(), /\d+\s个半波/);
  assert.equal(await row.getAttribute('data-state'), 'unacknowledged');
  await shoot(desk.page, 'desk-arc-zh');
  assert.equal(await terminal.ends(), 0, terminal.stderr);

  for (const { page } of [desk, english]) {
    await page.locator('[data-testid=alarm-row]').first().click();
    await page.locator('[data-testid=open-capture]').click();
    await page.locator('[data-testid=capture-complete][data-complete=true]').waitFor();
    await page.locator('[data-testid=hazard-panel]').first().waitFor();
  }
  const arcPanel = desk.page.locator('[data-testid=hazard-panel]').filter({ hasText: '故障电弧' });
  assert.equal(await arcPanel.count(), 1, 'one panel, however many steps the arc took');
  const words = await arcPanel.innerText();
  assert.match(words, /串联电弧/);
  // Series only: never for nine half-cycles or fewer in a second.
  const counted = /([\d,]+) ms 内 (\d+) 个半波/.exec(words);
  assert.ok(Number(counted?.[2]) > 9 && Number(counted?.[1]) <= 1_000, words);
  assert.match(words, /回路 1/);
  assert.ok((await arcPanel.locator('table.measures tbody tr').count()) >= 3, 'the features that mattered');
  assert.match(await english.page.locator('[data-testid=hazard-panel]').first().innerText(), /Series arc/);
  for (const [seat, other] of [
    [desk, /\bevidence\.|feature\.|reason\./],
    [english, /[一-鿿]|\bevidence\.|feature\.|reason\./],
  ] as const)
    assert.doesNotMatch(await seat.page.locator('[data-testid=hazard-panel]').first().innerText(), other);

  // A capture begins ten cycles before what triggered it; what arced is a stretch of it, not all of it.
  const canvases = desk.page.locator('.wave-stack canvas');
  const shaded = await eventually('the shade', async () => {
    const runs = await columnsOfInk(canvases.first(), SHADE[0], 3, SHADE[1]);
    return runs.length > 0 ? runs : undefined;
  });
  const width = shaded.reduce((sum, { from, to }) => sum + to - from, 0);
  assert.ok(width > 0.02 && width < 0.98, JSON.stringify(shaded));
  await desk.page.evaluate(() => window.scrollTo(0, 0));
  await shoot(desk.page, 'capture-arc-zh');
  await shoot(english.page, 'capture-arc-en');
  await canvases.first().scrollIntoViewIfNeeded();
  await shoot(desk.page, 'capture-arc-wave-zh');
});

const wave = Array.from({ length: 2_560 }, (_, n) => 14 * Math.sin((2 * Math.PI * n) / 128));

let nested: unknown = 'the bottom';
for (let level = 0; level < 26; level++) nested = { deeper: nested };
const hostile = {
  ['k'.repeat(2_000)]: 'v'.repeat(4_000),
  '<img src=x onerror=alert(1)>': '"><script>document.title = "owned"</script><b>bold</b>',
  '\u202egnp.exe': 'a\u0007b\u200bc',
  __proto__x: { constructor: 1, toString: null },
  many: Array.from({ length: 900 }, (_, n) => n),
  nested,
};

/** Evidence as other makes and other versions may send it: each with one thing amiss. */
const halfKnown: readonly (readonly [what: string, kind: string, evidence: unknown])[] = [
  ['a later version', 'arc', { schema: 'arc/9', arcKind: 'plasma', windows: [[1, 2]] }],
  ['a known version with other content', 'arc', { schema: 'arc/1', arcKind: 'series', windows: 'all of it' }],
  ['the words of another make', 'arc', { score: 0.93, 'why<b>': ['<script>alert(1)</script>', { deep: [[[[1]]]] }] }],
  ['a load without its shape', 'loadOn', { schema: 'load/1', loadEventId: 'e-1', recognition: { families: [] } }],
  ['made to do harm', 'overload', hostile],
  ['no object at all', 'overload', undefined],
];

for (const [number, [what, kind, evidence]] of halfKnown.entries())
  test(`evidence that is ${what} is kept as it came, and the page shows the waveform`, limits, async () => {
    const id = `B${number}`;
    const device = await contract.device(id, { venueId: 'V2' });
    const at = Date.now();
    const event = { epoch: 'x', seq: 1, at, kind, point: 'c1', active: true, level: 'warning', captureId: 'odd' };
    await device.event({ ...event, ...(evidence !== undefined && { evidence }) });
    const channels = [{ point: 'c1.currentA', unit: 'A', scale: 0.001, values: wave }];
    const recording = { epoch: 'x', seq: 2, at: at - 200, sampleRateHz: 6_400, mainsHz: 50, triggerFrame: 1_280 };
    await device.send('capture/odd', captureMessage({ ...recording, channels }));
    const path_ = `/api/v1/events?deviceId=${id}&captureId=${id}:odd`;
    const told = await eventually('the event', async () => {
      const { items } = await contract.api.get<{ items: { evidence?: unknown }[] }>(path_);
      return items[0];
    });
    assert.deepEqual(told.evidence, evidence);
    await eventually(
      'the capture',
      async () => (await contract.api.call('GET', `/api/v1/captures/${id}:odd`)).status === 200,
    );
    const { page } = english;
    await page.goto(`${contract.process.webUrl}/captures/${id}:odd`);
    await page.locator('[data-testid=capture-rms-current]').waitFor();
    assert.equal(await page.locator('[data-testid=hazard-panel], [data-testid=load-panel]').count(), 0);
    const foreign = page.locator('[data-testid=foreign-evidence]');
    assert.equal(await foreign.count(), evidence === undefined ? 0 : 1);
    if (evidence !== undefined) await assertPlainWords(foreign, 'What the device says');
    if (number === 2) await shoot(page, 'capture-half-known-en');
    if (evidence === hostile) await shootNarrowToo(page, 'capture-hostile-en');
    if (kind !== 'loadOn' && evidence !== undefined) {
      // The same on the desk, in the alarm's own detail.
      const alarm = await contract.raised(id, kind);
      await page.goto(`${contract.process.webUrl}/desk?sel=${alarm.id}`);
      await foreign.waitFor();
      await assertPlainWords(foreign, 'What the device says');
      if (evidence === hostile) await shootNarrowToo(page, 'desk-hostile-en');
    }
    await page.goto(`${contract.process.webUrl}/devices/${id}`);
    await page.locator('[data-testid=capture-row]').waitFor();
    const why = page.locator('[data-testid=load-reason]');
    if (kind === 'loadOn') await page.locator('[data-testid=load-reason], [data-testid=load-events]').first().waitFor();
    if ((await why.count()) > 0) {
      await why.locator('input').fill('what is this device?');
      await why.locator('button').click();
      await why.waitFor({ state: 'detached' });
    }
    const loads = page.locator('[data-testid=load-events] li');
    assert.equal(await loads.count(), kind === 'loadOn' ? 1 : 0);
    if (kind === 'loadOn') assert.match(await loads.innerText(), /unknown load/);
  });

/** What a device says stays words: marked, bounded, no element of its own making, nothing run, nothing too wide. */
async function assertPlainWords(panel: Locator, title: string): Promise<void> {
  const words = await panel.innerText();
  assert.match(words, new RegExp(title));
  assert.match(words, /not checked/);
  assert.ok(words.length < 12_000, `${words.length} characters`);
  const tags = await panel.evaluate((element) => [...element.querySelectorAll('*')].map(({ tagName }) => tagName));
  assert.deepEqual(
    [...new Set(tags)].filter((tag) => !/^(HEADER|H2|SPAN|DIV|UL|LI|BDI)$/.test(tag)),
    [],
  );
  assert.ok(tags.length < 800, `${tags.length} elements`);
  assert.doesNotMatch(words, /[\u0007\u200b\u202e]/);
  const { page } = english;
  assert.notEqual(await page.title(), 'owned');
  assert.ok(await panel.evaluate((element) => element.scrollWidth <= element.clientWidth + 1), 'wider than its panel');
}

async function shootNarrowToo(page: Page, name: string): Promise<void> {
  await shoot(page, name);
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, `${name}-390`);
  await page.setViewportSize({ width: 1920, height: 1080 });
}

test('no page had an error or asked anybody but the centre', () => {
  assert.deepEqual([desk.watched.troubles, english.watched.troubles], [[], []]);
});
