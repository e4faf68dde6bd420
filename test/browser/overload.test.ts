import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import mqtt, { type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { CentreProcess } from '../harness/centre-process.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';

const PASSWORD = 'long-enough-for-night-shift';
const SAMPLE_RATE_HZ = 6400;
const MAINS_HZ = 50;

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
});

/** A branch rated 16 A: 8 A for 3 s, then 30 A (1.875 In), resistive. rms by construction, not by our code. */
const CALM_A = 8;
const OVERLOAD_A = 30;
function overloadCsv(seconds: number, stepAtS: number): string {
  const lines = [`# sampleRateHz=${SAMPLE_RATE_HZ} mainsHz=${MAINS_HZ}`, 'voltageV,currentA'];
  for (let n = 0; n < seconds * SAMPLE_RATE_HZ; n++) {
    const t = n / SAMPLE_RATE_HZ;
    const wave = Math.SQRT2 * Math.sin(2 * Math.PI * MAINS_HZ * t);
    lines.push(`${(230 * wave).toFixed(4)},${((t < stepAtS ? CALM_A : OVERLOAD_A) * wave).toFixed(5)}`);
  }
  return `${lines.join('\n')}\n`;
}

const row = (page: Page, deviceId: string, kind: string) =>
  page.locator(`[data-testid=alarm-row]`).filter({ hasText: kind }).filter({ hasText: deviceId }).first();

