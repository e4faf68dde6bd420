import assert from 'node:assert/strict';
import { eventually } from '../contract/client/eventually.ts';
import type { ReportingDevice } from './reporting-device.ts';

const MAX_POINTS = 10_000;

/**
 * The centre has what the devices were promised, each report once, each raising of their condition counted once, and
 * nothing else of theirs. The words say how much that was.
 */
export async function assertNothingLost(from: {
  readonly webUrl: string;
  readonly token: string;
  readonly devices: readonly ReportingDevice[];
  /** Epoch ms before the first report. */
  readonly from: number;
}): Promise<string> {
  const { webUrl, token, devices } = from;
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(webUrl + path, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200, `${path}: ${response.status}`);
    return response.json();
  };
  let reports = 0;
  let resent = 0;
  for (const device of devices) {
    // What was acknowledged last may still be on its way from the journal to the store.
    const stored = await eventually(`the reports of ${device.id} to be applied`, async () => {
      const to = Date.now() + 1;
      const path = `/api/v1/series?point=${device.id}/c1.activePowerW&from=${from.from}&to=${to}&maxPoints=${MAX_POINTS}`;
      const { items, downsampled } = (await get(path)) as { items: readonly number[][]; downsampled: number };
      assert.equal(downsampled, 1);
      return items.length >= device.acknowledged.length && items.map((row) => row[3] as number).sort((a, b) => a - b);
    });
    assert.deepEqual(stored, device.acknowledged, `${device.id}: stored and acknowledged differ`);
    reports += stored.length;
    resent += device.resentCount;
  }
  const raised = devices.filter(({ raisedCount }) => raisedCount > 0);
  const expected = raised.reduce((sum, { raisedCount }) => sum + raisedCount, 0);
  const ids = new Set(devices.map(({ id }) => id));
  const alarms = await eventually('the alarms to be applied', async () => {
    const { items } = (await get('/api/v1/alarms?limit=1000')) as {
      items: readonly { deviceId: string; kind: string; count: number }[];
    };
    const found = items.filter(({ deviceId }) => ids.has(deviceId));
    return found.reduce((sum, { count }) => sum + count, 0) >= expected && found;
  });
  assert.equal(alarms.length, raised.length, 'one alarm per condition');
  assert.deepEqual(
    Object.fromEntries(alarms.map(({ deviceId, kind, count }) => [`${deviceId} ${kind}`, count])),
    Object.fromEntries(raised.map(({ id, raisedCount }) => [`${id} arc`, raisedCount])),
  );
  return `${reports} reports acknowledged and stored once, ${alarms.length} alarms, ${resent} reports sent again`;
}
