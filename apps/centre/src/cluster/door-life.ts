import { SteadyClock } from '../platform/steady-clock.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Store } from '../store/store.ts';
import { openClusterBus, type ClusterBus } from './cluster-bus.ts';

/** What processes of one centre share. */
export type SharedPlaces = { readonly databaseUrl: string; readonly natsUrl: string; readonly natsStream: string };

const CLOCK_BEAT_MS = 1_000;
const QUERY_TIMEOUT_MS = 60_000;

/**
 * From start to end of a process that has doors and applies nothing: a clock, what it opens of what is shared, and what
 * must be stopped, the last that was opened first.
 */
export class DoorLife {
  readonly clock = new SteadyClock();
  readonly #stops: (() => unknown)[] = [];
  #starting: Promise<unknown> | undefined;
  #isStopping = false;
  #busTrouble: string | undefined;

  constructor() {
    this.clock.start(undefined);
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Why the other processes cannot be heard; undefined when they can. */
  get busTrouble(): string | undefined {
    return this.#busTrouble;
  }

  /** What `open` does; when it fails, what it had opened is stopped. */
  async start<Opened>(open: () => Promise<Opened>): Promise<Opened> {
    const starting = open();
    this.#starting = starting;
    try {
      return await starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  onStop(stop: () => unknown): void {
    this.#stops.push(stop);
  }

  /** The store is to be read: what has doors writes nothing there. */
  async openShared(
    { databaseUrl: url, natsUrl }: SharedPlaces,
    name: string,
  ): Promise<{ store: Store; bus: ClusterBus }> {
    const limits = { queryTimeoutMs: QUERY_TIMEOUT_MS, queryConnections: 2 };
    const store = await createPostgresStore({ url, applicationName: name, ...limits });
    this.onStop(() => store.close());
    const bus = await openClusterBus(natsUrl, { name, onState: (trouble) => (this.#busTrouble = trouble) });
    this.onStop(() => bus.close());
    return { store, bus };
  }

  keepTime(onFollowed: () => void = () => undefined): void {
    const timer = setInterval(() => {
      if (this.clock.beat()?.state === 'followed') onFollowed();
    }, CLOCK_BEAT_MS);
    this.onStop(() => clearInterval(timer));
  }

  /** Ends a start, too, that still waits. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    try {
      await this.#stopOpened();
    } finally {
      await this.#starting?.catch(() => undefined);
      // What was opened meanwhile.
      await this.#stopOpened();
    }
  }

  /** One that cannot be closed leaves no other open. */
  async #stopOpened(): Promise<void> {
    const stop = this.#stops.pop();
    if (stop === undefined) return;
    try {
      await stop();
    } finally {
      await this.#stopOpened();
    }
  }
}
