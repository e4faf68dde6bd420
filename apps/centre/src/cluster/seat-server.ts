import { hostname } from 'node:os';
import process from 'node:process';
import type { ConsoleFiles } from '../api/console-files.ts';
import type { ServerTls } from '../api/http-server.ts';
import type { Log } from '../platform/log.ts';
import { Registry } from '../registry/registry.ts';
import type { SeatsPlace } from './cluster-words.ts';
import { DoorLife, type SharedPlaces } from './door-life.ts';
import { FeedMirror } from './feed-mirror.ts';
import { FollowedCallers } from './followed-callers.ts';
import { LeaderFeed } from './leader-feed.ts';
import { RegistryFollower } from './registry-follower.ts';
import { openSeatWeb } from './seat-web.ts';

export type SeatServerOptions = SharedPlaces & {
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: ServerTls;
    readonly connectionsPerAddress?: number;
  };
  readonly console: ConsoleFiles;
  readonly log: Log;
  readonly version: string;
  /** Without an act a log-in is locked; 0: never by itself. */
  readonly idleLockMs: number;
};

/**
 * Console, live feed and API for seats as a process of its own: it keeps a mirror of the live feed of the centre that
 * leads and tells it on; what is asked or done goes to that centre. It reads the store and writes nothing.
 */
export class SeatServer {
  readonly #options: SeatServerOptions;
  readonly #life = new DoorLife();
  #leader: SeatsPlace | undefined;

  constructor(options: SeatServerOptions) {
    this.#options = options;
  }

  /** Resolves when seats may come; whether a centre leads already is told by /readyz. */
  start(): Promise<{ readonly webPort: number }> {
    return this.#life.start(() => this.#open());
  }

  async #open(): Promise<{ readonly webPort: number }> {
    const { natsStream, log, web } = this.#options;
    const life = this.#life;
    const { clock } = life;
    const name = `fengsui seats ${hostname()} process ${process.pid}`;
    life.keepTime();
    const { store, bus } = await life.openShared(this.#options, name);
    const registry = new Registry();
    const mirror = new FeedMirror(registry);
    const upstream = new LeaderFeed({ mirror, ca: web.tls?.ca, log });
    life.onStop(() => upstream.stop());
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
    life.onStop(() => follower.stop());
    await follower.start();
    const callers = new FollowedCallers({ store, clock, idleLockMs: this.#options.idleLockMs });
    callers.start();
    life.onStop(() => callers.stop());
    if (life.isStopping) throw new Error('stopped before the door was open');
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
        upstream,
      },
      leader: () => this.#leader,
      troubles: () =>
        [life.busTrouble, follower.trouble, callers.trouble, upstream.trouble].filter((one) => one !== undefined),
    });
    life.onStop(() => opened.close());
    return { webPort: opened.port };
  }

  /** Closes the door and lets go of everything. Ends a start, too, that still waits. */
  stop(): Promise<void> {
    return this.#life.stop();
  }
}
