import { createApi, type ServerTls } from './api/api.ts';
import type { Api } from './api/api-instance.ts';
import type { ConsoleFiles } from './api/console-files.ts';
import type { LiveFeed } from './api/live-feed.ts';
import type { Core } from './core.ts';
import { MqttDoor } from './intake/mqtt-door.ts';
import { Reception } from './intake/reception.ts';
import { ListenError, listen } from './platform/listen.ts';

export type CentreOptions = {
  readonly core: Core;
  readonly isDemo: boolean;
  readonly version: string;
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: ServerTls;
  };
  readonly mqtt: { readonly host: string; readonly port: number };
  readonly console: ConsoleFiles;
};

const RATE_WINDOW_S = 10;

/** The centre with its doors open. `start` opens them, `stop` closes them and leaves the core to its owner. */
export class Centre {
  readonly #options: CentreOptions;
  readonly #reception: Reception;
  readonly #mqttDoor: MqttDoor;
  readonly #rate: ReportRate;
  #api: Api | undefined;
  #feed: LiveFeed | undefined;

  constructor(options: CentreOptions) {
    this.#options = options;
    const { journal, situation, clock, log } = options.core;
    this.#reception = new Reception({
      journal,
      registry: situation.registry,
      clock,
      highestApplied: (deviceId, epoch) => situation.ledger(deviceId).highest(epoch),
    });
    this.#mqttDoor = new MqttDoor({ ...options.mqtt, gate: this.#reception, clock, log });
    this.#rate = new ReportRate(() => this.#reception.receivedCount);
  }

  /** The web door opens first, so that people see what is going on; devices follow when everything is ready. */
  async start(): Promise<{ readonly webPort: number; readonly mqttPort: number }> {
    const { core, web } = this.#options;
    const { api, feed } = await createApi({
      context: {
        accounts: core.accounts,
        situation: core.situation,
        energyToday: core.energyToday,
        store: core.store,
        journal: core.journal,
        worker: core.worker,
        bus: core.bus,
        clock: core.clock,
        log: core.log,
        isDemo: this.#options.isDemo,
        version: this.#options.version,
        isTls: web.tls !== undefined,
        reportsPerSecond: () => this.#rate.perSecond,
        troubles: () => [core.worker.trouble, core.journalTrouble()].filter((trouble) => trouble !== undefined),
      },
      console: this.#options.console,
      ...(web.tls !== undefined && { tls: web.tls }),
    });
    this.#api = api;
    this.#feed = feed;
    try {
      await api.ready();
      const webPort = await listen(api.server, web.host, web.port);
      const fired = { timerId: 'centreStarted', firedAt: core.clock.now(), purpose: { kind: 'centreStarted' } };
      await core.journal.append('alarm', [
        { kind: 'timerFired', partition: 0, appendedAt: core.clock.now(), meta: fired },
      ]);
      const mqttPort = await this.#mqttDoor.start();
      this.#rate.start();
      return { webPort, mqttPort };
    } catch (error) {
      await this.stop();
      throw error instanceof ListenError && error.message.startsWith('door') ? error.named('web') : error;
    }
  }

  async stop(): Promise<void> {
    this.#rate.stop();
    await this.#mqttDoor.stop();
    await this.#feed?.close();
    await this.#api?.close();
  }
}

/** Reports per second over the last ten. */
class ReportRate {
  readonly #count: () => number;
  readonly #samples: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(count: () => number) {
    this.#count = count;
  }

  get perSecond(): number {
    const [first = 0] = this.#samples;
    return Math.round(((this.#count() - first) / Math.max(1, this.#samples.length)) * 10) / 10;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#samples.push(this.#count());
      if (this.#samples.length > RATE_WINDOW_S) this.#samples.shift();
    }, 1_000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
