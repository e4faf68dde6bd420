import type { Client, PublishPacket } from 'aedes';
import type { Log } from '../platform/log.ts';
import { AnswerQueue } from './answer-queue.ts';
import type { Verdict } from './device-door.ts';
import { hashSecret } from './device-secret.ts';
import type { SourceGate } from './foreign/source-door.ts';
import { heedAdmission } from './heed-admission.ts';
import { takeOut } from './take-out.ts';

type SourceSession = {
  readonly sourceId: string;
  /** Of the secret it was opened with. */
  readonly secretSha256: string;
  readonly answers: AnswerQueue;
};

/** MQTT sessions of foreign sources: they are no device's, many may be open of one source, and they hear nothing. */
export class SourceSessions {
  readonly #gate: SourceGate;
  readonly #log: Log;
  /** Stays beyond the close of a session: its will comes then. */
  readonly #sessions = new WeakMap<Client, SourceSession>();
  readonly #open = new Map<Client, SourceSession>();

  constructor(gate: SourceGate, log: Log) {
    this.#gate = gate;
    this.#log = log;
  }

  isSource(username: string): boolean {
    return this.#gate.isSource(username);
  }

  open(client: Client, sourceId: string, secret: string): Verdict | 'wrongClientId' {
    const verdict = this.#gate.authenticate(sourceId, client.id, secret, this.countOf(sourceId));
    if (verdict !== 'accepted') return verdict;
    const session = { sourceId, secretSha256: hashSecret(secret), answers: new AnswerQueue() };
    this.#sessions.set(client, session);
    this.#open.set(client, session);
    return verdict;
  }

  has(client: Client): boolean {
    return this.#sessions.has(client);
  }

  closed(client: Client): void {
    this.#open.delete(client);
  }

  countOf(sourceId: string): number {
    let count = 0;
    for (const session of this.#open.values()) if (session.sourceId === sourceId) count++;
    return count;
  }

  /** Open sessions of each source that has some. */
  openCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { sourceId } of this.#open.values()) counts.set(sourceId, (counts.get(sourceId) ?? 0) + 1);
    return counts;
  }

  /** False when the client is no source's: nothing is done with the packet. */
  take(client: Client, packet: PublishPacket, done: () => void): boolean {
    const session = this.#sessions.get(client);
    if (session === undefined) return false;
    const { sourceId, answers } = session;
    const { dup, messageId } = packet as PublishPacket & { readonly messageId?: number };
    const publish = { sourceId, clientId: client.id, ...takeOut(packet), messageId, isRepeat: dup === true };
    answers.push(heedAdmission(this.#gate.receive(publish), client, packet), done, (error) => {
      this.#log.error('message not taken', { sourceId, error: error.message });
      client.close();
    });
    return true;
  }

  /** The source was changed: sessions whose credential holds no longer are closed. */
  recheck(sourceId: string): void {
    for (const [client, session] of this.#open) {
      if (session.sourceId !== sourceId || this.#gate.isStillValid(sourceId, session.secretSha256)) continue;
      this.#log.info('MQTT connection ended', { sourceId, why: 'its credential holds no longer' });
      client.close();
    }
  }
}
