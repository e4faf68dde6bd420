/**
 * The points a bucket knows, in the order they came, and where each stands. Devices of one kind share one: a new point
 * leads to the next layout, the same for all.
 */
export class Layout {
  static readonly empty = new Layout([]);
  readonly points: readonly number[];
  readonly #slots: Int16Array;
  readonly #next = new Map<number, Layout>();

  private constructor(points: readonly number[]) {
    this.points = points;
    this.#slots = new Int16Array(Math.max(0, ...points.map((point) => point + 1))).fill(-1);
    for (const [slot, point] of points.entries()) this.#slots[point] = slot;
  }

  /** -1 when the point is not in it. */
  slotOf(point: number): number {
    return point < this.#slots.length ? (this.#slots[point] as number) : -1;
  }

  with(point: number): Layout {
    let next = this.#next.get(point);
    if (next === undefined) this.#next.set(point, (next = new Layout([...this.points, point])));
    return next;
  }
}

/** Per point: count, min, max, sum, first, its offset, last, its offset. */
const WIDTH = 8;

export type BucketPlace = { readonly partition: number; readonly venueId: string; readonly origin: string };
export type BucketKey = { readonly deviceId: string; readonly model: string; readonly at: number };

/** What one device told in one bucket of time, point by point. `at` is the bucket's beginning; offsets are ms from it. */
export class Bucket {
  readonly deviceId: string;
  readonly model: string;
  readonly at: number;
  place: BucketPlace;
  #layout = Layout.empty;
  readonly #stats: number[] = [];

  constructor({ deviceId, model, at }: BucketKey, place: BucketPlace) {
    this.deviceId = deviceId;
    this.model = model;
    this.at = at;
    this.place = place;
  }

  /** Of values at one instant the least is the first and the greatest the last: in whatever order they come. */
  add(point: number, at: number, value: number): void {
    const offset = at - this.at;
    this.#merge(point, 1, value, value, value, value, offset, value, offset);
  }

  /** Adds what another bucket of the same device and model holds, which lies within this one in time. */
  merge(other: Bucket): void {
    const shift = other.at - this.at;
    const stats = other.#stats;
    for (const [slot, point] of other.#layout.points.entries()) {
      const i = slot * WIDTH;
      const at = (k: number): number => stats[i + k] as number;
      this.#merge(point, at(0), at(1), at(2), at(3), at(4), at(5) + shift, at(6), at(7) + shift);
    }
  }

  #merge(
    point: number,
    count: number,
    min: number,
    max: number,
    sum: number,
    first: number,
    firstMs: number,
    last: number,
    lastMs: number,
  ): void {
    const stats = this.#stats;
    let slot = this.#layout.slotOf(point);
    if (slot < 0) {
      slot = this.#layout.points.length;
      this.#layout = this.#layout.with(point);
      stats.push(count, min, max, sum, first, firstMs, last, lastMs);
      return;
    }
    const i = slot * WIDTH;
    stats[i] = (stats[i] as number) + count;
    if (min < (stats[i + 1] as number)) stats[i + 1] = min;
    if (max > (stats[i + 2] as number)) stats[i + 2] = max;
    stats[i + 3] = (stats[i + 3] as number) + sum;
    const knownFirst = stats[i + 5] as number;
    if (firstMs < knownFirst || (firstMs === knownFirst && first < (stats[i + 4] as number))) {
      stats[i + 4] = first;
      stats[i + 5] = firstMs;
    }
    const knownLast = stats[i + 7] as number;
    if (lastMs > knownLast || (lastMs === knownLast && last > (stats[i + 6] as number))) {
      stats[i + 6] = last;
      stats[i + 7] = lastMs;
    }
  }

  /** One array per statistic, as long as the highest point known; null where a point told nothing. */
  columns(): readonly (readonly (number | null)[])[] {
    const length = Math.max(0, ...this.#layout.points) + 1;
    return Array.from({ length: WIDTH }, (_, k) => {
      const column = new Array<number | null>(length).fill(null);
      for (const [slot, point] of this.#layout.points.entries())
        column[point] = this.#stats[slot * WIDTH + k] as number;
      return column;
    });
  }

  /** The bucket a stored row was made of; `columns` as `columns()` gave them. */
  static of(key: BucketKey, place: BucketPlace, columns: readonly (readonly (number | null)[])[]): Bucket {
    const bucket = new Bucket(key, place);
    const [counts = []] = columns;
    for (const [point, count] of counts.entries()) {
      if (count === null) continue;
      bucket.#layout = bucket.#layout.with(point);
      for (const column of columns) bucket.#stats.push(column[point] as number);
    }
    return bucket;
  }
}
