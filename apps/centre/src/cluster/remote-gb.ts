import { Buffer } from 'node:buffer';
import { GbJournal } from '../intake/gb26875/gb-journal.ts';
import type { GbReach } from '../intake/gb26875/gb-doors.ts';
import type { GbRequest, GbResult } from '../intake/gb26875/transactions.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Registry } from '../registry/registry.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { gatewayOfSession } from './cluster-words.ts';
import type { GatewayDirectory } from './gateway-directory.ts';
import { gbSubjects, readResult, sayRequest, type GbDoorAnswer, type GbDoorQuestion } from './gb-words.ts';

export type RemoteGbOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly directory: Pick<GatewayDirectory, 'isThere'>;
  readonly journal: JournalWriter;
  readonly registry: Registry;
  readonly clock: Clock;
  /** The session of a device as the situation knows it; undefined while it has none. */
  readonly sessionOf: (deviceId: string) => number | undefined;
  readonly isListening: (deviceId: string) => boolean;
  readonly lookEveryMs?: number;
};

/** Four transmissions of 9 s, and others before it in the queue. */
const ASK_MS = 180_000;
const SEND_MS = 2_000;
const LOOK_EVERY_MS = 500;

/** Transmission devices of a centre that connect to gateways: what is asked of them is asked by the gateway that has them. */
export class RemoteGb implements GbReach {
  readonly #options: RemoteGbOptions;
  readonly #journal: GbJournal;

  constructor(options: RemoteGbOptions) {
    this.#options = options;
    this.#journal = new GbJournal(options.journal, options.registry, options.clock);
  }

  isConnected(deviceId: string): boolean {
    return this.#holderOf(deviceId) !== undefined;
  }

  isListening(deviceId: string): boolean {
    return this.#options.isListening(deviceId);
  }

  send(deviceId: string, bytes: Uint8Array): boolean {
    const gateway = this.#holderOf(deviceId);
    if (gateway === undefined) return false;
    const said = Buffer.from(bytes).toString('base64');
    // Who sent it learns by its own time that runs out, as on a line.
    this.#put(gateway, { kind: 'send', deviceId, bytes: said }, SEND_MS).catch(() => undefined);
    return true;
  }

  /** The gateway puts on record how it ended; a gateway that is not there cannot. */
  async ask(deviceId: string, request: GbRequest): Promise<GbResult | undefined> {
    const { clock, registry, directory } = this.#options;
    const gateway = this.#holderOf(deviceId);
    const startedAt = clock.now();
    const failed = (outcome: GbResult['outcome']): GbResult => ({
      outcome,
      serial: -1,
      type: 0,
      transmissions: 0,
      startedAt,
    });
    if (gateway === undefined) {
      this.#journal.transaction(registry.device(deviceId), request, undefined, startedAt);
      return undefined;
    }
    const answer = await this.#whileThere(gateway, { kind: 'ask', deviceId, request: sayRequest(request) });
    if (answer !== undefined) return answer.result && readResult(answer.result);
    if (directory.isThere(gateway)) return failed('noAnswer');
    const lost = failed('disconnected');
    this.#journal.transaction(registry.device(deviceId), request, lost, clock.now());
    return lost;
  }

  /** undefined: no answer, or the gateway is gone. */
  #whileThere(gateway: number, question: GbDoorQuestion): Promise<GbDoorAnswer | undefined> {
    const { directory, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (!directory.isThere(gateway)) end(undefined);
      }, lookEveryMs);
      const end = (answer: GbDoorAnswer | undefined): void => {
        clearInterval(look);
        resolve(answer);
      };
      this.#put(gateway, question, ASK_MS).then(end, () => end(undefined));
    });
  }

  async #put(gateway: number, question: GbDoorQuestion, withinMs: number): Promise<GbDoorAnswer> {
    const { bus, prefix } = this.#options;
    return (await bus.ask(gbSubjects(prefix).door(gateway), question, withinMs)) as GbDoorAnswer;
  }

  #holderOf(deviceId: string): number | undefined {
    const session = this.#options.sessionOf(deviceId);
    const gateway = session === undefined ? 0 : gatewayOfSession(session);
    return gateway > 0 && this.#options.directory.isThere(gateway) ? gateway : undefined;
  }
}
