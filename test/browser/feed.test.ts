import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { CuttableWire } from './seat/cuttable-wire.ts';
import { DeskSeat, PASSWORD } from './seat/desk-seat.ts';
import { Reporter } from './seat/reporter.ts';

let browser: Browser;
let centre: ContractCentre;
const reporters: Reporter[] = [];
before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  centre = await ContractCentre.start();
  browser = await openBrowser();
});
after(async () => {
  for (const reporter of reporters) reporter.end();
  await browser.close();
  await centre.dispose();
});

async function reporter(id: string, venueId: string): Promise<Reporter> {
  const made = await Reporter.create(centre, id, venueId);
  reporters.push(made);
  return made;
}

const limits = { timeout: 4 * PATIENCE_MS };

/** A page that is loaded anew forgets this. */
const mark = (page: Page): Promise<void> =>
  page.evaluate(() => void (document.documentElement.dataset['mark'] = 'kept'));
const isMarked = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.dataset['mark'] === 'kept');

const clockOf = (text: string): number => {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

test(
  'killed with -9, the centre leaves a desk that says so in words, with the time of its state, and never that there is no alarm; it comes back by itself, complete',
  limits,
  async (t) => {
    const terminal = await reporter('F-1', 'VF');
    await centre.provision.device('F-2', 'VEMPTY');
    const alarms = [await terminal.raise('arc', { point: 'c1' }), await terminal.raise('overload', { point: 'c2' })];
    const full = await DeskSeat.open(browser, centre, 'full', { venueIds: ['VF'] });
    const empty = await DeskSeat.open(browser, centre, 'empty', { venueIds: ['VEMPTY'], locale: 'en-GB' });
    for (const { id } of alarms) await full.rowOf(id).waitFor();
    const words = empty.page.locator('[data-testid=queue-empty]');
    assert.match((await words.textContent()) ?? '', /No open alarms/);
    await shoot(empty.page, 'feed-empty-live-en');
    await Promise.all([mark(full.page), mark(empty.page)]);

    const killedAt = performance.now();
    const clockAtKill = new Date();
    await centre.process.kill9();
    await full.feed('disconnected').waitFor();
    t.diagnostic(`cut shown ${(performance.now() - killedAt).toFixed(0)} ms after kill -9`);
    const bar = full.page.locator('[data-testid=feed-bar]');
    const barText = (await bar.textContent()) ?? '';
    assert.match(barText, /连接中断/);
    const shown = clockOf(barText);
    const local = clockAtKill.getHours() * 3600 + clockAtKill.getMinutes() * 60 + clockAtKill.getSeconds();
    const behindS = (local - shown + 86_400) % 86_400;
    assert.ok(behindS <= 8 || behindS >= 86_398, `the state is of the last word of the centre, not ${behindS} s older`);
    assert.equal(await bar.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(255, 77, 79)');
    assert.match((await full.page.locator('[data-testid=alarm-list]').getAttribute('class')) ?? '', /is-stale/);
    assert.equal((await full.rows()).length, 2, 'what was known stays to be read');
    await empty.feed('disconnected').waitFor();
    assert.match((await words.textContent()) ?? '', /whether there are alarms is not known/);
    assert.doesNotMatch(await empty.page.locator('body').innerText(), /No open alarms/);
    await shoot(full.page, 'feed-disconnected-zh');
    await shoot(empty.page, 'feed-disconnected-en');

    const startedAt = performance.now();
    await centre.process.up();
    const upAt = performance.now();
    await Promise.all([full, empty].map((seat) => seat.feed('live').waitFor()));
    await bar.waitFor({ state: 'detached' });
    t.diagnostic(
      `started in ${(upAt - startedAt).toFixed(0)} ms, live again ${(performance.now() - upAt).toFixed(0)} ms later`,
    );
    assert.deepEqual(
      new Set((await full.rows()).map(({ id }) => id)),
      new Set((await centre.api.alarmsOf('F-1')).map(({ id }) => id)),
    );
    await terminal.reconnect();
    const later = await terminal.raise('phaseLoss', { point: 'c3' });
    await full.rowOf(later.id).waitFor();
    assert.deepEqual([await isMarked(full.page), await isMarked(empty.page)], [true, true], 'no page was loaded anew');
    await Promise.all([full.close(), empty.close()]);
  },
);

test(
  'what was raised, acknowledged and ended while this browser was away is right when it is back, without a reload',
  limits,
  async () => {
    const wire = await CuttableWire.to(centre.process.webPort);
    try {
      const terminal = await reporter('W-1', 'VW');
      const acknowledged = await terminal.raise('arc', { point: 'c1' });
      const ended = await terminal.raise('overload', { point: 'c2' });
      await centre.act(ended.id, 'acknowledge');
      const seat = await DeskSeat.open(browser, centre, 'away', { venueIds: ['VW'], webUrl: wire.webUrl });
      await seat.rowOf(ended.id).waitFor();
      await mark(seat.page);
      wire.cut();
      await seat.feed('disconnected').waitFor();
      const raised = await terminal.raise('imbalance', { point: 'c3' });
      await centre.act(acknowledged.id, 'acknowledge');
      await terminal.event('overload', { point: 'c2', active: false });
      await centre.until(ended.id, 'normal');
      assert.equal(await seat.rowOf(raised.id).count(), 0);
      wire.mend();
      await seat.feed('live').waitFor();
      await seat.rowOf(raised.id).waitFor();
      await seat.page.locator(`[data-alarm-id="${acknowledged.id}"][data-state=acknowledged]`).waitFor();
      await seat.rowOf(ended.id).waitFor({ state: 'detached' });
      assert.ok(await isMarked(seat.page));
      await seat.close();
    } finally {
      await wire.close();
    }
  },
);

test('a line that stays open and falls silent is disconnected, and the seat rings for it', limits, async (t) => {
  const wire = await CuttableWire.to(centre.process.webPort);
  try {
    await centre.provision.device('Q-1', 'VQ');
    const seat = await DeskSeat.open(browser, centre, 'silent', {
      venueIds: ['VQ'],
      webUrl: wire.webUrl,
      locale: 'en-GB',
    });
    const stalledAt = performance.now();
    wire.stall();
    await seat.feed('disconnected').waitFor();
    await seat.page.locator('[data-testid=seat-sound][data-sound=feedLost]').waitFor();
    t.diagnostic(`silence shown and rung for after ${((performance.now() - stalledAt) / 1000).toFixed(1)} s`);
    await seat.feed('live').waitFor();
    await seat.close();
  } finally {
    await wire.close();
  }
});

test('logging out in one tab ends the other, with words, and leads back to where it was', limits, async (t) => {
  await centre.provision.device('O-1', 'VO');
  const seat = await DeskSeat.open(browser, centre, 'tabs', { venueIds: ['VO'] });
  const other = await seat.page.context().newPage();
  other.setDefaultTimeout(PATIENCE_MS);
  await other.goto(`${centre.process.webUrl}/desk?priority=P1`);
  await other.locator('[data-testid=feed-state][data-state=live]').waitFor();
  const leftAt = performance.now();
  await seat.page.getByRole('button', { name: '退出' }).click();
  await seat.page.waitForURL((url) => url.pathname === '/login');
  await other.waitForURL((url) => url.pathname === '/login');
  t.diagnostic(`the other tab is at the log-in ${(performance.now() - leftAt).toFixed(0)} ms after the click`);
  await other.getByText('登录已结束').waitFor();
  await shoot(other, 'login-ended-zh');
  await other.locator('input[autocomplete=username]').fill('tabs');
  await other.locator('input[type=password]').fill(PASSWORD);
  await other.keyboard.press('Enter');
  await other.waitForURL((url) => url.pathname === '/desk' && url.searchParams.get('priority') === 'P1');
  await seat.close();
});

test(
  'a session that is gone leads to the log-in with words: by the next question of a page, and by a feed that is refused',
  limits,
  async () => {
    const wire = await CuttableWire.to(centre.process.webPort);
    try {
      await centre.provision.device('E-1', 'VE');
      const seat = await DeskSeat.open(browser, centre, 'expired', {
        venueIds: ['VE'],
        webUrl: wire.webUrl,
        locale: 'en-GB',
      });
      const { page } = seat;
      const cookies = await page.context().cookies();
      const words = page.getByText('The session has ended. Log in again.');

      await page.goto(`${wire.webUrl}/wall`);
      await page.locator('[data-testid=family-smoke]').waitFor();
      await page.context().clearCookies();
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('next') === '/wall');
      await words.waitFor();
      await shoot(page, 'login-ended-en');

      await page.context().addCookies(cookies);
      await page.goto(`${wire.webUrl}/desk?sel=x`);
      await seat.feed('live').waitFor();
      await page.context().clearCookies();
      wire.cut();
      await seat.feed('disconnected').waitFor();
      wire.mend();
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('next') === '/desk?sel=x');
      await words.waitFor();
      assert.equal(await page.locator('[data-testid=alarm-row]').count(), 0);
      await seat.close();
    } finally {
      await wire.close();
    }
  },
);
