import type { Clock } from '../../platform/clock.ts';
import { kindOf, type ForeignSource } from '../../registry/foreign-sources.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Admission, Verdict } from '../device-door.ts';
import { hashSecret, verifySecret } from '../device-secret.ts';
import { FlowLimit, type FlowBounds } from '../flow-limit.ts';
import { MalformedRate } from '../malformed-rate.ts';
import type { ForeignReception } from './foreign-reception.ts';
import { publishIdOf } from './statement-identity.ts';

/** A PUBLISH as the door has it. */
export type SourcePublish = {
  readonly sourceId: string;
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly messageId?: number | undefined;
  /** The DUP flag. */
  readonly isRepeat: boolean;
};

/** What the MQTT door may ask about foreign sources. */
export type SourceGate = {
  /** Whether a user name that is no device's is a source's. */
  isSource(username: string): boolean;
  authenticate(username: string, clientId: string, secret: string, openSessions: number): Verdict | 'wrongClientId';
  /** Resolves when the message is durable; rejects when nothing is taken (any more) from its sender. */
  receive(publish: SourcePublish): Promise<Admission>;
  isStillValid(sourceId: string, secretSha256: string): boolean;
};

/** Messages a second of all sessions of one source in the long run, and at once. */
export const sourceFlow: FlowBounds = { perSecond: 500, burst: 5_000 };
/** Sessions of one source at once. */
const MOST_SESSIONS = 1_000;

/** Devices and platforms that speak MQTT with topics and payloads of their own, at our door. */
export class SourceDoor implements SourceGate {
  readonly #reception: ForeignReception;
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #malformed = new MalformedRate();
  readonly #flow = new FlowLimit();

  constructor(options: { readonly reception: ForeignReception; readonly registry: Registry; readonly clock: Clock }) {
    this.#reception = options.reception;
    this.#registry = options.registry;
    this.#clock = options.clock;
  }

  isSource(username: string): boolean {
    return this.#topicSource(username) !== undefined;
  }

  authenticate(username: string, clientId: string, secret: string, openSessions: number): Verdict | 'wrongClientId' {
    const source = this.#topicSource(username);
    const isGenuine = verifySecret(secret, source === undefined ? undefined : hashSecret(source.secret));
    if (source === undefined) return 'unknownDevice';
    if (!isGenuine) return 'wrongSecret';
    // Many clients of one maker share a credential: each needs a client id of its own, or they would end each other.
    if (clientId !== username && !clientId.startsWith(`${username}:`)) return 'wrongClientId';
    return source.revokedAt === undefined && openSessions < MOST_SESSIONS ? 'accepted' : 'revoked';
  }

  async receive({ sourceId, clientId, topic, payload, messageId, isRepeat }: SourcePublish): Promise<Admission> {
    const source = this.#topicSource(sourceId);
    if (source === undefined || source.revokedAt !== undefined) throw new Error(`source ${sourceId} is revoked`);
    const receivedAt = this.#clock.now();
    const { isGarbage } = await this.#reception.take({
      sourceId,
      body: payload,
      topic,
      receivedAt,
      deliveryId: publishIdOf(sourceId, clientId, { messageId, topic, payload }),
      repetition: isRepeat ? 'told' : 'none',
    });
    const { holdMs, close } = this.#malformed.admit(sourceId, isGarbage, receivedAt);
    return { holdMs: Math.max(holdMs, this.#flow.admit(sourceId, sourceFlow, receivedAt)), close };
  }

  isStillValid(sourceId: string, secretSha256: string): boolean {
    const source = this.#topicSource(sourceId);
    return source !== undefined && source.revokedAt === undefined && hashSecret(source.secret) === secretSha256;
  }

  #topicSource(id: string): ForeignSource | undefined {
    const source = this.#registry.foreign.source(id);
    return source !== undefined && kindOf(source) === 'mqttTopic' ? source : undefined;
  }
}
