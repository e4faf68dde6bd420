export type LastValue = { readonly at: number; readonly value: number };

/**
 * The newest value of every point, in memory; rebuilt from the store at the start. Newest is what was received last by
 * a live report: a clock that was set back does not freeze what is shown.
 */
export class LastValues {
  readonly #devices = new Map<string, Map<string, LastValue>>();

  set(deviceId: string, pointId: string, at: number, value: number): void {
    let points = this.#devices.get(deviceId);
    if (points === undefined) {
      points = new Map();
      this.#devices.set(deviceId, points);
    }
    points.set(pointId, { at, value });
  }

  clear(): void {
    this.#devices.clear();
  }

  get(deviceId: string, pointId: string): LastValue | undefined {
    return this.#devices.get(deviceId)?.get(pointId);
  }

  of(deviceId: string): ReadonlyMap<string, LastValue> {
    return this.#devices.get(deviceId) ?? new Map<string, LastValue>();
  }
}
