import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, logIn, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { greyPng } from '../work/client/picture.ts';
import { PASSWORD, WorkCentre } from '../work/client/work-centre.ts';

/** Only a person opens an order; a repair counts after a second of reports. */
const rules = {
  schemaVersion: 1,
  kinds: { silent: { join: false }, clockSuspect: { join: false } },
  otherKinds: {},
  freshMin: 0.02,
  verifyWithinMin: 10,
  dueHours: { P1: 0.0005, P2: 24, P3: 24, P4: 120 },
  escalateAfterHours: [0],
  withdrawAfterMin: 60,
  repeatWithinDays: 14,
  perVenue: 20,
  causes: [
    { code: 'wiring', label: { zh: '线路或接插件', en: 'Wiring or connector' }, kinds: ['lineFault'] },
    { code: 'other', label: { zh: '其他', en: 'Other' } },
  ],
};
const limits = { timeout: 5 * PATIENCE_MS };

let browser: Browser;
let work: WorkCentre;
let desk: WatchedPage;
let phone: WatchedPage;

before(async () => {
  work = await WorkCentre.start(rules, [
    ['desk', 'operator'],
    ['leader', 'shiftLeader'],
    ['tech', 'technician', ['V1']],
  ]);
  browser = await openBrowser();
  desk = await openPage(browser, 'zh-CN');
  phone = await openPage(browser, 'zh-CN', 390, 844);
  await logIn(desk, work.process.webUrl, 'desk', PASSWORD);
  await logIn(phone, work.process.webUrl, 'tech', PASSWORD);
});
after(async () => {
  await browser.close();
  await work.dispose();
});

test(
  'from the alarm on the desk to a repair with a photo on a phone, until the device has shown it',
  limits,
  async () => {
    const device = await work.device('b1');
    const fault = { at: Date.now(), kind: 'lineFault', point: 'c1', level: 'warning' };
    await device.event({ ...fault, active: true });
    const alarm = await work.alarm('desk', 'b1', 'lineFault');

    await phone.page.goto(`${work.process.webUrl}/work-orders`);
    await phone.page.getByTestId('no-orders').waitFor();
    await shoot(phone.page, 'work-empty-phone-zh');

    await desk.page.goto(`${work.process.webUrl}/desk?sel=${alarm.id}`);
    await desk.page.getByTestId('open-work-order').waitFor();
    await shoot(desk.page, 'work-desk-zh');
    await desk.page.getByTestId('open-work-order').click();
    await desk.page.getByTestId('work-order').waitFor();
    assert.match(await desk.page.getByTestId('work-order').innerText(), /监测连接线路故障|线路故障/);
    await desk.page.getByTestId('act-assign').click();
    await shoot(desk.page, 'work-assign-zh');
    await desk.page.getByTestId('assign-tech').click();
    await desk.page.locator('[data-testid=work-order][data-state=assigned]').waitFor();

    // Nobody loads the page anew: the order appears on the phone, and one tap says "on the way".
    const card = phone.page.getByTestId('work-card');
    await card.waitFor();
    await shoot(phone.page, 'work-list-phone-zh');
    await phone.page.getByTestId('act-depart').click();
    await phone.page.locator('[data-testid=work-card][data-state=onTheWay]').waitFor();
    await desk.page.locator('[data-testid=work-order][data-state=onTheWay]').waitFor();

    await phone.page.getByTestId('act-arrive').click();
    // First tap: the camera; the form stands behind it with the photo. Second tap: sent.
    const camera = phone.page.waitForEvent('filechooser');
    await phone.page.getByTestId('act-repair').click();
    await (await camera).setFiles({ name: 'IMG.png', mimeType: 'image/png', buffer: greyPng(120, 400) });
    await phone.page.locator('.photo-row img').waitFor();
    await shoot(phone.page, 'work-repair-phone-zh');
    assert.equal(await phone.page.locator('.repair-form select').inputValue(), 'wiring', 'the likely cause is chosen');
    await phone.page.getByTestId('send-repair').click();
    await phone.page.locator('[data-testid=work-card][data-state=repaired]').waitFor();

    await desk.page.locator('[data-testid=evidence] img').waitFor();
    const width = await desk.page
      .locator('[data-testid=evidence] img')
      .evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth));
    assert.equal(width, 400, 'the photo is served and shown');
    await shoot(desk.page, 'work-repaired-zh');
    await device.event({ ...fault, at: Date.now(), active: false });
    await desk.page.locator('[data-testid=work-order][data-state=verified]').waitFor();
    await desk.page.getByTestId('timeline').getByText('设备自己的上报证明修复').waitFor();
    await shoot(desk.page, 'work-verified-zh');
    work.rest('b1');
  },
);

test(
  'who is late stands first among the late, a refused act says why, and English has all the words',
  limits,
  async () => {
    const fault = { at: Date.now(), kind: 'lineFault', point: 'c1', level: 'warning', active: true };
    for (const [id, priority] of [
      ['b2', 'P1'],
      ['b3', 'P3'],
    ] as const) {
      const device = await work.device(id);
      await device.event(fault);
      const alarm = await work.alarm('desk', id, 'lineFault');
      await work.as('desk').post('/api/v1/work-orders', { alarmId: alarm.id, priority, note: 'seen on the round' });
    }
    const english = await openPage(browser, 'en-GB');
    await logIn(english, work.process.webUrl, 'leader', PASSWORD);
    await english.page.goto(`${work.process.webUrl}/work-orders?view=overdue`);
    const late = english.page.locator('[data-testid=work-card]');
    // The centre escalates at the second; the page may still show the last one.
    await late.filter({ hasText: / late[^]*escalated to the shift leader/ }).waitFor();
    await english.page.getByTestId('view-open').click();
    await english.page.locator('[data-testid=work-card]').nth(1).waitFor();
    await shoot(english.page, 'work-list-en');
    await late.first().locator('a').click();
    await english.page.getByTestId('work-order').waitFor();

    // Somebody else calls it off while the leader looks: what he then tries is refused in words, and the page is right.
    const { id } = (await work.orders('desk', '&overdue=true'))[0] ?? { id: '' };
    await english.page.getByRole('button', { name: 'Postpone' }).click();
    await english.page.locator('dialog textarea').fill('part ordered');
    await work.act('desk', id, 'cancel', { reason: 'wrong building' });
    await english.page.locator('dialog button[type=submit]').click();
    await english.page.getByText('The order is closed.').waitFor();
    await english.page.keyboard.press('Escape');
    await english.page.locator('[data-testid=work-order][data-state=cancelled]').waitFor();
    await shoot(english.page, 'work-cancelled-en');

    // A detector nobody has ever heard gets one from the list of blind spots.
    await desk.page.goto(`${work.process.webUrl}/blind-spots`);
    const blind = desk.page.locator('[data-testid=blind-spot][data-device-id=first-V1]');
    await blind.waitFor();
    await shoot(desk.page, 'work-blind-zh');
    await blind.getByTestId('open-work-order').click();
    await desk.page.locator('[data-testid=work-order][data-state=open]').waitFor();

    await phone.page.goto(`${work.process.webUrl}/work-orders?view=open`);
    await phone.page.getByTestId('work-card').first().waitFor();
    await shoot(phone.page, 'work-open-phone-zh');
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `the phone's page is ${wide} px too wide`);
    await phone.page.getByTestId('work-card').first().locator('a').click();
    await phone.page.getByTestId('work-order').waitFor();
    await shoot(phone.page, 'work-detail-phone-zh');
    assert.deepEqual([...desk.troubles, ...phone.troubles, ...english.troubles], []);
  },
);
