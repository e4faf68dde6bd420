import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { fengsui } from '../harness/centre-process.ts';
import { deviceOf, meanPowerW, switchingOf, writeWaveformCsv, type Waveform } from '../harness/switching-waveform.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';
import { captureMessage } from './seat/capture-message.ts';
import { CuttableWire } from './seat/cuttable-wire.ts';
import { DeskSeat } from './seat/desk-seat.ts';

const NAME = '茶水间 kettle <3>';
const ON_AT_MS = 2_000;
const OFF_AT_MS = 5_000;
const DURATION_MS = 7_500;
/** A kettle behind a lamp that was on before anybody looked: it is part of the circuit and of nothing that is known. */
const kettle = deviceOf('kettle', 1);
const lamp = deviceOf('incandescentLamp', 4);

let browser: Browser;
let contract: ContractCentre;
let folder: string;
let secret: string;
let rendered: Waveform;
let analyst: DeskSeat;
let english: DeskSeat;

before(async () => {
  [browser, contract, folder] = await Promise.all([
    openBrowser(),
    ContractCentre.start(),
    mkdtemp(path.join(tmpdir(), 'fengsui-fingerprint-')),
  ]);
  secret = await contract.register('F1', { venueId: 'V1' });
  const seat = { venueIds: ['V1'], path: '/devices/F1' };
  analyst = await DeskSeat.open(browser, contract, 'leader.f', { ...seat, role: 'shiftLeader' });
  english = await DeskSeat.open(browser, contract, 'operator.f', { ...seat, locale: 'en-GB' });
});
after(async () => {
  await browser.close();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

const limits = { timeout: 5 * PATIENCE_MS };
const stateFile = (): string => path.join(folder, 'F1.json');

/** The terminal sees the kettle go on and off once, at the pace of the world. */
async function watchKettle(seed: number): Promise<Waveform> {
  const file = path.join(folder, `kettle-${seed}.csv`);
  const moments = { onAtMs: ON_AT_MS, offAtMs: OFF_AT_MS, durationMs: DURATION_MS };
  const waveform = switchingOf({ target: kettle, background: [lamp], ...moments, seed });
  await writeWaveformCsv(file, waveform);
  const args = ['--source', file, '--device', 'F1', '--centre', contract.process.mqttUrl, '--state', stateFile()];
  const terminal = new TerminalProcess([...args, '--rated', 'c1=16'], secret);
  assert.equal(await terminal.ends(), 0, terminal.stderr);
  return waveform;
}

/** Rows of the device's list, newest first, once there are so many. */
async function loadRows(page: Page, count: number): Promise<readonly string[]> {
  await sayWhy(page);
  const rows = page.locator('[data-testid=load-events] li');
  await rows.nth(count - 1).waitFor();
  assert.equal(await rows.count(), count);
  return rows.allInnerTexts();
}

/** Whoever does not belong to the venue says why he looks, once in half an hour. */
async function sayWhy(page: Page): Promise<void> {
  const form = page.locator('[data-testid=load-reason]');
  await page.locator('[data-testid=load-reason], [data-testid=load-events]').first().waitFor();
  if ((await form.count()) === 0) return;
  await form.locator('input').fill('false alarm of last night?');
  await form.locator('button').click();
  await form.waitFor({ state: 'detached' });
}

/** Numbers before a unit, as a person reads them. */
function quantity(text: string, unit: string): number {
  const match = new RegExp(`(-?[\\d.,]+)\\s*(k?)${unit}(?![A-Za-z])`).exec(text);
  assert.ok(match, `no ${unit} in "${text}"`);
  return Number(match[1]?.replaceAll(',', '')) * (match[2] === 'k' ? 1000 : 1);
}

const panelOf = (page: Page) => page.locator('[data-testid=load-panel]');

test(
  'a device that was never told of a load shows no list of loads, once it was said why one looks',
  limits,
  async () => {
    await analyst.page.locator('h1').first().waitFor();
    await analyst.page.getByRole('heading', { name: '告警' }).first().waitFor();
    assert.equal(await analyst.page.locator('[data-testid=load-events]').count(), 0);
    await shoot(analyst.page, 'device-loads-why-zh');
    await sayWhy(analyst.page);
    await analyst.page.getByText('没有投切记录').waitFor();
    await shoot(analyst.page, 'device-no-loads-zh');
  },
);

test('a kettle that is switched is on the device page with its name, power and how sure that is', limits, async () => {
  rendered = await watchKettle(11);
  await analyst.page.reload();
  await english.page.reload();
  const [off = '', on = ''] = await loadRows(analyst.page, 2);
  assert.match(on, /接通/);
  assert.match(off, /断开/);
  assert.match(on, /电阻类/);
  assert.match(on, /\d+ %/);
  const kettleW = meanPowerW(rendered, 3_000, 4_000) - meanPowerW(rendered, 500, 1_500);
  for (const row of [on, off])
    assert.ok(Math.abs(quantity(row, 'W') / kettleW - 1) < 0.02, `"${row}", rendered ${kettleW.toFixed(1)} W`);
  assert.match((await loadRows(english.page, 2))[1] ?? '', /on\b[\s\S]*Resistive/i);
  await shoot(analyst.page, 'device-loads-zh');
  await shoot(english.page, 'device-loads-en');
});

test(
  'its capture shows the fingerprint: name, matches, trajectory, harmonics, reasons, rest, model',
  limits,
  async () => {
    for (const { page } of [analyst, english]) {
      await page.locator('[data-testid=load-events] a').first().click();
      await page.waitForURL((url) => url.pathname.startsWith('/captures/'));
      await panelOf(page).waitFor();
      await page.locator('[data-testid=capture-complete][data-complete=true]').waitFor();
      assert.equal(await page.locator('[data-testid=load-named]').getAttribute('data-level'), 'family');
      assert.equal(await panelOf(page).locator('svg.trajectory polygon').count(), 2, 'the load and its baseline');
      assert.equal(await panelOf(page).locator('svg.harmonics rect').count(), 14, 'orders 2 to 15');
      assert.ok((await panelOf(page).locator('svg.harmonics .reference').count()) >= 10, "the baseline's harmonics");
      assert.ok((await panelOf(page).locator('.matches li').count()) >= 3, 'families and types');
      assert.ok((await panelOf(page).locator('table.measures tbody tr').count()) >= 3, 'reasons');
      await page.evaluate(() => window.scrollTo(0, 0));
    }
    const [zh, en] = [await panelOf(analyst.page).innerText(), await panelOf(english.page).innerText()];
    assert.match(zh, /电流指纹[\s\S]*接通 电阻类[\s\S]*模型 \S+ \S+ · 登记版本 0/);
    assert.match(zh, /电热水壶/);
    assert.match(en, /Model \S+ \S+ · [\s\S]*\b0\b/i);
    assert.match(en, /Kettle/i);
    for (const [words, other] of [
      [zh, /Resistive|Kettle|load\.|feature\./i],
      [en, /[一-鿿]|load\.|feature\./],
    ] as const)
      assert.doesNotMatch(words, other, 'one language, and no key without words');
    for (const words of [zh, en]) assert.doesNotMatch(words, /(^|\s)(100|0) %/m, 'nothing recognised is certain');
    await shoot(analyst.page, 'fingerprint-zh');
    await shoot(english.page, 'fingerprint-en');
  },
);

test('its picture has the strokes and fills of the page', limits, async () => {
  const { page } = analyst;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-testid=load-export-png]').click(),
  ]);
  const picture = await readFile(await download.path());
  // Without its styles a drawing is black where it is filled, and has no line.
  const colours = await page.evaluate(
    async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const counts = new Map<string, number>();
      for (let n = 0; n < data.length; n += 4) {
        const colour = [data[n], data[n + 1], data[n + 2]].join(' ');
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return [...counts].filter(([, count]) => count > 200).map(([colour]) => colour);
    },
    `data:image/png;base64,${picture.toString('base64')}`,
  );
  assert.ok(colours.length >= 3, colours.join(', '));
  assert.ok(!colours.includes('0 0 0'), 'nothing is filled with black');
});

