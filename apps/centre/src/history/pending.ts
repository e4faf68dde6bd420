import { Bucket } from './bucket.ts';
import { cellOf, type Cell } from './cell.ts';
import type { TelemetryRow } from './telemetry-row.ts';

const MINUTE_MS = 60_000;

/** Minutes of the devices of one cell that are not in the roll-ups yet. */
class PendingCell {
  readonly #devices = new Map<string, Map<number, Bucket>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(row: TelemetryRow): void {
    const { values } = row;
    let bucket: Bucket | undefined;
    for (let point = 0; point < values.length; point++) {
      const value = values[point];
      if (value === null || value === undefined) continue;
      bucket ??= this.#bucketOf(row);
      bucket.add(point, row.at, value);
    }
  }

  #bucketOf({ deviceId, model, partition, venueId, origin, at: rowAt }: TelemetryRow): Bucket {
    // A model's points are only added at their end: its versions share a bucket. \0 stands in no id.
    const key = `${deviceId}\0${model}`;
    let minutes = this.#devices.get(key);
    if (minutes === undefined) this.#devices.set(key, (minutes = new Map<number, Bucket>()));
    const at = Math.floor(rowAt / MINUTE_MS) * MINUTE_MS;
    let bucket = minutes.get(at);
    if (bucket === undefined) {
      bucket = new Bucket({ deviceId, model, at }, { partition, venueId, origin });
      minutes.set(at, bucket);
      this.#size++;
    } else if (bucket.place.venueId !== venueId || bucket.place.origin !== origin) {
      bucket.place = { partition, venueId, origin };
    }
    return bucket;
  }

  minutes(): readonly Bucket[] {
    return [...this.#devices.values()].flatMap((minutes) => [...minutes.values()]);
  }
}

/** What came since the roll-ups were written, cell by cell. */
export class Pending {
  readonly #cells = new Map<Cell, PendingCell>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The cell the row went to. */
  add(row: TelemetryRow): Cell {
    const key = cellOf(row.partition, row.deviceId);
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = new PendingCell()));
    const before = cell.size;
    cell.add(row);
    this.#size += cell.size - before;
    return key;
  }

  sizeOf(cell: Cell): number {
    return this.#cells.get(cell)?.size ?? 0;
  }

  /** Takes the minutes of a cell out. */
  take(key: Cell): readonly Bucket[] {
    const cell = this.#cells.get(key);
    if (cell === undefined) return [];
    this.#cells.delete(key);
    this.#size -= cell.size;
    return cell.minutes();
  }

  cells(): readonly Cell[] {
    return [...this.#cells.keys()].sort((a, b) => a - b);
  }
}
