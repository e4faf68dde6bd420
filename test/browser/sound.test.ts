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
  await centre.provision.user('leader', PASSWORD, 'shiftLeader');
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

async function openSeat(locale: 'zh-CN' | 'en-GB', username = 'night'): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, 1440, 900);
  await watched.page.addInitScript({ content: LISTEN });
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  return watched;
}

const bar = (page: Page) => page.getByTestId('seat-sound');

// First: a seat that was heard counts for 150 s after its page was closed.
test('a shift leader sees which seats cannot be heard, and every desk is told when none can', limits, async () => {
  const leader = await openSeat('zh-CN', 'leader');
  const { page } = leader;
  await page.goto(`${centre.process.webUrl}/blind-spots`);
  const seats = page.getByTestId('open-seat');
  await page.locator('[data-testid=open-seat][data-sound=untried]', { hasText: 'leader' }).waitFor();
  const other = await openSeat('en-GB');
  const own = page.locator('[data-testid=open-seat]', { hasText: 'night' });
  await own.and(page.locator('[data-sound=untried]')).waitFor();
  await page.getByTestId('unheard-bar').waitFor({ timeout: 2 * PATIENCE_MS });
  await shoot(page, 'seats-unheard-zh');
  await other.page.getByTestId('unheard-bar').waitFor();
  await other.page.goto(`${centre.process.webUrl}/blind-spots`);
  await other.page.getByTestId('try-sound').click();
  await other.page.getByRole('button', { name: 'I heard it' }).click();
  await own.and(page.locator('[data-sound=tried]')).waitFor();
  await page.getByTestId('unheard-bar').waitFor({ state: 'detached' });
  assert.ok((await seats.count()) >= 2);
  await shoot(other.page, 'seats-en');
  assert.deepEqual([...leader.troubles, ...other.troubles], []);
  await other.page.context().close();
  await page.context().close();
});

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
    // It sounds for a second in every four: the picture can wait.
    const lost = await heardHz(seat.page);
    await shoot(seat.page, 'sound-lost-zh');
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

test(
  'before an isolation ends a notice sounds once, and the bar says so; also after a reload only once',
  limits,
  async () => {
    await centre.register('t1', { venueId: 'V-sound', model: 'generic-terminal' });
    const seat = await openSeat('en-GB');
    const { page } = seat;
    await page.getByTestId('try-sound').click();
    await page.getByRole('button', { name: 'I heard it' }).click();
    await page.waitForTimeout(1_500);
    const until = new Date(Date.now() + 24_000).toISOString();
    const order = { venueId: 'V-sound', deviceId: 't1', kind: 'isolated', until, reason: 'works' };
    assert.equal((await centre.api.post('/api/v1/isolations', order)).status, 201);
    const isolated = page.getByTestId('isolation-bar');
    await isolated.waitFor({ timeout: 3_000 });
    assert.ok(!(await isolated.innerText()).includes('About to end'));
    const heard: number[] = [];
    for (let n = 0; n < 12 && heard.length === 0; n++) heard.push(...(await heardHz(page)));
    assert.ok(heard.length > 0 && heard.every((hz) => isNear(hz, 440)), `440 Hz in ${heard.join(' ')}`);
    await isolated.getByText('About to end').waitFor();
    await shoot(page, 'isolation-ends-en');
    await page.reload();
    await page.mouse.click(700, 700);
    await bar(page).getByText('Sound tried').waitFor();
    assert.deepEqual(await heardHz(page), [], 'once');
    await isolated.waitFor({ state: 'detached' });
    assert.deepEqual(seat.troubles, []);
    await page.context().close();
  },
);

test(
  'a wall is silent until it is switched on, and then sounds as a seat does, also after a reload',
  limits,
  async () => {
    const wall = await openSeat('en-GB', 'leader');
    const { page } = wall;
    await page.goto(`${centre.process.webUrl}/wall`);
    await page.getByTestId('wall-sound').waitFor();
    assert.equal(await bar(page).count(), 0);
    await page.getByTestId('wall-sound').click();
    await page.getByTestId('try-sound').click();
    await page.getByRole('button', { name: 'I heard it' }).click();
    await bar(page).getByText('Sound tried').waitFor();
    await detectors[0]?.raise('arc', { point: 'c1', level: 'alarm' });
    await page.locator('[data-testid=seat-sound]:not([data-sound=none])').waitFor();
    assert.ok((await heardHz(page)).length > 3, 'it sounds');
    await shoot(page, 'wall-sound-en');
    await page.reload();
    await bar(page).waitFor();
    await page.getByTestId('wall-sound').click();
    assert.equal(await bar(page).count(), 0);
    assert.deepEqual(wall.troubles, []);
    await page.context().close();
  },
);
