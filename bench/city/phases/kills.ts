import { ReportingDevice } from '../../../test/harness/reporting-device.ts';
import type { CitySystem } from '../city-system.ts';
import { settled } from './throughput.ts';

const DEVICES = 50;
const INTERVAL_MS = 100;
const EVENT_EVERY = 25;
const REST_MS = 3_000;

export type Killed = {
  readonly kills: string;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly raised: number;
  readonly raisesLost: number;
  readonly raisesDoubled: number;
};

/**
 * Every process killed in turn while 500 reports a second come from devices that send a report until it is
 * acknowledged; then what was acknowledged is compared with what is stored.
 */
export async function measureKills(system: CitySystem, rounds: number): Promise<Killed> {
  const credentials = await system.register('k', DEVICES);
  const devices = credentials.map(({ deviceId, secret }) => new ReportingDevice(system.mqttUrl, deviceId, secret));
  const runs = devices.map((device) => device.run(INTERVAL_MS, EVENT_EVERY));
  const kills: string[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const process of system.processes) {
        await pause(REST_MS * (0.5 + Math.random()));
        await process.killAndRestart();
        kills.push(process.name);
      }
    }
    await pause(REST_MS);
  } finally {
    for (const device of devices) device.stop();
    await Promise.all(runs);
  }
  await settled(system);
  const found = { acknowledged: 0, lost: 0, doubled: 0, raised: 0, raisesLost: 0, raisesDoubled: 0 };
  for (const device of devices) {
    const stored = await system.storedSeqs(device.id);
    const distinct = new Set(stored);
    found.acknowledged += device.acknowledged.length;
    found.lost += device.acknowledged.filter((seq) => !distinct.has(seq)).length;
    found.doubled += stored.length - distinct.size;
    const raises = await system.storedRaises(device.id);
    found.raised += device.raisedCount;
    found.raisesLost += Math.max(0, device.raisedCount - raises);
    found.raisesDoubled += Math.max(0, raises - device.raisedCount);
  }
  return { kills: kills.join(', '), ...found };
}

export const killCells = (k: Killed): readonly string[] => [
  k.kills,
  String(k.acknowledged),
  String(k.lost),
  String(k.doubled),
  String(k.raised),
  String(k.raisesLost),
  String(k.raisesDoubled),
];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
