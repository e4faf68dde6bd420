/** The newest as long as nothing newer comes: it is overwritten, so read it at once. */
export type LastValue = { readonly at: number; readonly value: number };

const NONE: ReadonlyMap<string, LastValue> = new Map();

class LastPoints {
  readonly #byId = new Map<string, { at: number; value: number }>();

  get byId(): ReadonlyMap<string, LastValue> {
    return this.#byId;
  }

  /** In place: 90,000 new objects a second that live until the next report are what a collector does worst. */
  set(pointId: string, at: number, value: number): void {
    const known = this.#byId.get(pointId);
    if (known === undefined) {
      this.#byId.set(pointId, { at, value });
      return;
    }
    known.at = at;
    known.value = value;
  }
}

/**
 * The newest value of every point, in memory; rebuilt from the store at the start. Newest is what was received last by
 * a live report: a clock that was set back does not freeze what is shown.
 */
export class LastValues {
  readonly #devices = new Map<string, LastPoints>();

  set(deviceId: string, pointId: string, at: number, value: number): void {
    this.pointsOf(deviceId).set(pointId, at, value);
  }

  /** To be written: of a device that has none yet, an empty one. */
  pointsOf(deviceId: string): LastPoints {
    let points = this.#devices.get(deviceId);
    if (points === undefined) {
      points = new LastPoints();
      this.#devices.set(deviceId, points);
    }
    return points;
  }

  get(deviceId: string, pointId: string): LastValue | undefined {
    return this.#devices.get(deviceId)?.byId.get(pointId);
  }

  of(deviceId: string): ReadonlyMap<string, LastValue> {
    return this.#devices.get(deviceId)?.byId ?? NONE;
  }
}
