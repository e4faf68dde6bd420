import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { Reporter } from './seat/reporter.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let browser: Browser;
let centre: ContractCentre;
const detectors: Reporter[] = [];

before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
  for (const id of ['s1', 's2']) detectors.push(await Reporter.create(centre, id, 'V-sound', 'smoke'));
  await centre.provision.user('night', PASSWORD, 'operator');
});
after(async () => {
  for (const detector of detectors) detector.end();
  await browser.close();
  await centre.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };

/** Listens beside the loudspeaker: what the page really renders, not what it meant to. */
const LISTEN = `
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) {
      window.ear ??= Object.assign(this.context.createAnalyser(), { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, window.ear);
    }
    return connect.call(this, target, ...rest);
  };`;

/** The strongest frequencies of two seconds, Hz; none where it is silent. */
const heardHz = (page: Page): Promise<readonly number[]> =>
  page.evaluate(`(async () => {
    const found = [];
    if (window.ear === undefined) return found;
    const levels = new Float32Array(window.ear.frequencyBinCount);
    for (let i = 0; i < 40; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      window.ear.getFloatFrequencyData(levels);
      const loudest = levels.indexOf(Math.max(...levels));
      if (levels[loudest] > -50) found.push((loudest * window.ear.context.sampleRate) / window.ear.fftSize);
    }
    return found;
  })()`);

const isNear = (hz: number, wanted: number): boolean => Math.abs(hz - wanted) < 25;

async function openSeat(locale: 'zh-CN' | 'en-GB'): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, 1440, 900);
  await watched.page.addInitScript({ content: LISTEN });
  await logIn(watched, centre.process.webUrl, 'night', PASSWORD);
  return watched;
}

const bar = (page: Page) => page.getByTestId('seat-sound');

test(
  'a seat says that it is silent until its sound was tried and heard; fire sounds until it is acknowledged',
  limits,
  async () => {
    const seat = await openSeat('en-GB');
    const { page } = seat;
    await bar(page).getByText('Sound not tried').waitFor();
    await shoot(page, 'sound-mute-en');
    await page.getByTestId('try-sound').click();
    await page.getByRole('button', { name: 'I heard nothing' }).click();
    await bar(page).getByText('somebody else must listen').waitFor();
    await page.getByTestId('try-sound').click();
    await page.getByRole('button', { name: 'I heard it' }).click();
    await bar(page).getByText('Sound tried').waitFor();
    await page.waitForTimeout(1_500);
    assert.deepEqual(await heardHz(page), [], 'silent while nothing is the matter');

    await detectors[0]?.raise('smoke', { point: 'smoke' });
    await bar(page).getByText('Sounding: fire').waitFor();
    await shoot(page, 'sound-fire-en');
    const fire = await heardHz(page);
    for (const tone of [970, 630])
      assert.ok(
        fire.some((hz) => isNear(hz, tone)),
        `${tone} Hz in ${fire.join(' ')}`,
      );

    await page.keyboard.press('m');
    await page.getByTestId('silenced').waitFor();
    await page.waitForTimeout(600);
    assert.deepEqual(await heardHz(page), [], 'silenced');
    await detectors[1]?.raise('smoke', { point: 'smoke' });
    await bar(page).getByText('Sounding: fire').waitFor();
    assert.ok((await heardHz(page)).length > 10, 'a second detector sounds again');
    for (const id of await page
      .locator('.alarm-body [data-alarm-id]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-alarm-id'))))
      await centre.api.post(`/api/v1/alarms/${id}/acknowledge`, {});
    await bar(page).getByText('Sound tried').waitFor();
    assert.deepEqual(seat.troubles, []);
    await page.context().close();
  },
);

test('the loss of the centre sounds; of two tabs one sounds, and the other when it is closed', limits, async () => {
  const seat = await openSeat('zh-CN');
  await bar(seat.page).getByText('声音未试听').waitFor();
  await shoot(seat.page, 'sound-mute-zh');
  await seat.page.getByTestId('try-sound').click();
  await seat.page.getByRole('button', { name: '听到了' }).click();
  const second = await seat.page.context().newPage();
  await second.goto(`${centre.process.webUrl}/desk`);
  await second.locator('.desk, .page, main').first().waitFor();
  assert.equal(await bar(second).count(), 0, 'it leaves the sound to the first');
  centre.process.pause();
  try {
    await bar(seat.page).getByText('正在响：中断').waitFor();
    await shoot(seat.page, 'sound-lost-zh');
    const lost = await heardHz(seat.page);
    assert.ok(
      lost.some((hz) => isNear(hz, 520) || isNear(hz, 390) || isNear(hz, 260)),
      lost.join(' '),
    );
  } finally {
    centre.process.resume();
  }
  await seat.page.close();
  await bar(second).waitFor();
  await second.context().close();
});
