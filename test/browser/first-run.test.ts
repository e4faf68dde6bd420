import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ApiClient, type Page as ApiPage } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { PASSWORD } from './seat/desk-seat.ts';

let browser: Browser;
/** With the simulated city. */
let centre: CentreProcess;
/** As a real city starts: nothing in it, and the founder goes when the three administrators exist. */
let empty: CentreProcess;
let founder: WatchedPage;
const devices: DeviceClient[] = [];
before(async () => {
  [browser, centre, empty] = await Promise.all([
    openBrowser(),
    CentreProcess.start({ demo: true }),
    CentreProcess.start(),
  ]);
  founder = await openPage(browser);
});
after(async () => {
  for (const device of devices) device.mqtt.end(true);
  await browser.close();
  await centre.dispose();
  await empty.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };
const steps = ['queue', 'keys', 'feed', 'capture', 'wall'];

/** The link as the terminal prints it. */
async function founderLink(of = centre): Promise<string> {
  return eventually('the link on stdout', () => /http:\/\/\S+\/founder#token=\S+/.exec(of.stdout)?.[0]);
}

async function stepOf(tour: Locator): Promise<string | null> {
  return tour.getAttribute('data-step');
}

/** Whatever is drawn at the middle and at the corners of an element belongs to the element. */
function isUncovered(element: Locator): Promise<boolean> {
  return element.evaluate((target) => {
    const { left, top, right, bottom } = target.getBoundingClientRect();
    const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
    return [
      [middleX, middleY],
      [left + 2, top + 2],
      [right - 2, top + 2],
      [left + 2, bottom - 2],
      [right - 2, bottom - 2],
    ].every(([x = 0, y = 0]) => target.contains(document.elementFromPoint(x, y)));
  });
}

test(
  'the link the terminal prints opens the centre, and the desk of the demo is one click further',
  limits,
  async () => {
    const { page, troubles } = founder;
    await page.goto(await founderLink());
    await page.waitForURL((url) => url.pathname === '/accounts');
    assert.equal(new URL(page.url()).hash, '', 'the token does not stay in the address');
    await page.locator('[data-testid=administrator-systemAdmin]').waitFor();
    await shoot(page, 'accounts-zh');
    await page.locator('[data-testid=sit-at-desk]').click();
    await page.waitForURL((url) => url.pathname === '/desk');
    await page.locator('[data-testid=feed-state][data-state=live]').waitFor();
    await page.locator('[data-testid=origin-simulated]').waitFor();
    assert.match(await page.locator('[data-testid=who]').innerText(), /founder/);
    assert.deepEqual(troubles, []);
  },
);

test(
  'at the first visit the tour leads through five steps over the real desk, in the language of the seat',
  limits,
  async () => {
    const { page } = founder;
    const tour = page.locator('[data-testid=tour]');
    await tour.waitFor();
    const outlined: Record<string, string> = {
      queue: '.alarm-list',
      keys: '.help-button',
      feed: '.feed-chip',
      wall: '.top nav a[href^="/wall"]',
    };
    for (const [index, step] of steps.entries()) {
      assert.equal(await stepOf(tour), step);
      assert.match(await tour.innerText(), new RegExp(`${index + 1}/5`));
      const place = outlined[step];
      if (place !== undefined)
        assert.equal(
          await page.locator(place).evaluate((element) => getComputedStyle(element).outlineStyle),
          'solid',
          step,
        );
      await shoot(page, `tour-${step}-zh`);
      await page.locator('[data-testid=tour-next]').click();
    }
    await tour.waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('[data-testid=feed-state][data-state=live]').waitFor();
    assert.equal(await tour.count(), 0, 'shown once');

    await page.getByRole('button', { name: /English/ }).click();
    await page.getByRole('heading', { name: 'Alarm queue' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.keyboard.press('?');
    await page.locator('[data-testid=tour-restart]').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(await stepOf(tour), 'queue');
    assert.match(await tour.innerText(), /The queue/);
    await page.locator('[data-testid=tour-next]').focus();
    await page.keyboard.press('Escape');
    await tour.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /中文/ }).click();
    await page.getByRole('heading', { name: '告警队列' }).waitFor();
  },
);

test('the tour covers no unacknowledged fire and moves no row, on a wide screen and on a phone', limits, async () => {
  const provision = new Provision(centre);
  const api = new ApiClient(centre.webUrl, await provision.token('shiftLeader'));
  const [venue] = (await api.get<ApiPage<{ id: string }>>('/api/v1/venues?limit=1')).items;
  assert.ok(venue);
  const secret = await provision.device('TOUR-S', venue.id, 'generic-smoke');
  const device = await DeviceClient.connect(centre.mqttUrl, 'TOUR-S', secret);
  devices.push(device);
  await device.event({
    epoch: 't',
    seq: 1,
    at: Date.now(),
    kind: 'smoke',
    point: 'smoke',
    active: true,
    level: 'alarm',
  });
  for (const [username, width, height] of [
    ['tour.wide', 1920, 1080],
    ['tour.phone', 390, 844],
  ] as const) {
    await provision.user(username, PASSWORD, 'operator');
    const watched = await openPage(browser, 'en-GB', width, height);
    const { page } = watched;
    await logIn(watched, centre.webUrl, username, PASSWORD, { isFirstVisit: true });
    const tour = page.locator('[data-testid=tour]');
    const fire = page.locator('[data-testid=alarm-row].fire.unacknowledged').first();
    await tour.waitFor();
    await fire.waitFor();
    const before_ = await fire.boundingBox();
    for (const step of steps) {
      assert.equal(await stepOf(tour), step);
      assert.ok(await isUncovered(fire), `${width} px, ${step}: the fire is in sight`);
      const [row, box] = [await fire.boundingBox(), await tour.boundingBox()];
      assert.ok(row && box && box.y >= row.y + row.height, 'the tour stands below');
      if (step === 'queue') await shoot(page, `tour-fire-${width}-en`);
      if (step !== 'wall') await page.locator('[data-testid=tour-next]').click();
    }
    await page.evaluate(() => window.scrollTo(0, 0));
    assert.deepEqual(await fire.boundingBox(), before_);
    await page.locator('[data-testid=tour-close]').click();
    await tour.waitFor({ state: 'detached' });
    await page.evaluate(() => window.scrollTo(0, 0));
    assert.deepEqual(await fire.boundingBox(), before_, 'closing it moves no row either');
    await page.context().close();
  }
});

test('a link used twice is refused with words, in both languages', limits, async () => {
  const link = await founderLink();
  for (const [locale, words] of [
    ['zh-CN', /已经用过或已失效/],
    ['en-GB', /used before or has expired/],
  ] as const) {
    const { page } = await openPage(browser, locale);
    await page.goto(link);
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    assert.match(await refusal.innerText(), words);
    await shoot(page, `founder-used-${locale.slice(0, 2)}`);
    await page.context().close();
  }
});

async function create(page: Page, role: string, username: string, password: string): Promise<Locator> {
  const place = page.locator(`[data-testid=administrator-${role}]`);
  await place.locator('input[name=username]').fill(username);
  await place.locator('input[name=password]').fill(password);
  await place.getByRole('button').click();
  return place;
}

test(
  'weak passwords are refused with the rule they break, then the three administrators are made and the founder is done',
  limits,
  async () => {
    const { page } = await openPage(browser);
    await page.goto(await founderLink(empty));
    await page.waitForURL((url) => url.pathname === '/accounts');
    const place = page.locator('[data-testid=administrator-systemAdmin]');
    await place.waitFor();
    assert.match(await place.innerText(), /至少 12/, 'the rule stands there before anything is typed');
    await create(page, 'systemAdmin', 'sys.admin', 'short');
    assert.equal(
      await place
        .locator('input[name=password]')
        .evaluate((input) => input instanceof HTMLInputElement && input.validity.tooShort),
      true,
    );
    for (const [password, rule] of [
      ['aaaaaaaaaaaaaaaa', /5 different/],
      ['xx-sys.admin-xx', /contains the user name/],
      ['my-fengsui-2026', /guessed first/],
    ] as const) {
      await create(page, 'systemAdmin', 'sys.admin', password);
      await place.getByRole('alert').filter({ hasText: rule }).waitFor();
      assert.match(await place.getByRole('alert').innerText(), /没有创建/);
    }
    await shoot(page, 'accounts-weak-zh');
    for (const [role, username] of [
      ['systemAdmin', 'sys.admin'],
      ['securityAdmin', 'sec.admin'],
    ] as const) {
      await create(page, role, username, PASSWORD);
      await page.locator(`[data-testid=administrator-${role}][data-exists=true]`).waitFor();
    }
    await shoot(page, 'accounts-two-zh');
    await create(page, 'auditor', 'aud.admin', PASSWORD);
    await page.waitForURL((url) => url.pathname === '/login');
    await page.getByRole('status').filter({ hasText: '创始人身份已结束' }).waitFor();
    await shoot(page, 'login-founder-done-zh');

    const watched = await openPage(browser, 'en-GB');
    await logIn(watched, empty.webUrl, 'sec.admin', PASSWORD);
    await watched.page.goto(`${empty.webUrl}/accounts`);
    for (const name of ['sys.admin', 'sec.admin', 'aud.admin'])
      await watched.page.locator('[data-testid=accounts]').getByRole('cell', { name, exact: true }).waitFor();
    await shoot(watched.page, 'accounts-security-admin-en');
    await watched.page.context().close();
  },
);
