import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ApiClient, type Page as ApiPage } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { PASSWORD } from './seat/desk-seat.ts';

type Family = {
  readonly family: string;
  readonly deviceCount: number;
  readonly onlineCount: number;
  readonly alarmingCount: number;
};
type Overview = {
  readonly families: readonly Family[];
  readonly venueCount: number;
  readonly energyTodayKwh?: number;
  readonly energyCircuitCount: number;
};

let browser: Browser;
let centre: CentreProcess;
let provision: Provision;
let api: ApiClient;
const devices: DeviceClient[] = [];
before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  centre = await CentreProcess.start({ demo: true });
  browser = await openBrowser();
  provision = new Provision(centre);
  api = new ApiClient(centre.webUrl, await provision.token('shiftLeader'));
  await provision.user('wall', PASSWORD, 'display');
  await provision.user('duty', PASSWORD, 'operator');
});
after(async () => {
  for (const device of devices) device.mqtt.end(true);
  await browser.close();
  await centre.dispose();
});

const limits = { timeout: 4 * PATIENCE_MS };

async function openWall(width: number, height: number, locale: 'zh-CN' | 'en-GB' = 'zh-CN'): Promise<WatchedPage> {
  const watched = await openPage(browser, locale, width, height);
  await logIn(watched, centre.webUrl, 'wall', PASSWORD);
  await watched.page.goto(`${centre.webUrl}/wall`);
  await watched.page.locator('[data-testid=feed-state][data-state=live]').waitFor();
  return watched;
}

const numbersIn = (text: string): number[] =>
  [...text.replace(/[\u202f\u00a0]/g, '').matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number));

/** Columns of the wall, and how much wider than the window its page is. */
const layoutOf = (page: Page): Promise<{ columns: number; overhang: number }> =>
  page.evaluate(() => ({
    columns: getComputedStyle(document.querySelector('.wall-grid') ?? document.body).gridTemplateColumns.split(' ')
      .length,
    overhang: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));

/** Words on the page in letters smaller than 16 px. */
const smallWords = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (!parent || node.textContent?.trim() === '' || parent.closest('.visually-hidden, script, style')) continue;
      const { width, height } = parent.getBoundingClientRect();
      const size = Number.parseFloat(getComputedStyle(parent).fontSize);
      if (width > 2 && height > 2 && size < 16) found.push(`${size}px ${node.textContent}`);
    }
    return found;
  });

test(
  'the counts of the wall are those of the API, and energy names how many circuits it is the sum of',
  limits,
  async () => {
    const { page, troubles } = await openWall(1920, 1080);
    await eventually(
      'wall and API to agree',
      async () => {
        const before_ = await api.get<Overview>('/api/v1/overview');
        const shown = await Promise.all(
          ['electricity', 'temperature', 'smoke', 'gas'].map(async (family) => ({
            family,
            numbers: numbersIn(await page.locator(`[data-testid=family-${family}]`).innerText()),
          })),
        );
        return shown.every(({ family, numbers }) => {
          const counts = before_.families.find((entry) => entry.family === family);
          if (!counts) return false;
          const { deviceCount, onlineCount, alarmingCount } = counts;
          return (
            deviceCount > 0 &&
            numbers.join() === [onlineCount, deviceCount, deviceCount - onlineCount, alarmingCount].join()
          );
        });
      },
      30_000,
    );
    const energy = page.locator('[data-testid=energy-today]');
    await eventually(
      'energy as the API has it',
      async () => {
        const { energyTodayKwh, energyCircuitCount } = await api.get<Overview>('/api/v1/overview');
        const [kwh, circuits] = numbersIn(await energy.innerText());
        return (
          energyTodayKwh !== undefined &&
          energyCircuitCount > 0 &&
          circuits === energyCircuitCount &&
          kwh !== undefined &&
          Math.abs(kwh - energyTodayKwh) <= Math.max(0.02, 0.05 * energyTodayKwh)
        );
      },
      30_000,
    );
    const { venueCount } = await api.get<Overview>('/api/v1/overview');
    assert.deepEqual(numbersIn(await page.locator('.wall-venues header .muted').innerText()), [venueCount]);
    assert.equal(await page.locator('[data-testid=venue-tile]').count(), venueCount);
    await shoot(page, 'wall-zh');
    assert.deepEqual(troubles, []);
    await page.context().close();
  },
);

