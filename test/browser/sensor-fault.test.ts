import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const READINGS = 80;

let browser: Browser;
let centre: ContractCentre;

before(async () => {
  centre = await ContractCentre.start();
  browser = await openBrowser();
  await centre.provision.user('li', PASSWORD, 'technician');
});
after(async () => {
  await browser.close();
  await centre.dispose();
});

type Faults = { readonly sensorFaults?: readonly { readonly fault: string; readonly since: string }[] };

test(
  'the page of a detector says how its sensor fails, since when and what to do, and says it no more when it is sound',
  { timeout: 4 * PATIENCE_MS },
  async () => {
    const device = await centre.device('lobby', { venueId: 'V-lobby', model: 'generic-smoke' });
    const beganAt = Date.now() - 4 * READINGS * 1_000;
    let seq = 0;
    const read = (value: number): Promise<void> =>
      device.telemetry({
        epoch: 'f',
        seq: ++seq,
        at: beganAt + seq * 1_000,
        values: { 'smoke.obscurationPctPerM': value },
      });
    for (let n = 0; n < READINGS; n++) await read(n % 2 === 0 ? 0 : 4);
    const faults = async (): Promise<Faults['sensorFaults']> =>
      (await centre.api.get<Faults>('/api/v1/devices/lobby')).sensorFaults;

    const { page, troubles } = await openPage(browser, 'zh-CN', 1440, 900);
    await logIn({ page, troubles }, centre.process.webUrl, 'li', PASSWORD);
    await page.goto(`${centre.process.webUrl}/devices/lobby`);
    const note = page.getByTestId('sensor-faults');
    await note.getByText('传感器噪声大').waitFor();
    await shoot(page, 'sensor-fault-zh');
    const [found] = (await faults()) ?? [];
    const since = Date.parse(found?.since ?? '');
    assert.equal(found?.fault, 'noisy');
    assert.ok(since > beganAt + 10_000 && since < beganAt + READINGS * 1_000, 'by the reading that showed it');
    const english = await openPage(browser, 'en-GB', 390, 844);
    await logIn(english, centre.process.webUrl, 'li', PASSWORD);
    await english.page.goto(`${centre.process.webUrl}/devices/lobby`);
    await english.page.getByTestId('sensor-faults').getByText('see its wiring').waitFor();
    await shoot(english.page, 'sensor-fault-narrow-en');

    for (let n = 0; n < 2 * READINGS; n++) await read(0);
    await note.waitFor({ state: 'detached' });
    assert.equal(await faults(), undefined);
    assert.deepEqual([...troubles, ...english.troubles], []);
  },
);
