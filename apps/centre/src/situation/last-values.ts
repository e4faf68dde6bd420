export type LastValue = { readonly at: number; readonly value: number };

/** The newest value of every point, in memory; rebuilt from the store at the start. */
export class LastValues {
  readonly #devices = new Map<string, Map<string, LastValue>>();

  /** False when a newer one is known: a late report never replaces it. */
  set(deviceId: string, pointId: string, at: number, value: number): boolean {
    let points = this.#devices.get(deviceId);
    if (points === undefined) {
      points = new Map();
      this.#devices.set(deviceId, points);
    }
    const known = points.get(pointId);
    if (known !== undefined && known.at > at) return false;
    points.set(pointId, { at, value });
    return true;
  }

  get(deviceId: string, pointId: string): LastValue | undefined {
    return this.#devices.get(deviceId)?.get(pointId);
  }

  of(deviceId: string): ReadonlyMap<string, LastValue> {
    return this.#devices.get(deviceId) ?? new Map<string, LastValue>();
  }
}