test(
  'an alarm comes to the wall with shape and letter, marked as simulated; a display role sees it and can acknowledge nothing',
  limits,
  async () => {
    const { page } = await openWall(1920, 1080, 'en-GB');
    const [venue] = (await api.get<ApiPage<{ id: string }>>('/api/v1/venues?limit=1')).items;
    assert.ok(venue);
    const secret = await provision.device('WALL-S', venue.id, 'generic-smoke');
    const device = await DeviceClient.connect(centre.mqttUrl, 'WALL-S', secret);
    devices.push(device);
    await device.event({
      epoch: 'w',
      seq: 1,
      at: Date.now(),
      kind: 'smoke',
      point: 'smoke',
      active: true,
      level: 'alarm',
    });
    const row = page.locator('.wall-queue [data-testid=alarm-row]').filter({ hasText: 'WALL-S' });
    await row.waitFor();
    assert.equal(await row.getAttribute('data-priority'), 'P1');
    assert.match(await row.innerText(), /P1[\s\S]*SIM[\s\S]*Smoke/);
    assert.equal(await row.locator('.pill svg path').count(), 1);
    assert.equal(await page.getByRole('button', { name: /Acknowledge|Shelve/ }).count(), 0);
    await shoot(page, 'wall-fire-en');

    // At the desk the same role finds no button, and the key is refused with words; the API would refuse it, too.
    const [alarm] = await api.alarmsOf('WALL-S');
    assert.ok(alarm);
    await page.goto(`${centre.webUrl}/desk?q=WALL-S&sel=${alarm.id}`);
    const detail = page.locator('[data-testid=alarm-detail]');
    await detail.locator('[data-testid=detail-state]').waitFor();
    assert.equal(await detail.getByRole('button', { name: /Acknowledge|Shelve/ }).count(), 0);
    await page.locator('[data-testid=alarm-row]').first().focus();
    await page.keyboard.press('a');
    await page.getByText('Your role (Display (view only)) is not permitted: Acknowledge.').waitFor();
    const refused = await page.evaluate(async (id) => {
      const session = (await (await fetch('/api/v1/session')).json()) as { csrfToken: string };
      return (
        await fetch(`/api/v1/alarms/${id}/acknowledge`, {
          method: 'POST',
          headers: { 'x-csrf-token': session.csrfToken },
        })
      ).status;
    }, alarm.id);
    assert.equal(refused, 403);
    assert.equal((await api.alarm(alarm.id)).state, 'unacknowledged');
    await page.context().close();
  },
);

test(
  'the wall reflows: one more column at 3840 px, none lost at 390 px, and no letter under 16 px',
  limits,
  async () => {
    const { page } = await openWall(1920, 1080);
    await page.locator('[data-testid=venue-tile]').first().waitFor();
    const wide = await layoutOf(page);
    assert.deepEqual(await smallWords(page), []);
    await page.setViewportSize({ width: 3840, height: 1080 });
    await page.locator('.wall-extra li').first().waitFor();
    const wider = await layoutOf(page);
    assert.equal(wider.columns, wide.columns + 1);
    assert.deepEqual(await smallWords(page), []);
    await shoot(page, 'wall-3840-zh');
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually('one column', async () => (await layoutOf(page)).columns === 1);
    await shoot(page, 'wall-390-zh');
    assert.deepEqual(
      [wide, wider, await layoutOf(page)].map(({ overhang }) => overhang),
      [0, 0, 0],
    );
    await page.context().close();
  },
);

test('what is simulated says so on every screen, in both languages', limits, async () => {
  const [venue] = (await api.get<ApiPage<{ id: string }>>('/api/v1/venues?limit=1')).items;
  const [device] = (await api.get<ApiPage<{ id: string }>>(`/api/v1/devices?venueId=${venue?.id}&limit=1`)).items;
  const capture = await eventually(
    'a capture of the simulated city',
    async () =>
      (await api.get<ApiPage<{ id: string; complete: boolean }>>('/api/v1/captures?limit=20')).items.find(
        ({ complete }) => complete,
      ),
    40_000,
  );
  const paths = [
    '/desk',
    '/wall',
    '/venues',
    `/venues/${venue?.id}`,
    `/devices/${device?.id}`,
    `/captures/${capture.id}`,
  ];
  for (const locale of ['zh-CN', 'en-GB'] as const) {
    const watched = await openPage(browser, locale);
    await logIn(watched, centre.webUrl, 'duty', PASSWORD);
    for (const path of paths) {
      await watched.page.goto(`${centre.webUrl}${path}`);
      const chip = watched.page.locator('[data-testid=origin-simulated]');
      await chip.waitFor();
      assert.match(await chip.innerText(), /模拟 SIMULATED/);
      assert.match((await chip.getAttribute('title')) ?? '', locale === 'zh-CN' ? /模拟/ : /simulated data/);
      await shoot(
        watched.page,
        `demo-${path.slice(1).split('/')[0]}${path.split('/').length > 2 ? '-one' : ''}-${locale.slice(0, 2)}`,
      );
    }
    assert.deepEqual(watched.troubles, []);
    await watched.page.context().close();
  }
});

test('killed, the centre leaves a wall that is red and grey and says of when its figures are', limits, async () => {
  const zh = await openWall(1920, 1080);
  const en = await openWall(1920, 1080, 'en-GB');
  await zh.page.locator('[data-testid=family-smoke]').waitFor();
  await en.page.locator('[data-testid=family-smoke]').waitFor();
  await centre.kill9();
  for (const { page } of [zh, en]) {
    const bar = page.locator('[data-testid=feed-bar]');
    await bar.waitFor();
    assert.match(await bar.innerText(), /\d\d:\d\d:\d\d/);
    assert.equal(await bar.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(255, 77, 79)');
    assert.match((await page.locator('.wall-grid').getAttribute('class')) ?? '', /is-stale/);
    const old = page.locator('[data-testid=newest-report][data-stale=true]');
    await old.waitFor();
    await page.locator('.stale-words').waitFor();
    assert.match(await page.locator('.stale-words').innerText(), /\d\d:\d\d:\d\d/);
  }
  await shoot(zh.page, 'wall-dead-zh');
  await shoot(en.page, 'wall-dead-en');
  await zh.page.context().close();
  await en.page.context().close();
});
