import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ObeyingDevice } from '../commands/obeying-device.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot, type WatchedPage } from '../harness/browser.ts';
import { PASSWORD } from './seat/desk-seat.ts';
import { fieldCity } from './seat/field-city.ts';

const DEVICES = 2_400;
const limits = { timeout: 3 * PATIENCE_MS };

let browser: Browser;
let centre: ContractCentre;
let terminal: DeviceClient;
let obeying: ObeyingDevice;
const secrets = new Map<string, string>();

before(async () => {
  [browser, centre] = await Promise.all([openBrowser(), ContractCentre.start()]);
  const admin = new ApiClient(centre.process.webUrl, await centre.provision.token('systemAdmin'));
  const imported = await admin.post('/api/v1/imports', fieldCity(DEVICES));
  assert.equal(imported.status, 201, imported.text.slice(0, 500));
  const report = imported.body as { secrets: { deviceId: string; secret: string }[] };
  for (const { deviceId, secret } of report.secrets) secrets.set(deviceId, secret);
  terminal = await connect('EL-1');
  obeying = await ObeyingDevice.on(terminal);
  await terminal.telemetry({
    epoch: 'a',
    seq: 1,
    at: Date.now(),
    values: { 'c1.currentA': 4.31, 'c1.voltageV': 229, 't1.temperatureC': 31 },
  });
  const smoke = await connect('SM-00003');
  await smoke.telemetry({ epoch: 'a', seq: 1, at: Date.now() - 12_000, values: { 'smoke.obscurationPctPerM': 0.4 } });
  await smoke.event({
    epoch: 'a',
    seq: 2,
    at: Date.now(),
    kind: 'fault',
    point: 'smoke',
    active: true,
    level: 'warning',
  });
  await centre.raised('SM-00003', 'fault');
});
after(async () => {
  await browser?.close();
  await centre?.dispose();
});

function connect(id: string): Promise<DeviceClient> {
  return DeviceClient.connect(centre.process.mqttUrl, id, secrets.get(id) ?? '');
}

async function seatOf(
  username: string,
  role: string,
  options: { readonly locale?: 'zh-CN' | 'en-GB'; readonly width?: number; readonly height?: number } = {},
): Promise<WatchedPage> {
  if (!known.has(username)) await centre.provision.user(username, PASSWORD, role);
  known.add(username);
  const watched = await openPage(browser, options.locale, options.width, options.height);
  await logIn(watched, centre.process.webUrl, username, PASSWORD);
  return watched;
}
const known = new Set<string>();

const go = (page: Page, path: string): Promise<unknown> => page.goto(`${centre.process.webUrl}${path}`);
const total = (page: Page): Promise<string | null> => page.getByTestId('device-total').getAttribute('data-n');
const until = (page: Page, count: number): Promise<unknown> =>
  eventually(`${count} devices`, async () => (await total(page)) === String(count));

test(
  'the list of devices filters at the centre, draws what fits, and reaches the last of thousands',
  limits,
  async () => {
    const watched = await seatOf('lister', 'technician');
    const { page } = watched;
    await page.getByTestId('nav-field').click();
    await page.waitForURL(/\/devices$/);
    await until(page, DEVICES + 1);
    const rows = page.getByTestId('device-row');
    await rows.first().waitFor();
    assert.ok((await rows.count()) < 80, 'as many rows as fit');
    await shoot(page, 'devices-zh');
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await page.locator(`[data-device-id="SM-0${DEVICES - 1}"]`).waitFor();
    await shoot(page, 'devices-end-zh');

    await page.getByTestId('state-fault').click();
    await until(page, 1);
    assert.equal(await rows.first().getAttribute('data-device-id'), 'SM-00003');
    assert.match(await rows.first().innerText(), /设备故障/);
    await page.getByTestId('state-fault').click();
    await page.getByTestId('state-online').click();
    await until(page, 2);
    await shoot(page, 'devices-online-zh');
    await page.getByTestId('state-online').click();
    await page.getByRole('searchbox').fill('总配电');
    await until(page, 1);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByTestId('devices-empty').waitFor();
    await shoot(page, 'devices-none-zh');
    await page.getByTestId('devices-empty').getByRole('button').click();
    await until(page, DEVICES + 1);

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('导出 CSV').click()]);
    const csv = await readFile(await download.path(), 'utf8');
    assert.equal(csv.trim().split('\r\n').length, DEVICES + 2, 'a heading and every device');

    await page.route('**/api/v1/devices?*', (route) =>
      route.fulfill({ status: 500, body: '{"code":"internal","detail":"x"}' }),
    );
    await page.getByTestId('state-silent').click();
    await page.locator('.problem').waitFor();
    await shoot(page, 'devices-broken-zh');
    assert.deepEqual(
      watched.troubles.filter((words) => !words.includes('500')),
      [],
    );
    await page.context().close();

    const english = await seatOf('lister', 'technician', { locale: 'en-GB' });
    await go(english.page, '/devices?family=smoke&venue=MALL');
    await until(english.page, DEVICES / 2);
    await shoot(english.page, 'devices-en');
    await english.page.context().close();
    const phone = await seatOf('lister', 'technician', { width: 390, height: 844 });
    await go(phone.page, '/devices');
    await phone.page.getByTestId('device-row').first().waitFor();
    await shoot(phone.page, 'devices-390-zh');
    const overflow = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    assert.deepEqual([...english.troubles, ...phone.troubles], []);
    await phone.page.context().close();
  },
);

