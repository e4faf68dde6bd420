import type { FastifyRequest } from 'fastify';
import type { ApiContext } from './context.ts';
import { addressOf } from './forwarded.ts';
import { ApiError } from './problem.ts';

/**
 * Does what tells a right password from a wrong one, unless too many were wrong. The attempt counts from its begin:
 * many at once are many.
 *
 * @throws ApiError 429
 */
export async function withinThrottle<Outcome>(
  { accounts: { throttle }, clock }: Pick<ApiContext, 'accounts' | 'clock'>,
  request: FastifyRequest,
  name: string,
  attempt: () => Promise<{ readonly outcome: Outcome; readonly isRight: boolean }>,
): Promise<Outcome> {
  const address = addressOf(request);
  const waitS = throttle.retryAfterS(name, address, clock.now());
  if (waitS !== undefined) {
    const headers = { 'retry-after': String(waitS) };
    throw new ApiError(429, 'tooManyAttempts', `too many wrong attempts; try again in ${waitS} s`, headers);
  }
  throttle.failed(name, address, clock.now());
  const { outcome, isRight } = await attempt();
  if (isRight) throttle.succeeded(name, address);
  return outcome;
}
