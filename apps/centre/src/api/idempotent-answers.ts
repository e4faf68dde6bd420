import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './authentication.ts';
import { ApiError } from './problem.ts';

const KEPT = 1_000;
/** Who got no answer asks again sooner; and what an answer shows once is not kept for ever. */
const KEPT_MS = 3_600_000;

/** The caller's own name for a request: two tokens of one role may choose the same key for different things. */
export function requestIdOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  const caller = request.headers.authorization ?? `user ${callerOf(request).username}`;
  return hash('sha256', `${caller}\0${key}`, 'hex');
}

type Kept<Answer> = { readonly body: string; readonly answer: Promise<Answer>; readonly atMs: number };

/**
 * Answers of the last requests with an Idempotency-Key, for writes that leave no act in the journal. Kept in memory,
 * at most 1,000 for at most an hour: after a restart the same request meets what it has made, and is told so.
 */
export class IdempotentAnswers<Answer> {
  /** By caller and key, oldest first. */
  readonly #answers = new Map<string, Kept<Answer>>();
  readonly #nowMs: () => number;

  /** @param nowMs a clock that never goes back, in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The answer of the first request with this key, also while it is still being worked on; else that of `work`. */
  async once(request: FastifyRequest, work: () => Promise<Answer>): Promise<Answer> {
    const id = requestIdOf(request);
    if (id === undefined) return work();
    const body = hash('sha256', JSON.stringify(request.body), 'hex');
    this.#forget();
    const known = this.#answers.get(id);
    if (known !== undefined) {
      if (known.body === body) return known.answer;
      throw new ApiError(
        422,
        'idempotencyKeyReused',
        'this Idempotency-Key was used for another request; take a new one',
      );
    }
    const answer = work();
    this.#answers.set(id, { body, answer, atMs: this.#nowMs() });
    answer.catch((error: unknown) => {
      // A failure of ours is no answer to keep.
      if (!(error instanceof ApiError)) this.#answers.delete(id);
    });
    return answer;
  }

  #forget(): void {
    for (const [id, { atMs }] of this.#answers) {
      if (this.#answers.size < KEPT && this.#nowMs() - atMs < KEPT_MS) return;
      this.#answers.delete(id);
    }
  }
}