test('who may see no alarm is not told by the list which device has one', limits, async () => {
  const watched = await seatOf('admin-1', 'systemAdmin');
  const { page } = watched;
  await go(page, '/desk');
  await page.waitForURL(/\/venues/);
  await go(page, '/devices');
  await until(page, DEVICES + 1);
  assert.equal(await page.getByTestId('state-fault').count(), 0);
  const asked = await page.request.get(`${centre.process.webUrl}/api/v1/devices?state=fault`);
  assert.equal(asked.status(), 403);
  await go(page, '/devices/EL-1');
  await page.getByTestId('tab-life').waitFor();
  assert.equal(await page.getByTestId('tab-overview').count(), 0);
  await shoot(page, 'device-admin-zh');
  assert.deepEqual(watched.troubles, []);
  await page.context().close();
});

test('a command shows as sent, then as read back; a refusal and a silence are said in words', limits, async () => {
  const watched = await seatOf('commander', 'technician');
  const { page } = watched;
  await go(page, '/devices/EL-1?tab=commands');
  const give = page.getByTestId('give-command');
  await give.waitFor();
  await give.click();
  await page.getByTestId('command-refusal').getByText('请写明原因').waitFor();
  await page.locator('input[name=reason]').fill('交接班抄表');
  await give.click();
  const asked = await obeying.command();
  assert.equal(asked.name, 'read');
  const newest = page.getByTestId('command').first();
  await page.locator('[data-testid=command][data-state=sent]').waitFor();
  await shoot(page, 'command-sent-zh');
  await obeying.reply(asked.id, true, {
    values: { 'c1.currentA': 4.31, 't1.temperatureC': 31 },
    breakers: { c1: 'closed' },
    sounder: { sounding: false },
    configuration: { version: 7, settings: { intervalMs: 1000 } },
  });
  await page.locator('[data-testid=command][data-state=done]').waitFor();
  assert.match(await newest.innerText(), /4\.31/);

  await page.getByText('自检', { exact: true }).click();
  await page.locator('input[name=reason]').fill('月度检查');
  await give.click();
  const selfTest = await obeying.command();
  await obeying.reply(selfTest.id, true, {
    passed: false,
    checks: { clock: { ok: true, detail: 'heard 3 s ago' }, probe: { ok: false, detail: 't2 open' } },
  });
  await page.getByText('自检没有通过').waitFor();

  await page.getByText('分闸', { exact: true }).click();
  await page.locator('input[name=reason]').fill('厨房无人');
  await give.click();
  await page.getByTestId('command-refusal').getByText('需要两人批准').waitFor();
  await page.locator('[data-testid=command][data-code=approvalRequired]').waitFor();
  await page.getByText('配置', { exact: true }).click();
  assert.equal(await page.locator('.command-configuration input[type=number]').first().inputValue(), '8');
  await shoot(page, 'command-zh');
  assert.deepEqual(watched.troubles, []);
  await page.context().close();

  const english = await seatOf('commander', 'technician', { locale: 'en-GB' });
  await go(english.page, '/devices/EL-1?tab=commands');
  await english.page.getByText('Self-test failed').waitFor();
  await shoot(english.page, 'command-en');
  await english.page.context().close();
  const phone = await seatOf('commander', 'technician', { width: 390, height: 844 });
  await go(phone.page, '/devices/EL-1?tab=commands');
  await phone.page.getByTestId('command').first().waitFor();
  await shoot(phone.page, 'command-390-zh');
  await phone.page.context().close();
  const reader = await seatOf('reader', 'analyst');
  await go(reader.page, '/devices/EL-1?tab=commands');
  await reader.page.getByText('不能下达指令').waitFor();
  assert.equal(await reader.page.getByTestId('give-command').count(), 0);
  await reader.page.context().close();
});

