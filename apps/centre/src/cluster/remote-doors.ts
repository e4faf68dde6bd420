import { Buffer } from 'node:buffer';
import type { DeviceDoors } from '../intake/device-doors.ts';
import type { Registry } from '../registry/registry.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { clusterSubjects, gatewayOfSession, type GatewayAnswer, type GatewayQuestion } from './cluster-words.ts';
import type { GatewayDirectory } from './gateway-directory.ts';

export type RemoteDoorsOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly directory: GatewayDirectory;
  readonly registry: Registry;
  /** The session of a device as the situation knows it; undefined while it has none. */
  readonly sessionOf: (deviceId: string) => number | undefined;
  /** Where devices come with TLS. */
  readonly tlsPort?: number | undefined;
  readonly answerMs?: number;
};

/** A gateway writes to a socket and answers; who does not by then hangs, or is gone. */
const ANSWER_MS = 2_000;

/**
 * The doors of a centre whose devices connect to gateways. These follow the registry by themselves, and tell the time by
 * their own clocks: nothing has to be said to them but what goes to one device.
 */
export class RemoteDoors implements DeviceDoors {
  readonly #options: RemoteDoorsOptions;

  constructor(options: RemoteDoorsOptions) {
    this.#options = options;
  }

  start(): Promise<undefined> {
    this.#options.directory.start();
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  get tlsPort(): number | undefined {
    return this.#options.tlsPort;
  }

  get sessionCount(): number {
    return this.#options.directory.alive().reduce((sum, { sessions }) => sum + sessions, 0);
  }

  get waitingCount(): number {
    return this.#options.directory.alive().reduce((sum, { waiting }) => sum + waiting, 0);
  }

  sessionsOf(sourceId: string): number {
    return this.#options.directory.alive().reduce((sum, { sources }) => sum + (sources[sourceId] ?? 0), 0);
  }

  /** Connected, itself or its gateway; whether it has subscribed is known where it is. */
  isReachable(deviceId: string): boolean {
    return this.#holderOf(deviceId) !== undefined;
  }

  async send(deviceId: string, payload: Uint8Array): Promise<boolean> {
    const gateway = this.#holderOf(deviceId);
    if (gateway === undefined) return false;
    return this.ask(gateway, { kind: 'send', deviceId, payload: Buffer.from(payload).toString('base64') });
  }

  /** False also when there is no answer. */
  async ask(gateway: number, question: GatewayQuestion): Promise<boolean> {
    const { bus, prefix, answerMs = ANSWER_MS } = this.#options;
    try {
      const answer = await bus.ask(clusterSubjects(prefix).gateway(gateway), question, answerMs);
      return (answer as Partial<GatewayAnswer> | undefined)?.isSent === true;
    } catch {
      return false;
    }
  }

  recheck(): void {}

  recheckSource(): void {}

  askAgain(): void {}

  tellTime(): void {}

  /** The gateway that has the device's session, or that of the device it stands behind. */
  #holderOf(deviceId: string): number | undefined {
    const { sessionOf, directory, registry } = this.#options;
    for (const id of [deviceId, registry.device(deviceId)?.parentId]) {
      const session = id === undefined ? undefined : sessionOf(id);
      const gateway = session === undefined ? 0 : gatewayOfSession(session);
      if (gateway > 0 && directory.isThere(gateway)) return gateway;
    }
    return undefined;
  }
}
