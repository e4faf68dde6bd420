import type { GbUnit } from '@fengsui/protocol';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { DeviceLink } from './device-link.ts';
import type { GbRequest, GbResult } from './transactions.ts';

const DAY_MS = 24 * 3_600_000;

const byStandard = (type: number, object: Readonly<Record<string, number>>): GbUnit => ({
  kind: 'objects',
  type,
  by: 'standard',
  objects: [object],
});

/** 90: the device's clock is set to the sending time. */
export const syncClock: GbRequest = { command: 1, unit: 'clock' };
/** 81: the device's run state. */
export const readRunState: GbRequest = { command: 4, unit: byStandard(81, { reserved: 0 }) };
/** 91: is somebody on duty? */
export const onDutyCheck = (withinMin: number, actId: string): GbRequest => ({
  command: 1,
  unit: byStandard(91, { answerWithinMin: withinMin }),
  actId,
});

/**
 * What the centre does for a connected device by itself: clock and state at connect, the clock daily, and the patrol
 * 巡检: the state at a period of at most 2 h, and earlier when the device has been silent for two of its intervals.
 */
export function careFor(
  link: DeviceLink,
  device: DeviceRecord,
  now: number,
  patrolMs: number,
  ask: (request: GbRequest) => Promise<GbResult | undefined>,
): void {
  if (link.greetAt !== undefined && now >= link.greetAt) {
    link.greetAt = undefined;
    link.syncAt = now + DAY_MS;
    void ask(syncClock);
    void ask(readRunState);
  }
  if (now >= link.syncAt) {
    link.syncAt = now + DAY_MS;
    void ask(syncClock);
  }
  const isSilent = now - link.heardAt > 2 * device.reportingIntervalMs;
  if ((now >= link.patrolAt || isSilent) && link.transactions.isIdle && link.greetAt === undefined) {
    link.patrolAt = now + patrolMs;
    const { path, heardAt } = link;
    void ask(readRunState).then((result) => {
      // Four transmissions and not a byte since: nobody is there any more.
      const isDead = result?.outcome === 'noAnswer' && link.heardAt === heardAt && link.path === path;
      if (isDead) path?.close('no answer to the patrol');
    });
  }
}
