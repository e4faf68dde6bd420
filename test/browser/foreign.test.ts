import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import mqtt, { type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually, within } from '../contract/client/eventually.ts';
import { logIn, openBrowser, openPage, shoot } from '../harness/browser.ts';

const PASSWORD = 'Correct-Horse-7-Battery';
const MOST_STEPS = 5;

let contract: ContractCentre;
let browser: Browser;
let vendor: MqttClient;

const messageOf = (number: number, smoke: number) => ({
  sn: 'MAKER-77',
  msgId: `m${number}`,
  ts: Date.now(),
  data: { smokeValue: 125, smokeAlarm: smoke, battery: 88 },
});
const publish = (message: object): Promise<unknown> =>
  within('PUBACK', vendor.publishAsync('maker/MAKER-77/up', JSON.stringify(message), { qos: 1 }));

before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  contract = await ContractCentre.start();
  browser = await openBrowser();
  await contract.register('placeholder', { model: 'generic-smoke' });
  await contract.process.createUser('admin-x', 'systemAdmin', PASSWORD);
  const source = { id: 'maker', kind: 'mqttTopic', topics: ['maker/#'] };
  const answer = await callControlSocket(contract.process.folder, 'createSource', source);
  assert.ok(answer !== undefined && 'result' in answer, JSON.stringify(answer));
  const { secret } = answer.result as { secret: string };
  const access = { clientId: 'maker', username: 'maker', password: secret };
  vendor = await within('the vendor', mqtt.connectAsync(contract.process.mqttUrl, access));
  await publish(messageOf(1, 0));
  await publish(messageOf(2, 1));
});
after(async () => {
  vendor?.end(true);
  await browser?.close();
  await contract?.dispose();
});

test('a strange message becomes a live point and an alarm in five steps, the new device included', async () => {
  const seat = await openPage(browser);
  const { page } = seat;
  await logIn(seat, contract.process.webUrl, 'admin-x', PASSWORD);
  await page.goto(`${contract.process.webUrl}/foreign`);
  await page.getByTestId('group').waitFor();
  assert.match((await page.getByTestId('group').textContent()) ?? '', /maker\/\+\/up.*2 条.*没有映射/s);
  await shoot(page, 'foreign-list-zh');
  let steps = 0;
  // 1: the group.
  steps++;
  await page.getByTestId('make-mapping').click();
  // 2: the device id, proposed and not taken; a device that nobody knows is registered on the way.
  steps++;
  const step = (name: string) => page.getByTestId(`step-${name}`);
  await step('device').waitFor();
  assert.equal(await page.locator('.json-value[aria-pressed=true]').count(), 0, 'nothing is taken before a click');
  await shoot(page, 'foreign-device-proposed-zh');
  await page.locator('.json-value', { hasText: 'MAKER-77' }).last().click();
  await page.getByTestId('register').click();
  await page.locator('select[name=model]').selectOption('generic-smoke');
  // The only venue is chosen as soon as the venues are known.
  await eventually('the venue', async () => (await page.locator('select[name=venueId]').inputValue()) !== '');
  await page.getByTestId('register-now').click();
  await eventually('the assignment', async () => (await page.getByTestId('our-device').inputValue()) === 'MAKER-77');
  await shoot(page, 'foreign-device-zh');
  await page.getByTestId('next').click();
  // 3: a value with its factor, and a word with its meaning.
  steps++;
  await step('values').waitFor();
  await page.locator('.json-value', { hasText: /^125$/ }).click();
  await page.getByTestId('point').selectOption('smoke.obscurationPctPerM');
  await page.getByTestId('scale').fill('0.01');
  await page.locator(`.json-value[data-place='["data","smokeAlarm"]']`).click();
  const caseOf = (word: string) => page.locator(`[data-testid=case][data-word="${word}"]`);
  await caseOf('1').getByTestId('meaning').selectOption('raises');
  await caseOf('1').getByTestId('kind').selectOption('smoke');
  await caseOf('0').getByTestId('meaning').selectOption('ends');
  await caseOf('0').getByTestId('kind').selectOption('smoke');
  await shoot(page, 'foreign-values-zh');
  await page.getByTestId('next').click();
  // 4: time and key as proposed.
  steps++;
  await step('time').waitFor();
  await page.getByTestId('take-both').click();
  await shoot(page, 'foreign-time-zh');
  await page.getByTestId('next').click();
  // 5: tried on all that waits, and kept.
  steps++;
  await step('try').waitFor();
  await page.getByTestId('trial').waitFor();
  assert.match((await page.getByTestId('trial').textContent()) ?? '', /2 条.*2 条全部读懂.*4 个结果/s);
  assert.deepEqual(await contract.api.alarmsOf('MAKER-77'), [], 'a try raises nothing');
  await shoot(page, 'foreign-try-zh');
  await page.getByTestId('save-mapping').click();
  await page.getByTestId('saved').waitFor();
  assert.ok(steps <= MOST_STEPS);
  await shoot(page, 'foreign-saved-zh');
  const late = await contract.raised('MAKER-77', 'smoke');
  assert.equal(late.late, true);
  await publish(messageOf(3, 1));
  await eventually(
    'the live value',
    async () =>
      (await contract.valuesOf('MAKER-77', 'smoke.obscurationPctPerM')).filter((value) => Math.abs(value - 1.25) < 1e-6)
        .length === 3,
  );
  await page.locator('.maker-step').getByRole('button', { name: '返回' }).click();
  await page.getByTestId('inbox-empty').waitFor();
  assert.deepEqual(seat.troubles, []);
});

test('in English and on a phone: the list, and what the broker’s state looks like', async () => {
  const broken = {
    id: 'far-away',
    kind: 'mqttBroker',
    topics: ['up/+/data'],
    name: 'Far Away Cloud',
    broker: { url: 'mqtt://127.0.0.1:1', username: 'u', password: 'never shown' },
  };
  const answer = await callControlSocket(contract.process.folder, 'createSource', broken);
  assert.ok(answer !== undefined && 'result' in answer, JSON.stringify(answer));
  await publish({
    sn: 'B-1',
    nested: {
      list: [
        { temperature: '25.3', state: 'fault' },
        { temperature: '26', state: 'ok' },
      ],
    },
  });
  for (const [width, height] of [
    [1920, 1080],
    [390, 844],
  ] as const) {
    const seat = await openPage(browser, 'en-GB', width, height);
    await logIn(seat, contract.process.webUrl, 'admin-x', PASSWORD);
    await seat.page.goto(`${contract.process.webUrl}/foreign`);
    await seat.page.locator('[data-testid=link][data-state=away]').waitFor();
    await seat.page.getByTestId('group').first().waitFor();
    assert.ok(!(await seat.page.content()).includes('never shown'));
    await noSideScroll(seat.page);
    await shoot(seat.page, `foreign-list-en-${width}`);
    await seat.page.getByTestId('make-mapping').first().click();
    await seat.page.getByTestId('step-device').waitFor();
    await noSideScroll(seat.page);
    await shoot(seat.page, `foreign-device-en-${width}`);
    await seat.page.goto(`${contract.process.webUrl}/foreign`);
    await seat.page.getByTestId('new-source').click();
    await seat.page.locator('select[name=kind]').selectOption('mqttBroker');
    await noSideScroll(seat.page);
    await shoot(seat.page, `foreign-new-en-${width}`);
    assert.deepEqual(seat.troubles, []);
  }
});

async function noSideScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok((content ?? 0) <= (window ?? 0), `${content} px wide in ${window}`);
}
