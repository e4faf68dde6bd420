import type { BatchReport, NewCalibration } from '@fengsui/protocol';
import { lifeOf, lifeProblem } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { RegistryDesk } from '../registry/registry-desk.ts';
import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { Registry } from '../registry/registry.ts';
import type { BatchDraft } from './batch-draft.ts';
import { judgeCalibration } from './judge-calibration.ts';
import { calibrationChanges, digestOf, planBatch, refuseFindings } from './plan-batch.ts';

/** One entry of the journal, whatever its size: all of the batch or, with a single problem, nothing. */
export function importBatch(desk: RegistryDesk, draft: BatchDraft, by: string): Promise<BatchReport> {
  return desk.change((registry, at) => {
    const { report, changes } = planBatch(registry, draft, by, at);
    return { changes, result: { ...report, applied: report.problemCount === 0 } };
  });
}

/** A calibration of a device that is known, wherever it is; the same again is the one on record. */
export function recordCalibration(
  desk: RegistryDesk,
  deviceId: string,
  measured: NewCalibration,
  by: string,
): Promise<{ readonly id: string; readonly version: number }> {
  return desk.change<{ readonly id: string; readonly version: number }>((registry, at) => {
    const device = deviceOf(registry, deviceId);
    if (lifeOf(device) === 'retired') throw new RegistryRefusal('deviceRetired', `device ${deviceId} is retired`);
    const newest = registry.factory.calibration(deviceId);
    const digest = digestOf(measured);
    if (newest?.digest === digest) return { changes: [], result: newest };
    const rules = registry.model(device.model)?.factory?.calibration;
    const version = (newest?.version ?? 0) + 1;
    const place = { sheet: 'calibration', row: 1 };
    const { calibration, findings } = judgeCalibration(measured, rules, { deviceId, version, by, at, place });
    refuseFindings(findings);
    if (newest !== undefined && calibration.calibratedAt <= newest.calibratedAt)
      throw new RegistryRefusal(
        'olderCalibration',
        `calibratedAt is ${measured.calibratedAt}: expected after ${new Date(newest.calibratedAt).toISOString()}, that of ${newest.id}`,
      );
    return {
      changes: calibrationChanges({ calibration, digest }, device.venueId, by, at),
      result: calibration,
    };
  });
}

export type Placing = { readonly venueId: string; readonly areaId?: string; readonly area?: string };

/** A device of the stock gets its place: from now on it belongs to the venue. */
export function placeDevice(desk: RegistryDesk, id: string, where: Placing, by: string): Promise<DeviceRecord> {
  return desk.change((registry, at) => {
    const device = deviceOf(registry, id);
    const from = lifeOf(device);
    if (from !== 'inStock' && from !== 'tested')
      throw new RegistryRefusal('lifeTransition', `device ${id} is ${from}: expected inStock or tested`);
    const problem = lifeProblem(from, 'installed') ?? registry.factory.lifeProblem(id, 'installed');
    if (problem !== undefined) throw new RegistryRefusal('endOfLineFailed', problem);
    const venue = registry.venue(where.venueId);
    if (venue === undefined) throw new RegistryRefusal('unknownVenue', `venue ${where.venueId} does not exist`);
    const { areaId, area } = where;
    if (areaId !== undefined && registry.area(areaId)?.venueId !== venue.id)
      throw new RegistryRefusal('unknownArea', `areaId is ${areaId}: expected an area of venue ${venue.id}`);
    const { areaId: _areaBefore, area: _wordsBefore, areaEn: _wordsBeforeEn, parentId: _gateway, ...rest } = device;
    const placed: DeviceRecord = {
      ...rest,
      venueId: venue.id,
      origin: venue.origin,
      life: 'installed',
      ...(areaId !== undefined && { areaId }),
      ...(area !== undefined && { area }),
    };
    const line = { deviceId: id, at, by } as const;
    return {
      changes: [
        { kind: 'devicePut', device: placed },
        { kind: 'deviceHistory', line: { ...line, kind: 'placed', reason: `${device.venueId} → ${venue.id}` } },
        { kind: 'deviceHistory', line: { ...line, kind: 'life', from, to: 'installed' } },
      ],
      result: placed,
    };
  });
}

function deviceOf(registry: Registry, id: string): DeviceRecord {
  const device = registry.device(id);
  if (device === undefined) throw new RegistryRefusal('unknownDevice', `device ${id} is not registered`);
  return device;
}