test(
  'the life of a device: changed with a reason, tested, claimed by a code shown once, replaced with its history',
  limits,
  async () => {
    const watched = await seatOf('keeper', 'technician');
    const { page } = watched;
    await go(page, '/devices/SM-00001?tab=life');
    await page.getByTestId('life-maintenance').click();
    await page.locator('dialog textarea').fill('探头进水');
    await shoot(page, 'life-change-zh');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=history-line][data-kind=life]').getByText('探头进水').waitFor();
    assert.match(await page.getByTestId('life-notice').innerText(), /维修中/);

    await page.getByTestId('record-test').click();
    await page.locator('dialog button[type=submit]').click();
    await page.locator('[data-testid=history-line][data-kind=test]').waitFor();

    await page.getByTestId('claim').click();
    await page.getByTestId('qr').waitFor();
    const code = await page.getByTestId('shown-once').innerText();
    assert.match(code, /^([2-9A-Z]{4}-){3}[2-9A-Z]{4}$/);
    await shoot(page, 'claim-zh');
    const scanned = await seatOf('keeper', 'technician', { width: 390, height: 844 });
    await go(scanned.page, `/devices/SM-00001#claim=${code}`);
    await scanned.page.getByTestId('scanned-claim').getByText(code).waitFor();
    await shoot(scanned.page, 'scanned-390-zh');
    await scanned.page.context().close();
    const enrolled = await new ApiClient(centre.process.webUrl).post('/api/v1/enrol', { claimCode: code });
    assert.equal((enrolled.body as { deviceId?: string }).deviceId, 'SM-00001');
    await page.getByText('我已保存，关闭').click();

    await page.getByTestId('replace').click();
    await page.locator('input[name=newDeviceId]').fill('SM-00003');
    await page.locator('dialog textarea').fill('进水，更换');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('dialog .problem').getByText('已经装在别处').waitFor();
    await page.locator('input[name=newDeviceId]').fill('SM-NEW');
    await page.locator('dialog button[type=submit]').click();
    await page.getByTestId('shown-once').waitFor();
    await page.getByText('我已保存，关闭').click();
    await page.getByText('由 SM-NEW 接替').waitFor();
    await shoot(page, 'life-zh');
    await go(page, '/devices/SM-NEW?tab=life');
    await page.getByText('这个位置先后装过').waitFor();
    await shoot(page, 'life-new-zh');
    await go(page, '/devices/EL-1?tab=model');
    await page.getByText('通用电气终端').first().waitFor();
    await shoot(page, 'model-zh');
    assert.deepEqual(watched.troubles, []);
    await page.context().close();
    const english = await seatOf('keeper', 'technician', { locale: 'en-GB' });
    await go(english.page, '/devices/SM-NEW?tab=life');
    await english.page.getByTestId('history-line').first().waitFor();
    await shoot(english.page, 'life-en');
    await go(english.page, '/devices/SM-NEW?tab=model');
    await english.page.getByText('Alarms it reports').waitFor();
    await shoot(english.page, 'model-en');
    await english.page.context().close();
    const phone = await seatOf('keeper', 'technician', { width: 390, height: 844 });
    await go(phone.page, '/devices/SM-NEW?tab=life');
    await phone.page.getByTestId('history-line').first().waitFor();
    await shoot(phone.page, 'life-390-zh');
    await phone.page.context().close();
  },
);

test('a device whose credential is in two hands says what that means and what to do', limits, async () => {
  let last = await connect('SM-00005');
  for (let i = 0; i < 4; i++) {
    const closed = new Promise((resolve) => last.mqtt.once('close', () => resolve(true)));
    last = await connect('SM-00005');
    await closed;
  }
  await centre.raised('SM-00005', 'clonedIdentity');
  const watched = await seatOf('commander', 'technician');
  const { page } = watched;
  await go(page, '/devices/SM-00005');
  await page.getByTestId('identity-suspect').getByText('不向它下达任何指令').waitFor();
  await shoot(page, 'identity-zh');
  await go(page, '/devices?state=identitySuspect');
  await until(page, 1);
  await go(page, '/devices/SM-00005?tab=commands');
  await page.locator('input[name=reason]').fill('看看是谁');
  await page.getByTestId('give-command').click();
  await page.getByTestId('command-refusal').getByText('设备身份可疑').waitFor();
  last.mqtt.end(true);
  assert.deepEqual(watched.troubles, []);
  await page.context().close();
});
