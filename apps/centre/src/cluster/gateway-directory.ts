import type { Log } from '../platform/log.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { clusterSubjects, readWord, type GatewayBeat, type GatewayWord } from './cluster-words.ts';

export type GatewayDirectoryOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly log: Log;
  readonly onSecretUsed: (deviceId: string) => void;
  readonly silentMs?: number;
  readonly now?: () => number;
};

/** No word for so long: it is gone, and its devices are elsewhere. */
const SILENT_MS = 5_000;

type Known = { readonly beat: GatewayBeat; readonly heardAt: number };

/** The gateways there are, by their own word. */
export class GatewayDirectory {
  readonly #options: GatewayDirectoryOptions;
  readonly #known = new Map<number, Known>();
  /** Of gateways that are gone, and of what the others had taken before. */
  #receivedBefore = 0;

  constructor(options: GatewayDirectoryOptions) {
    this.#options = options;
  }

  start(): void {
    const { bus, prefix, log, onSecretUsed } = this.#options;
    bus.subscribe(clusterSubjects(prefix).gateways, (message) => {
      const word = readWord<GatewayWord>(message, ['beat', 'left', 'secretUsed']);
      if (word?.kind === 'beat') {
        if (!this.#known.has(word.gateway)) log.info('a gateway is there', { gateway: word.holder });
        this.#known.set(word.gateway, { beat: word, heardAt: this.#now() });
      }
      if (word?.kind === 'left') this.#forget(word.gateway, 'it was stopped');
      if (word?.kind === 'secretUsed') onSecretUsed(word.deviceId);
    });
  }

  isThere(gateway: number): boolean {
    return this.alive().some((beat) => beat.gateway === gateway);
  }

  alive(): readonly GatewayBeat[] {
    const { silentMs = SILENT_MS } = this.#options;
    const since = this.#now() - silentMs;
    for (const [number, { heardAt }] of this.#known) if (heardAt < since) this.#forget(number, 'it is silent');
    return [...this.#known.values()].map(({ beat }) => beat);
  }

  /** Reports that gateways have taken, since this centre leads or before. */
  get receivedCount(): number {
    return this.alive().reduce((sum, { received }) => sum + received, this.#receivedBefore);
  }

  #forget(number: number, why: string): void {
    const gone = this.#known.get(number);
    if (gone === undefined) return;
    this.#known.delete(number);
    this.#receivedBefore += gone.beat.received;
    this.#options.log.warn('a gateway is gone', { gateway: gone.beat.holder, why });
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
