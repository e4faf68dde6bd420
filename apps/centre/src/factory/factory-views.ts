import type { Batch, BatchDevice, CalibrationRecord, EndOfLineRecord } from '@fengsui/protocol';
import { isInPlace, lifeOf } from '../registry/device-life.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import type { KeptCommand } from '../situation/kept-command.ts';
import type { Situation } from '../situation/situation.ts';
import type { KeptBatch, KeptCalibration, KeptEndOfLine } from './factory-change.ts';
import { calibrationIdIn, isFinalCalibration } from './read-factory.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** Batches whose store room or one of whose devices the caller sees, newest first; counts are of what he sees. */
export function listBatches(scope: Scope, situation: Situation, now: number): Batch[] {
  return situation.registry.factory
    .batches()
    .map((batch) => ({ batch, devices: batchDevices(scope, situation, batch.id, now) }))
    .filter(({ batch, devices }) => isInScope(scope, batch.venueId) || devices.length > 0)
    .sort((a, b) => b.batch.producedAt - a.batch.producedAt || (a.batch.id < b.batch.id ? -1 : 1))
    .map(({ batch, devices }) => batchView(batch, devices));
}

function batchView(batch: KeptBatch, devices: readonly BatchDevice[]): Batch {
  const count = (counts: (device: BatchDevice) => boolean): number => devices.filter(counts).length;
  return {
    ...batch,
    producedAt: iso(batch.producedAt),
    createdAt: iso(batch.createdAt),
    deviceCount: devices.length,
    passedCount: count(({ result }) => result === 'pass'),
    failedCount: count(({ result }) => result === 'fail'),
    inStockCount: count(({ life }) => life === 'inStock'),
    installedCount: count(({ life }) => isInPlace({ life })),
    overdueCount: count(({ overdue }) => overdue === true),
  };
}

/** Of one batch, by serial. */
export function batchDevices(
  scope: Scope,
  { registry, deviceStates }: Situation,
  batchId: string,
  now: number,
): BatchDevice[] {
  return registry.factory
    .devicesOf(batchId)
    .flatMap((deviceId): BatchDevice[] => {
      const device = registry.device(deviceId);
      const result = registry.factory.result(deviceId);
      if (device === undefined || result === undefined || !isInScope(scope, device.venueId)) return [];
      const calibration = registry.factory.calibration(deviceId);
      const inUse = deviceStates.get(deviceId)?.calibration;
      return [
        {
          deviceId,
          serial: result.serial,
          venueId: device.venueId,
          life: lifeOf(device),
          result: result.result,
          testedAt: iso(result.testedAt),
          resultCount: result.number,
          ...(result.firmware !== undefined && { firmware: result.firmware }),
          ...(calibration !== undefined && { calibrationVersion: calibration.version }),
          ...(calibration?.validUntil !== undefined && { validUntil: iso(calibration.validUntil) }),
          ...(registry.factory.isOverdue(deviceId, now) && { overdue: true }),
          ...(inUse !== undefined && { calibrationInUse: inUse }),
        },
      ];
    })
    .sort((a, b) => (a.serial < b.serial ? -1 : 1));
}

export function endOfLineView({ venueId: _then, digest: _own, ...kept }: KeptEndOfLine): EndOfLineRecord {
  return {
    ...kept,
    testedAt: iso(kept.testedAt),
    recordedAt: iso(kept.recordedAt),
    tests: [...kept.tests],
  };
}

/** Newest first; the newest one with how far it has come. */
export function calibrationViews(
  kept: readonly KeptCalibration[],
  carried: KeptCommand | undefined,
  inUse: string | undefined,
): CalibrationRecord[] {
  return kept.map(({ calibration, recordedAt, recordedBy }, index) => {
    const { calibratedAt, validUntil, ...rest } = calibration;
    return {
      ...rest,
      calibratedAt: iso(calibratedAt),
      recordedAt: iso(recordedAt),
      recordedBy,
      ...(validUntil !== undefined && { validUntil: iso(validUntil) }),
      ...(index === 0 && { delivery: deliveryOf(calibration.id, carried, inUse) }),
    };
  });
}

function deliveryOf(
  id: string,
  carried: KeptCommand | undefined,
  inUse: string | undefined,
): NonNullable<CalibrationRecord['delivery']> {
  const own = carried !== undefined && calibrationIdIn(carried) === id ? carried : undefined;
  const at = own === undefined ? {} : { at: iso(own.repliedAt ?? own.sentAt ?? own.requestedAt) };
  // What the device says goes before what it once answered: it may have lost it since.
  if (inUse === id || (own?.state === 'done' && inUse === undefined)) return { state: 'inUse', ...at };
  if (own !== undefined && own.state !== 'done' && isFinalCalibration(own))
    return { state: 'refused', ...at, ...(own.detail !== undefined && { detail: own.detail }) };
  return own?.state === 'sent' ? { state: 'sent', ...at } : { state: 'waiting' };
}