test('what stays unexplained is the lamp nobody has seen go on', limits, async () => {
  const words = await analyst.page.locator('[data-testid=load-unexplained]').innerText();
  const lampW = meanPowerW(rendered, 500, 1_500);
  assert.ok(lampW > 5, `the lamp draws ${lampW} W`);
  assert.ok(Math.abs(quantity(words, 'W') / lampW - 1) < 0.1, `"${words}", the lamp draws ${lampW.toFixed(1)} W`);
  const share = (100 * lampW) / meanPowerW(rendered, 3_000, 4_000);
  assert.ok(Math.abs(quantity(words, '%') - share) <= 1, `"${words}", rendered ${share.toFixed(1)} %`);
});

test('who may not judge is shown no buttons', limits, async () => {
  for (const word of ['confirm', 'reject', 'rename'])
    assert.equal(await english.page.locator(`[data-testid=load-${word}]`).count(), 0);
  assert.equal(await analyst.page.locator('[data-testid=load-rename]').count(), 1);
});

test('on a telephone nothing of the panel is wider than the screen', limits, async () => {
  const { page } = analyst;
  await page.setViewportSize({ width: 390, height: 844 });
  await panelOf(page).scrollIntoViewIfNeeded();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await shoot(page, 'fingerprint-390-zh');
  assert.ok(wide <= 390, `the page is ${wide} px wide`);
  for (const button of await panelOf(page).getByRole('button').all()) {
    const box = await button.boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 390, 'every button can be reached');
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
});

