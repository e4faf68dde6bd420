import { checkpointSteps } from '../situation/commit/checkpoint-steps.ts';
import { reportSteps } from '../situation/commit/report-steps.ts';
import { Effects } from '../situation/effects.ts';
import type { CopyValue, Store } from '../store/store.ts';
import type { TelemetryRow } from './telemetry-row.ts';

export type Sample = Omit<TelemetryRow, 'origin' | 'laneSequence'>;

/** Commits telemetry as the worker does, and remembers it. */
export class Writer {
  readonly rows: TelemetryRow[] = [];
  readonly applied = { alarm: 0, bulk: 0 };
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Each entry has one row or more. */
  async commit(
    lane: 'alarm' | 'bulk',
    entries: readonly (readonly Sample[])[],
    follower?: { follow(effects: Effects): void },
  ): Promise<void> {
    const effects = new Effects();
    for (const entry of entries) {
      const sequence = ++this.applied[lane];
      for (const [index, sample] of entry.entries()) {
        const row: TelemetryRow = { ...sample, origin: 'live', laneSequence: lane === 'bulk' ? sequence : -sequence };
        this.rows.push(row);
        effects.telemetry.push(storedRow(row, index));
        effects.telemetryDays.add(Math.floor(row.at / 86_400_000) * 86_400_000);
        effects.checkpoints.set(`${row.partition}`, { lane, partition: row.partition, sequence });
      }
    }
    await this.#store.commit([...reportSteps(effects), ...checkpointSteps(effects)]);
    follower?.follow(effects);
  }
}

/** In the order of `telemetryColumns`; received when it was measured. */
export const storedRow = (row: TelemetryRow, index: number): CopyValue[] => [
  row.partition,
  row.venueId,
  row.origin,
  row.deviceId,
  'e',
  null,
  index,
  row.at,
  row.at,
  null,
  row.model,
  1,
  true,
  new Uint8Array(),
  row.values,
  false,
  row.laneSequence,
];
