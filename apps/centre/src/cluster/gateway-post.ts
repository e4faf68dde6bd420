import { Buffer } from 'node:buffer';
import type { ClusterBus } from './cluster-bus.ts';
import {
  clusterSubjects,
  readWord,
  type GatewayAnswer,
  type GatewayBeat,
  type GatewayQuestion,
  type GatewayWord,
} from './cluster-words.ts';
import { BEAT_EVERY_MS } from './leader-news.ts';

export type GatewayPostOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly gateway: number;
  readonly figures: () => Omit<GatewayBeat, 'kind' | 'gateway'>;
  /** Writes to the session of the device there is now; false when there is none. */
  readonly send: (deviceId: string, payload: Uint8Array) => boolean;
  /** Resolves when our own canary was acknowledged. */
  readonly sendCanary: (payload: Uint8Array) => Promise<boolean>;
  /** The device has opened a session elsewhere. */
  readonly superseded: (deviceId: string) => void;
  readonly everyMs?: number;
};

/** What a gateway tells the centre and its neighbours, and what it is asked. */
export class GatewayPost {
  readonly #options: GatewayPostOptions;
  readonly #subjects: ReturnType<typeof clusterSubjects>;
  #opened: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GatewayPostOptions) {
    this.#options = options;
    this.#subjects = clusterSubjects(options.prefix);
  }

  start(): void {
    const { bus, gateway, superseded, everyMs = BEAT_EVERY_MS } = this.#options;
    bus.subscribe(this.#subjects.gateways, (message) => {
      const word = readWord<GatewayWord>(message, ['opened']);
      if (word?.kind !== 'opened' || word.gateway === gateway) return;
      for (const deviceId of word.deviceIds) superseded(deviceId);
    });
    bus.answer(this.#subjects.gateway(gateway), async (question): Promise<GatewayAnswer> => {
      const asked = readWord<GatewayQuestion>(question, ['send', 'canary']);
      if (asked === undefined) return { isSent: false };
      const payload = Buffer.from(asked.payload, 'base64');
      if (asked.kind === 'send') return { isSent: this.#options.send(asked.deviceId, payload) };
      return { isSent: await this.#options.sendCanary(payload) };
    });
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), everyMs);
  }

  /** Resolves when the others know. To be called when no session is open any more. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    const { bus, gateway } = this.#options;
    this.#say({ kind: 'left', gateway });
    await bus.flush();
  }

  /** Those of one turn of the event loop are told together: ten thousand come back at once. */
  opened(deviceId: string): void {
    if (this.#opened.push(deviceId) > 1) return;
    setImmediate(() => {
      const deviceIds = this.#opened;
      this.#opened = [];
      this.#say({ kind: 'opened', gateway: this.#options.gateway, deviceIds });
    });
  }

  secretUsed(deviceId: string): void {
    this.#say({ kind: 'secretUsed', deviceId });
  }

  #beat(): void {
    this.#say({ kind: 'beat', gateway: this.#options.gateway, ...this.#options.figures() });
  }

  #say(word: GatewayWord): void {
    this.#options.bus.publish(this.#subjects.gateways, word);
  }
}