test('a judgement that cannot be sent is told, and the panel stays', limits, async () => {
  const wire = await CuttableWire.to(contract.process.webPort);
  const place = new URL(analyst.page.url()).pathname;
  const seat = { role: 'shiftLeader', venueIds: ['V1'], webUrl: wire.webUrl, path: place };
  const cut = await DeskSeat.open(browser, contract, 'leader.cut', seat);
  try {
    await cut.page.locator('[data-testid=load-confirm]').waitFor();
    wire.cut();
    await cut.feed('disconnected').waitFor();
    await cut.page.locator('[data-testid=load-confirm]').click();
    await panelOf(cut.page).getByRole('alert').waitFor();
    assert.equal(await cut.page.locator('[data-testid=load-judgement]').count(), 0, 'nothing is shown as said');
    assert.equal(await panelOf(cut.page).count(), 1);
    await cut.page.evaluate(() => window.scrollTo(0, 0));
    await shoot(cut.page, 'fingerprint-disconnected-zh');
  } finally {
    await cut.close();
    await wire.close();
  }
});

test('renamed, it carries the judgement with who and when', limits, async () => {
  const { page } = analyst;
  await page.locator('[data-testid=load-rename]').click();
  const field = panelOf(page).getByRole('textbox');
  await field.fill('   ');
  assert.equal(await panelOf(page).locator('button[type=submit]').isDisabled(), true, 'blanks are no name');
  await field.fill(NAME);
  await shoot(page, 'fingerprint-renaming-zh');
  await field.press('Enter');
  const judgement = page.locator('[data-testid=load-judgement][data-verdict=rename]');
  await judgement.waitFor();
  const words = await judgement.innerText();
  assert.ok(words.includes(NAME), words);
  assert.match(words, /leader\.f/);
  assert.match(words, new RegExp(String(new Date().getFullYear())));
  await english.page.reload();
  await english.page.locator('[data-testid=load-judgement][data-verdict=rename]').waitFor();
  await english.page.evaluate(() => window.scrollTo(0, 0));
  await shoot(english.page, 'fingerprint-renamed-en');
});

test('the terminal learns the name, and calls the next switching by it', limits, async () => {
  const token = await contract.provision.token('integrator', ['V1']);
  const pull = ['terminal', 'teach', '--pull', contract.process.webUrl, '--device', 'F1', '--state', stateFile()];
  const learned = await fengsui(pull, { env: { FENGSUI_TOKEN: token } });
  assert.deepEqual([learned.code, learned.stdout.slice(0, 20)], [0, '1 judgements learned'], learned.stderr);
  const again = await fengsui(pull, { env: { FENGSUI_TOKEN: token } });
  assert.match(again.stdout, /^0 judgements learned, 1 passed over/);

  await watchKettle(12);
  const { page } = analyst;
  await page.goto(`${contract.process.webUrl}/devices/F1`);
  const rows = await loadRows(page, 4);
  assert.ok(rows[1]?.includes(NAME), rows.join('\n'));
  await shoot(page, 'device-loads-named-zh');
  await page.locator('[data-testid=load-events] a').first().click();
  const named = page.locator('[data-testid=load-named][data-level=device]');
  await named.waitFor();
  assert.ok((await named.innerText()).includes(NAME));
  const words = await panelOf(page).innerText();
  assert.match(words, /登记版本 1\b/);
  assert.ok(words.includes(`虚线与横标：${NAME}`), 'compared with what was taught');
  await english.page.goto(page.url());
  await english.page.locator('[data-testid=load-named][data-level=device]').waitFor();
  assert.ok((await english.page.locator('[data-testid=load-named]').innerText()).includes(NAME), 'never translated');
  await shoot(page, 'fingerprint-device-zh');
  await shoot(english.page, 'fingerprint-device-en');
});

test('a capture that nobody gave a reason for shows its waveform and no panel', limits, async () => {
  const device = await contract.device('F2', { venueId: 'V1' });
  const values = Array.from({ length: 1_280 }, (_, n) => 14 * Math.sin((2 * Math.PI * n) / 128));
  const recording = { epoch: 'x', seq: 1, at: Date.now(), sampleRateHz: 6_400, mainsHz: 50, triggerFrame: 0 };
  await device.send(
    'capture/bare',
    captureMessage({ ...recording, channels: [{ point: 'c1.currentA', unit: 'A', scale: 0.001, values }] }),
  );
  await eventually(
    'the capture',
    async () => (await contract.api.call('GET', '/api/v1/captures/F2:bare')).status === 200,
  );
  const { page } = english;
  await page.goto(`${contract.process.webUrl}/captures/F2:bare`);
  await page.locator('[data-testid=capture-rms-current]').waitFor();
  assert.equal(await panelOf(page).count(), 0);
  assert.equal(await page.locator('[data-testid=hazard-panel]').count(), 0);
  await shoot(page, 'capture-without-evidence-en');
});

test('no page had an error or asked anybody but the centre', () => {
  assert.deepEqual([analyst.watched.troubles, english.watched.troubles], [[], []]);
});