test(
  'a terminal replays an overload: the row is on the desk, acknowledged by key, seen by a second browser, its capture opens',
  { timeout: 5 * PATIENCE_MS },
  async () => {
    const centre = await CentreProcess.start();
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-overload-'));
    try {
      const secret = await centre.createDevice('T1', 'generic-terminal', 'V1');
      await centre.createUser('operator.a', 'operator', PASSWORD);
      await centre.createUser('operator.b', 'operator', PASSWORD);
      const source = path.join(folder, 'overload.csv');
      const secretFile = path.join(folder, 'secret');
      await writeFile(source, overloadCsv(9, 3));
      await writeFile(secretFile, secret);

      const first = await openPage(browser);
      const second = await openPage(browser, 'en-GB');
      await logIn(first, centre.webUrl, 'operator.a', PASSWORD);
      await logIn(second, centre.webUrl, 'operator.b', PASSWORD);
      for (const { page } of [first, second]) {
        await page.goto(`${centre.webUrl}/desk`);
        await page.locator('[data-testid=feed-state][data-state=live]').waitFor();
      }
      await shoot(first.page, 'desk-empty-zh');
      await shoot(second.page, 'desk-empty-en');

      const cli = path.resolve(import.meta.dirname, '../../apps/cli/bin/fengsui.mjs');
      const terminal = spawn(
        process.execPath,
        [
          cli,
          'terminal',
          '--source',
          source,
          '--device',
          'T1',
          '--centre',
          centre.mqttUrl,
          '--secret-file',
          secretFile,
          '--rated',
          'c1=16',
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let words = '';
      terminal.stderr.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
      const terminalEnded = new Promise<number | null>((resolve) => terminal.once('close', resolve));

      const raised = row(first.page, 'T1', '过载');
      await raised.waitFor();
      assert.equal(await raised.getAttribute('data-state'), 'unacknowledged');
      assert.equal(await raised.getAttribute('data-priority'), 'P2');
      await shoot(first.page, 'desk-overload-zh');

      await first.page.locator('body').press('j');
      await first.page.keyboard.press('a');
      await first.page.locator('[data-testid=alarm-row][data-state=acknowledged]').waitFor();
      const seen = row(second.page, 'T1', 'Overload');
      await second.page.locator('[data-testid=alarm-row][data-state=acknowledged]').waitFor();
      assert.match((await seen.textContent()) ?? '', /operator\.a/);
      await shoot(second.page, 'desk-acknowledged-en');

      assert.equal(await terminalEnded, 0, words);
      await first.page.keyboard.press('Enter');
      await first.page.locator('[data-testid=open-capture]').click();
      const shown = first.page.locator('[data-testid=capture-rms-current]');
      await shown.waitFor();
      await first.page.locator('[data-testid=capture-complete]').waitFor();
      const rmsA = Number(await shown.getAttribute('data-value'));
      assert.ok(Math.abs(rmsA / OVERLOAD_A - 1) < 0.005, `capture shows ${rmsA} A, the source has ${OVERLOAD_A} A`);
      await shoot(first.page, 'capture-zh');
      assert.deepEqual([first.troubles, second.troubles], [[], []]);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await centre.dispose();
    }
  },
);

/** FSC1 as design.md 5.1 has it, written here by hand: an independent client must be able to. */
function captureChunk(header: object, frames: Int16Array): Buffer {
  const frameBytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  const json = Buffer.from(
    JSON.stringify({ ...header, sha256: createHash('sha256').update(frameBytes).digest('hex') }),
  );
  const body = Buffer.concat([json, frameBytes]);
  const head = Buffer.alloc(16);
  head.write('FSC1', 0, 'ascii');
  head.writeUInt16LE(0, 4);
  head.writeUInt16LE(1, 6);
  head.writeUInt32LE(json.length, 8);
  head.writeUInt32LE(crc32(body), 12);
  return Buffer.concat([head, body]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

test(
  'without demo and simulation, one independent MQTT client: event, acknowledgement by key, second browser, capture within 0.5 %',
  { timeout: 5 * PATIENCE_MS },
  async () => {
    const centre = await CentreProcess.start();
    let client: MqttClient | undefined;
    try {
      const secret = await centre.createDevice('X9', 'generic-terminal', 'V9');
      await centre.createUser('operator.a', 'operator', PASSWORD);
      await centre.createUser('leader.b', 'shiftLeader', PASSWORD);
      const first = await openPage(browser, 'en-GB');
      const second = await openPage(browser);
      await logIn(first, centre.webUrl, 'operator.a', PASSWORD);
      await logIn(second, centre.webUrl, 'leader.b', PASSWORD);
      await first.page.goto(`${centre.webUrl}/desk`);
      await second.page.goto(`${centre.webUrl}/desk`);
      await first.page.locator('[data-testid=feed-state][data-state=live]').waitFor();

      client = await mqtt.connectAsync(centre.mqttUrl, { clientId: 'X9', username: 'X9', password: secret });
      const at = Date.now();
      const peakA = 21 * Math.SQRT2;
      const codes = new Int16Array(40 * 128 * 2);
      for (let n = 0; n < 40 * 128; n++) {
        const wave = Math.sin((2 * Math.PI * n) / 128);
        codes[2 * n] = Math.round((230 * Math.SQRT2 * wave) / 0.02);
        codes[2 * n + 1] = Math.round((peakA * wave) / 0.002);
      }
      const header = {
        epoch: 'x',
        seq: 2,
        at: at - 200,
        sampleRateHz: SAMPLE_RATE_HZ,
        mainsHz: MAINS_HZ,
        channels: [
          { point: 'c1.voltageV', unit: 'V', scale: 0.02, offset: 0 },
          { point: 'c1.currentA', unit: 'A', scale: 0.002, offset: 0 },
        ],
        frames: 40 * 128,
        triggerFrame: 10 * 128,
      };
      const event = {
        epoch: 'x',
        seq: 1,
        at,
        kind: 'arc',
        point: 'c1',
        active: true,
        level: 'alarm',
        confidence: 0.93,
        captureId: 'cap-1',
      };
      await client.publishAsync('fengsui/v1/X9/event', JSON.stringify(event), { qos: 1 });
      await client.publishAsync('fengsui/v1/X9/capture/cap-1', captureChunk(header, codes), { qos: 1 });

      await row(first.page, 'X9', 'Arc fault').waitFor();
      await first.page.locator('body').press('j');
      await first.page.keyboard.press('a');
      await second.page.locator('[data-testid=alarm-row][data-state=acknowledged]').waitFor();
      await first.page.keyboard.press('Enter');
      await first.page.locator('[data-testid=open-capture]').click();
      const shown = first.page.locator('[data-testid=capture-rms-current]');
      await shown.waitFor();
      const rmsA = Number(await shown.getAttribute('data-value'));
      assert.ok(Math.abs(rmsA / 21 - 1) < 0.005, `capture shows ${rmsA} A, 21 A was sent`);
      await client.publishAsync('fengsui/v1/X9/event', JSON.stringify({ ...event, seq: 3, active: false }), { qos: 1 });
      await second.page.locator('[data-testid=queue-empty]').waitFor();
      assert.deepEqual([first.troubles, second.troubles], [[], []]);
    } finally {
      client?.end(true);
      await centre.dispose();
    }
  },
);
