import type { Store } from '../store/store.ts';
import type { Registry } from '../registry/registry.ts';
import type { Effects } from './effects.ts';

const ENERGY = /^c\d+[.]energyKwh$/;

type Counter = { readonly first: number; last: number };

/** Start of the local day that holds `at`, in a time zone of the IANA database. */
export function startOfDay(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hour12: false,
  }).formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value) % 24;
  const readSixty = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return at - (at % 1000) - ((read('hour') * 60 + readSixty('minute')) * 60 + readSixty('second')) * 1000;
}

/** kWh since local midnight per circuit: the counter's rise since its first reading of the day. */
export class EnergyToday {
  readonly #timeZone: string;
  readonly #counters = new Map<string, { readonly venueId: string; readonly counter: Counter }>();
  #dayStart = 0;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  async restore(store: Store, registry: Registry, now: number): Promise<void> {
    this.#dayStart = startOfDay(now, this.#timeZone);
    const sql =
      `select t.device_id, t."values" from device d cross join lateral (select device_id, "values" from telemetry ` +
      `where device_id = d.id and at >= $1 order by at limit 1) t`;
    for (const row of await store.query(sql, [this.#dayStart])) {
      const device = registry.device(row['device_id'] as string);
      const points = registry.model(device?.model ?? '')?.points ?? [];
      for (const [index, value] of (row['values'] as (number | null)[]).entries()) {
        const point = points[index];
        if (device === undefined || point === undefined || value === null || !ENERGY.test(point.id)) continue;
        this.#counters.set(`${device.id}/${point.id}`, {
          venueId: device.venueId,
          counter: { first: value, last: value },
        });
      }
    }
  }

  /** After a commit. A counter that falls was exchanged or reset: it begins anew, its rise so far is kept. */
  update({ values }: Effects): void {
    for (const [key, { venueId, row }] of values) {
      const [, pointId, at, value] = row;
      if (!ENERGY.test(pointId)) continue;
      if (at >= this.#dayStart + 86_400_000) {
        this.#dayStart = startOfDay(at, this.#timeZone);
        this.#counters.clear();
      }
      if (at < this.#dayStart) continue;
      const known = this.#counters.get(key)?.counter;
      const first = known === undefined ? value : value < known.last ? value - (known.last - known.first) : known.first;
      this.#counters.set(key, { venueId, counter: { first, last: value } });
    }
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
