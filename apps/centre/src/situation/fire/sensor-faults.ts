import type { SensorFault } from '@fengsui/fusion';

/** A sensor that fails slowly: how, and since which of its readings, epoch ms. */
export type SensorFaultRow = readonly [deviceId: string, pointId: string, fault: SensorFault, since: number];

/**
 * Sensors that fail slowly, by their readings against their own past. Who applies their venues finds it out; who leads
 * hears it of the others, all of it again and again: it is not in the store, and after a change of hands it is learned anew.
 */
export class SensorFaults {
  readonly #own = new Map<string, Map<string, SensorFaultRow>>();
  readonly #told = new Map<string, ReadonlyMap<string, readonly SensorFaultRow[]>>();

  /** After a reading at `at`, epoch ms; undefined: it is sound. */
  note(deviceId: string, pointId: string, fault: SensorFault | undefined, at: number): void {
    const failing = this.#own.get(deviceId);
    if (fault === undefined) {
      if (failing?.delete(pointId) === true && failing.size === 0) this.#own.delete(deviceId);
      return;
    }
    if (failing?.get(pointId)?.[2] === fault) return;
    this.#own.set(
      deviceId,
      (failing ?? new Map<string, SensorFaultRow>()).set(pointId, [deviceId, pointId, fault, at]),
    );
  }

  /** What this process has found of devices that are its own. */
  rows(isOwn: (deviceId: string) => boolean): readonly SensorFaultRow[] {
    return [...this.#own].flatMap(([deviceId, failing]) => (isOwn(deviceId) ? [...failing.values()] : []));
  }

  /** All that another process has found, in the place of what it said before. */
  hear(session: string, rows: readonly SensorFaultRow[]): void {
    if (rows.length === 0) this.#told.delete(session);
    else
      this.#told.set(
        session,
        Map.groupBy(rows, ([deviceId]) => deviceId),
      );
  }

  /** Of a process that is gone. */
  forget(session: string): void {
    this.#told.delete(session);
  }

  /** @param isOwn whether this process applies the device. */
  of(deviceId: string, isOwn: boolean): readonly SensorFaultRow[] {
    if (isOwn) return [...(this.#own.get(deviceId)?.values() ?? [])];
    return [...this.#told.values()].flatMap((devices) => devices.get(deviceId) ?? []);
  }
}
