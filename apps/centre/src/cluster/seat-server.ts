import { hostname } from 'node:os';
import process from 'node:process';
import type { ConsoleFiles } from '../api/console-files.ts';
import type { ServerTls } from '../api/http-server.ts';
import type { Log } from '../platform/log.ts';
import { SteadyClock } from '../platform/steady-clock.ts';
import { Registry } from '../registry/registry.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import { openClusterBus } from './cluster-bus.ts';
import type { SeatsPlace } from './cluster-words.ts';
import { FeedMirror } from './feed-mirror.ts';
import { FollowedCallers } from './followed-callers.ts';
import { LeaderFeed } from './leader-feed.ts';
import { RegistryFollower } from './registry-follower.ts';
import { openSeatWeb } from './seat-web.ts';

export type SeatServerOptions = {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly natsStream: string;
  readonly web: { readonly host: string; readonly port: number; readonly tls?: ServerTls };
  readonly console: ConsoleFiles;
  readonly log: Log;
  readonly version: string;
};

const CLOCK_BEAT_MS = 1_000;
const QUERY_TIMEOUT_MS = 60_000;

/**
 * Console, live feed and API for seats as a process of its own: it keeps a mirror of the live feed of the centre that
 * leads and tells it on; what is asked or done goes to that centre. It reads the store and writes nothing.
 */
export class SeatServer {
  readonly #options: SeatServerOptions;
  readonly #clock = new SteadyClock();
  readonly #stops: (() => Promise<void>)[] = [];
  #busTrouble: string | undefined;
  #leader: SeatsPlace | undefined;
  #starting: Promise<unknown> | undefined;
  #isStopping = false;

  constructor(options: SeatServerOptions) {
    this.#options = options;
    this.#clock.start(undefined);
  }

  /** Resolves when seats may come; whether a centre leads already is told by /readyz. */
  async start(): Promise<{ readonly webPort: number }> {
    const starting = this.#start();
    this.#starting = starting;
    try {
      return await starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<{ readonly webPort: number }> {
    const { databaseUrl, natsUrl, natsStream, log, web } = this.#options;
    const name = `fengsui seats ${hostname()} process ${process.pid}`;
    const clock = this.#clock;
    const clockTimer = setInterval(() => void clock.beat(), CLOCK_BEAT_MS);
    this.#stops.push(async () => clearInterval(clockTimer));
    const store = await createPostgresStore({
      url: databaseUrl,
      applicationName: name,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
      queryConnections: 2,
    });
    this.#stops.push(() => store.close());
    const bus = await openClusterBus(natsUrl, { name, onState: (trouble) => (this.#busTrouble = trouble) });
    this.#stops.push(() => bus.close());
    const registry = new Registry();
    const mirror = new FeedMirror(registry);
    const upstream = new LeaderFeed({ mirror, ca: web.tls?.ca, log });
    this.#stops.push(() => upstream.stop());
    const follower = new RegistryFollower({
      bus,
      prefix: natsStream,
      registry,
      store,
      log,
      onChanged: () => mirror.place(),
      onBeat: ({ seats }) => {
        this.#leader = seats;
        if (seats !== undefined) upstream.follow(seats);
      },
    });
    this.#stops.push(() => follower.stop());
    await follower.start();
    const callers = new FollowedCallers({ store, clock });
    callers.start();
    this.#stops.push(() => callers.stop());
    if (this.#isStopping) throw new Error('stopped before the door was open');
    const troubles = (): readonly string[] =>
      [this.#busTrouble, follower.trouble, callers.trouble, upstream.trouble].filter((one) => one !== undefined);
    const opened = await openSeatWeb({
      ...web,
      console: this.#options.console,
      log,
      version: this.#options.version,
      feed: {
        bus: mirror.bus,
        clock,
        snapshot: (scope, topics) => mirror.snapshot(scope, topics),
        accounts: callers,
        isCurrent: () => upstream.trouble === undefined,
      },
      leader: () => this.#leader,
      troubles,
      metrics: (feedClients) => metricsText({ feedClients, isBehind: troubles().length > 0 }),
    });
    this.#stops.push(() => opened.close());
    return { webPort: opened.port };
  }

  /** Closes the door and lets go of everything. Ends a start, too, that still waits. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#stopOpened();
    await this.#starting?.catch(() => undefined);
    // What was opened meanwhile.
    await this.#stopOpened();
  }

  async #stopOpened(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

function metricsText({ feedClients, isBehind }: { readonly feedClients: number; readonly isBehind: boolean }): string {
  const metrics = [
    ['fengsui_feed_clients', 'gauge', 'Open connections to the live feed.', feedClients],
    ['fengsui_seats_behind', 'gauge', '1: what is shown here may be old.', isBehind ? 1 : 0],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()],
  ] as const;
  return metrics
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('');
}
