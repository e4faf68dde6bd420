import type { DeviceLifeState } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';
import type { FactoryChange, KeptBatch, KeptCalibration, KeptEndOfLine } from './factory-change.ts';

/** What decisions need of the newest result; the whole of it is in the store. */
export type NewestResult = Omit<KeptEndOfLine, 'tests' | 'venueId' | 'deviceId'>;
/** What decisions need of the newest calibration; its channels are in the store. */
export type NewestCalibration = {
  readonly id: string;
  readonly version: number;
  readonly calibratedAt: number;
  readonly validUntil?: number;
  readonly digest: string;
};

/** Batches, and of each device the newest result and calibration, in memory; changed by registry changes alone. */
export class FactoryBook {
  readonly #batches = new Map<string, KeptBatch>();
  readonly #devices = new Map<string, Set<string>>();
  readonly #results = new Map<string, NewestResult>();
  readonly #bySerial = new Map<string, string>();
  readonly #calibrations = new Map<string, NewestCalibration>();

  async load(store: Store): Promise<void> {
    for (const { doc } of await store.query('select doc from factory_batch'))
      this.apply({ kind: 'batchPut', batch: doc as KeptBatch });
    const results = `select distinct on (device_id) doc - 'tests' as doc from end_of_line order by device_id, number desc`;
    for (const { doc } of await store.query(results)) this.#putResult(doc as KeptEndOfLine);
    const calibrations =
      `select distinct on (device_id) doc #- '{calibration,channels}' as doc ` +
      `from calibration order by device_id, version desc`;
    for (const { doc } of await store.query(calibrations)) this.#putCalibration(doc as KeptCalibration);
  }

  apply(change: FactoryChange): void {
    switch (change.kind) {
      case 'batchPut':
        this.#batches.set(change.batch.id, change.batch);
        return;
      case 'endOfLinePut':
        this.#putResult(change.result);
        return;
      case 'calibrationPut':
        this.#putCalibration(change.kept);
        return;
    }
  }

  #putResult(kept: KeptEndOfLine): void {
    const { deviceId, tests: _stored, venueId: _then, ...newest } = kept;
    const before = this.#results.get(deviceId);
    if (before !== undefined && before.number > newest.number) return;
    if (before !== undefined && before.batchId !== newest.batchId) this.#devices.get(before.batchId)?.delete(deviceId);
    this.#results.set(deviceId, newest);
    this.#bySerial.set(newest.serial, deviceId);
    const own = this.#devices.get(newest.batchId);
    if (own === undefined) this.#devices.set(newest.batchId, new Set([deviceId]));
    else own.add(deviceId);
  }

  #putCalibration({ calibration, digest }: KeptCalibration): void {
    const { deviceId, id, version, calibratedAt, validUntil } = calibration;
    if ((this.#calibrations.get(deviceId)?.version ?? 0) > version) return;
    const term = validUntil === undefined ? {} : { validUntil };
    this.#calibrations.set(deviceId, { id, version, calibratedAt, ...term, digest });
  }

  batch(id: string): KeptBatch | undefined {
    return this.#batches.get(id);
  }

  batches(): readonly KeptBatch[] {
    return [...this.#batches.values()];
  }

  /** By their newest result. */
  devicesOf(batchId: string): readonly string[] {
    return [...(this.#devices.get(batchId) ?? [])];
  }

  result(deviceId: string): NewestResult | undefined {
    return this.#results.get(deviceId);
  }

  deviceOfSerial(serial: string): string | undefined {
    return this.#bySerial.get(serial);
  }

  calibration(deviceId: string): NewestCalibration | undefined {
    return this.#calibrations.get(deviceId);
  }

  isOverdue(deviceId: string, now: number): boolean {
    const validUntil = this.#calibrations.get(deviceId)?.validUntil;
    return validUntil !== undefined && now >= validUntil;
  }

  /** Why a device may not go there after its newest result; undefined when it may. */
  lifeProblem(deviceId: string, to: DeviceLifeState): string | undefined {
    const newest = this.#results.get(deviceId);
    if (newest?.result !== 'fail' || !AFTER_A_PASS.has(to)) return undefined;
    const { testedAt, batchId, note } = newest;
    const why = note === undefined ? '' : `: ${note}`;
    return `device ${deviceId} failed at the end of the line on ${new Date(testedAt).toISOString()} (batch ${batchId}${why}); ${to} needs a later result that passes`;
  }
}

const AFTER_A_PASS: ReadonlySet<DeviceLifeState> = new Set(['inStock', 'installed', 'active']);
