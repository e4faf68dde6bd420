import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingDevice } from '../harness/reporting-device.ts';

/** FENGSUI_KILLS=20 is the long run; every run sends 1,000 reports a second. */
const KILLS = Number(process.env['FENGSUI_KILLS'] ?? 4);
const DEVICES = 50;
const INTERVAL_MS = 50;
const EVENT_EVERY = 25;
const MAX_POINTS = 10_000;

test(
  `killed ${KILLS} times at random under 1,000 reports a second, the centre has every acknowledged report once and every alarm once`,
  { timeout: 200_000 + KILLS * 100_000 },
  async (t) => {
    const centre = await CentreProcess.start();
    try {
      const devices: ReportingDevice[] = [];
      for (let n = 1; n <= DEVICES; n++) {
        const secret = await centre.createDevice(`k${n}`, 'generic-terminal', `v${n % 7}`);
        devices.push(new ReportingDevice(centre.mqttUrl, `k${n}`, secret));
      }
      const token = await centre.createToken('integrator');
      const from = Date.now() - 1_000;
      const runs = devices.map((device) => device.run(INTERVAL_MS, EVENT_EVERY));
      for (let kill = 0; kill < KILLS; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 3_000));
        await centre.kill9();
        await centre.up();
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const device of devices) device.stop();
      await Promise.all(runs);
      // What was promised must survive one more kill, with nobody sending any more.
      await centre.kill9();
      await centre.up();

      const get = async (path: string): Promise<unknown> => {
        const response = await fetch(centre.webUrl + path, { headers: { authorization: `Bearer ${token}` } });
        assert.equal(response.status, 200, `${path}: ${response.status}`);
        return response.json();
      };
      let reports = 0;
      for (const device of devices) {
        const path = `/api/v1/series?point=${device.id}/c1.activePowerW&from=${from}&to=${Date.now() + 1}&maxPoints=${MAX_POINTS}`;
        const { items, downsampled } = (await get(path)) as {
          items: [number, number, number, number][];
          downsampled: number;
        };
        assert.equal(downsampled, 1);
        const stored = items.map(([, , , value]) => value).sort((a, b) => a - b);
        assert.deepEqual(stored, device.acknowledged, `${device.id}: stored and acknowledged differ`);
        reports += stored.length;
      }
      const { items: alarms } = (await get('/api/v1/alarms?limit=1000')) as {
        items: { deviceId: string; kind: string; count: number }[];
      };
      const counted = Object.fromEntries(alarms.map(({ deviceId, kind, count }) => [`${deviceId} ${kind}`, count]));
      const expected = Object.fromEntries(
        devices.filter((d) => d.raisedCount > 0).map((d) => [`${d.id} arc`, d.raisedCount]),
      );
      assert.deepEqual(counted, expected);
      assert.equal(alarms.length, Object.keys(expected).length);
      const resent = devices.reduce((sum, { resentCount }) => sum + resentCount, 0);
      t.diagnostic(
        `${KILLS + 1} kills, ${reports} reports acknowledged and stored, ${alarms.length} alarms, ${resent} reports sent again`,
      );
    } finally {
      await centre.dispose();
    }
  },
);
