import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { kindOf, type ForeignSource } from '../../registry/foreign-sources.ts';
import type { Registry } from '../../registry/registry.ts';
import { hashSecret, verifySecret } from '../device-secret.ts';
import { TokenBucket } from '../gb26875/token-bucket.ts';
import type { ForeignReception } from './foreign-reception.ts';
import { isOneNetSigned, readOneNetPush } from './one-net.ts';
import { isSigned, readTimestamp, SIGNATURE_WINDOW_MS } from '../../platform/signature.ts';
import { REQUEST_KEPT_MS, requestIdOf } from './statement-identity.ts';

export type Push = {
  readonly sourceId: string;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** Of the address, for sources whose platform signs nothing. */
  readonly token?: string | undefined;
  /** As it came, before any parsing. */
  readonly body: Uint8Array;
};

export type PushAnswer = {
  /** Statements that became reports. */
  readonly mapped: number;
  /** Parts that could not be read: the message waits in the inbox. */
  readonly waiting: number;
  readonly inboxId?: string;
};

/** A push that is not taken; `status` and `code` are those of the answer. */
export class PushRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | undefined;

  constructor(
    refusal: { readonly status: number; readonly code: string; readonly retryAfterS?: number },
    detail: string,
  ) {
    super(detail);
    this.status = refusal.status;
    this.code = refusal.code;
    this.retryAfterS = refusal.retryAfterS;
  }
}

/** Messages of one source a second in the long run, and at once. */
const PER_SECOND = 50;
const AT_ONCE = 500;
/** What is not durable by then is not acknowledged; the same push again finds what became of it. */
const DURABLE_TIMEOUT_MS = 20_000;
/** Answers remembered; one that was forgotten costs a second reading, the situation knows the statements. */
const ANSWERS_KEPT = 10_000;

const refusal = (): PushRefusal =>
  new PushRefusal(
    { status: 401, code: 'signatureRefused' },
    'X-Fengsui-Signature: expected sha256=hex(HMAC-SHA256(secret, X-Fengsui-Timestamp + "." + body)) of a source that exists',
  );

type Answered = { readonly at: number; readonly answer: Promise<PushAnswer> };

/** The door of platforms that push: who they are, when they signed, once and only once. */
export class ForeignIntake {
  readonly #reception: ForeignReception;
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answered>();
  readonly #buckets = new Map<string, TokenBucket>();
  /** Signs for sources that do not exist: the same work, and nobody has it. */
  readonly #nobody = randomBytes(32).toString('hex');

  constructor(options: { readonly reception: ForeignReception; readonly registry: Registry; readonly clock: Clock }) {
    this.#reception = options.reception;
    this.#registry = options.registry;
    this.#clock = options.clock;
  }

  /** Resolves once the message is durable. @throws PushRefusal */
  async push(push: Push): Promise<PushAnswer> {
    const { sourceId, body } = push;
    const now = this.#clock.now();
    const requestId = this.#authenticate(push, now);
    const known = this.#answers.get(requestId);
    if (known !== undefined) return inTime(known.answer);
    this.#checkRate(sourceId, now);
    const answer = this.#take(sourceId, body, requestId, now);
    this.#answers.set(requestId, { at: now, answer });
    answer.catch(() => this.#answers.delete(requestId));
    this.#forgetAnswers(now);
    return inTime(answer);
  }

  /**
   * The check of an address that OneNET makes when it is entered there: what is to be sent back.
   *
   * @throws PushRefusal when the source is none of that scheme, or the signature another
   */
  verifyAddress(
    sourceId: string,
    query: { readonly msg: string; readonly nonce: string; readonly signature: string },
  ): string {
    this.#checkRate(sourceId, this.#clock.now());
    const source = this.#registry.foreign.source(sourceId);
    const isOneNet = source?.scheme === 'oneNet' && source.revokedAt === undefined;
    const isGenuine = isOneNetSigned(isOneNet ? source.secret : this.#nobody, query.nonce, query.msg, query.signature);
    if (!isOneNet || !isGenuine) throw refusal();
    return query.msg;
  }

  /**
   * Unknown, revoked and wrongly signed are one answer: nobody learns which sources there are.
   *
   * @returns by what the request is known when it comes again
   */
  #authenticate(push: Push, now: number): string {
    const source = this.#registry.foreign.source(push.sourceId);
    const usable =
      source !== undefined && source.revokedAt === undefined && kindOf(source) === 'httpPush' ? source : undefined;
    switch (usable?.scheme) {
      case 'oneNet': {
        const signed = readOneNetPush(push.body);
        const message = signed?.messages.find((one) =>
          isOneNetSigned(usable.secret, signed.nonce, one, signed.signature),
        );
        if (signed === undefined || message === undefined) throw refusal();
        return requestIdOf(usable.id, signed.nonce, signed.signature);
      }
      case 'urlToken':
        if (!verifySecret(push.token ?? '', hashSecret(usable.secret))) throw refusal();
        // Nothing tells one request from the next: what was said counts, by key, time or content.
        return randomUUID();
      default:
        return this.#authenticateSigned(push, usable, now);
    }
  }

  #authenticateSigned(
    { sourceId, timestamp = '', signature = '', body }: Push,
    source: ForeignSource | undefined,
    now: number,
  ): string {
    const isGenuine = isSigned(source?.secret ?? this.#nobody, timestamp, body, signature);
    if (source === undefined || !isGenuine) throw refusal();
    const at = readTimestamp(timestamp);
    if (at === undefined || Math.abs(at - now) > SIGNATURE_WINDOW_MS) {
      throw new PushRefusal(
        { status: 401, code: 'timestampRefused' },
        `X-Fengsui-Timestamp is ${JSON.stringify(timestamp.slice(0, 20))}: expected seconds since 1970 within ` +
          `${SIGNATURE_WINDOW_MS / 1000} s of ${Math.floor(now / 1000)}`,
      );
    }
    return requestIdOf(sourceId, timestamp, signature);
  }

  #checkRate(sourceId: string, now: number): void {
    const bucket = this.#buckets.get(sourceId) ?? new TokenBucket(AT_ONCE, PER_SECOND, now);
    this.#buckets.set(sourceId, bucket);
    const waitMs = bucket.take(0, now);
    if (waitMs > 0)
      throw new PushRefusal(
        { status: 429, code: 'tooManyMessages', retryAfterS: Math.ceil(waitMs / 1000) },
        `source ${sourceId} sends more than ${PER_SECOND} messages a second; send the same again later`,
      );
    bucket.take(1, now);
  }

  async #take(sourceId: string, body: Uint8Array, deliveryId: string, receivedAt: number): Promise<PushAnswer> {
    const { mapped, waiting, inboxId } = await this.#reception.take({
      sourceId,
      body,
      deliveryId,
      repetition: 'possible',
      receivedAt,
    });
    return { mapped, waiting, ...(inboxId !== undefined && { inboxId }) };
  }

  #forgetAnswers(now: number): void {
    for (const [requestId, { at }] of this.#answers) {
      if (now - at < REQUEST_KEPT_MS && this.#answers.size <= ANSWERS_KEPT) return;
      this.#answers.delete(requestId);
    }
  }
}

async function inTime(answer: Promise<PushAnswer>): Promise<PushAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new PushRefusal(
            { status: 503, code: 'notDurableYet', retryAfterS: 5 },
            'the message could not be made durable yet; send the same again',
          ),
        ),
      DURABLE_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
