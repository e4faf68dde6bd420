import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Lane, NewEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { openSegmentJournal } from '../journal/segment-journal.ts';
import type { Clock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import { Registry } from '../registry/registry.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import type { Store } from '../store/store.ts';
import { T0 } from './entries.fixture.ts';
import { LiveBus } from './live-bus.ts';
import { restoreSituation, type Restored } from './restore.ts';
import { Situation } from './situation.ts';
import { TimerService } from './timer-service.ts';
import { Worker } from './worker.ts';

const REACHED_TIMEOUT_MS = 60_000;

export type RoomsOptions = {
  readonly wrapStore?: (store: Store) => Store;
  readonly wrapJournal?: (journal: Journal) => Journal;
  readonly clock?: Clock;
  /** An open store to use; without it the folder's own is opened, and closed in the end. */
  readonly store?: Store;
};

/** Store, journal, situation and worker on a folder, as `openCore` puts them together; timers fire only by hand. */
export class Rooms {
  readonly store: Store;
  readonly journal: Journal;
  readonly situation: Situation;
  readonly restored: Restored;
  readonly bus: LiveBus;
  readonly worker: Worker;
  readonly fatal: string[] = [];
  readonly logged: string[] = [];
  readonly #ownsStore: boolean;

  private constructor(
    store: Store,
    ownsStore: boolean,
    journal: Journal,
    situation: Situation,
    restored: Restored,
    clock: Clock,
  ) {
    this.store = store;
    this.#ownsStore = ownsStore;
    this.journal = journal;
    this.situation = situation;
    this.restored = restored;
    this.bus = new LiveBus(restored.feedPosition);
    this.worker = new Worker({
      journal,
      store,
      situation,
      timers: new TimerService(journal, clock),
      bus: this.bus,
      log: createLog({ level: 'debug', json: false, write: (line) => void this.logged.push(line) }),
      applied: restored.applied,
      onFatal: (reason) => void this.fatal.push(reason),
    });
  }

  static async open(folder: string, options: RoomsOptions = {}): Promise<Rooms> {
    const { wrapStore = (store) => store, wrapJournal = (journal) => journal, clock = { now: () => T0 } } = options;
    const store = options.store ?? (await openStore(folder));
    const situation = new Situation(new Registry());
    const restored = await restoreSituation(situation, store, clock.now());
    const journal = await openSegmentJournal({
      folder: path.join(folder, 'journal'),
      startAfter: restored.applied,
      warn: () => undefined,
      onHeld: () => undefined,
    });
    const ownsStore = options.store === undefined;
    return new Rooms(wrapStore(store), ownsStore, wrapJournal(journal), situation, restored, clock);
  }

  /** Appends and waits until it is applied; the worker must have been started. */
  async take(lane: Lane, ...entries: readonly NewEntry[]): Promise<readonly number[]> {
    const sequences = await this.journal.append(lane, entries);
    await this.worker.reached(lane, sequences.at(-1) ?? 0, REACHED_TIMEOUT_MS);
    return sequences;
  }

  async count(sql: string, ...parameters: readonly string[]): Promise<number> {
    const [row] = await this.store.query(`select count(*) as count from ${sql}`, parameters);
    return row?.['count'] as number;
  }

  async close(): Promise<void> {
    await this.worker.stop();
    await this.journal.close();
    if (this.#ownsStore) await this.store.close();
  }
}

export async function openStore(folder: string): Promise<Store> {
  const storeFolder = path.join(folder, 'store');
  if (!existsSync(storeFolder)) await layMigratedStore(storeFolder);
  return createPgliteStore({ folder: storeFolder });
}
