import type { Store } from '../store/store.ts';
import type { Registry } from '../registry/registry.ts';
import type { Effects } from './effects.ts';

const ENERGY = /^c\d+[.]energyKwh$/;

type Counter = { readonly first: number; last: number };

const DAY_MS = 86_400_000;

/** What the clocks of the time zone show at `at`, as if they showed UTC; whole seconds. */
function shownAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
}

/** Start of the local day that holds `at`, in a time zone of the IANA database. */
export function startOfDay(at: number, timeZone: string): number {
  const second = Math.floor(at / 1000) * 1000;
  const shown = shownAt(second, timeZone);
  const midnight = Math.floor(shown / DAY_MS) * DAY_MS;
  // By the offset of `at`, then by the offset of what that gives: they differ on the day the clocks are changed.
  const guess = midnight - (shown - second);
  return midnight - (shownAt(guess, timeZone) - guess);
}

/** kWh since local midnight per circuit: the counter's rise since its first reading of the day. */
export class EnergyToday {
  readonly #timeZone: string;
  readonly #counters = new Map<string, { readonly venueId: string; readonly counter: Counter }>();
  #dayStart = 0;
  #nextDayStart = 0;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** The first and the last reading of the day; a counter that fell in between has counted its last reading at least. */
  async restore(store: Store, registry: Registry, now: number): Promise<void> {
    this.#beginDay(now);
    for (const model of registry.models()) {
      const columns = model.points.flatMap(({ id }, index) => (ENERGY.test(id) ? [{ id, index }] : []));
      if (columns.length === 0) continue;
      const hasEnergy = `coalesce(${columns.map(({ index }) => `"values"[${index + 1}]`).join(', ')}) is not null`;
      const reading = (direction: 'asc' | 'desc'): string =>
        `lateral (select "values" from telemetry where device_id = d.id and at >= $1 and model = $2 and ${hasEnergy} ` +
        `order by at ${direction} limit 1)`;
      const sql =
        `select d.id, f."values" as first, l."values" as last from device d ` +
        `cross join ${reading('asc')} f cross join ${reading('desc')} l`;
      for (const row of await store.query(sql, [this.#dayStart, model.id])) {
        const device = registry.device(row['id'] as string);
        if (device === undefined) continue;
        for (const { id, index } of columns) {
          const last = (row['last'] as (number | null)[])[index] ?? null;
          if (last === null) continue;
          const begin = (row['first'] as (number | null)[])[index] ?? last;
          const counter = { first: begin > last ? 0 : begin, last };
          this.#counters.set(`${device.id}/${id}`, { venueId: device.venueId, counter });
        }
      }
    }
  }

  /** After a commit. A counter that falls was exchanged or reset: it begins anew, its rise so far is kept. */
  update({ values }: Effects): void {
    for (const { venueId, deviceId, at, points, values: told } of values) {
      for (let i = 0; i < points.length; i++) {
        const pointId = points[i] as string;
        const value = told[i] as number;
        if (ENERGY.test(pointId) && !Number.isNaN(value)) this.#count(venueId, `${deviceId}/${pointId}`, at, value);
      }
    }
  }

  #count(venueId: string, key: string, at: number, value: number): void {
    if (at >= this.#nextDayStart) {
      this.#beginDay(at);
      this.#counters.clear();
    }
    if (at < this.#dayStart) return;
    const known = this.#counters.get(key)?.counter;
    const first = known === undefined ? value : value < known.last ? value - (known.last - known.first) : known.first;
    this.#counters.set(key, { venueId, counter: { first, last: value } });
  }

  #beginDay(at: number): void {
    this.#dayStart = startOfDay(at, this.#timeZone);
    // A day has 23 to 25 hours.
    this.#nextDayStart = startOfDay(this.#dayStart + 1.5 * DAY_MS, this.#timeZone);
  }

  total(sees: (venueId: string) => boolean): { readonly kwh: number; readonly circuitCount: number } {
    let kwh = 0;
    let circuitCount = 0;
    for (const { venueId, counter } of this.#counters.values()) {
      if (!sees(venueId)) continue;
      kwh += counter.last - counter.first;
      circuitCount++;
    }
    return { kwh, circuitCount };
  }
}
