import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../access/login-throttle.ts';
import { randomToken } from '../access/random-token.ts';
import type { ApiContext } from './context.ts';
import { addressOf } from './forwarded.ts';
import { ApiError } from './problem.ts';

/** By which a browser is known in which somebody has logged in; opens nothing. */
const BROWSER_COOKIE = 'fengsui_browser';
const BROWSER_COOKIE_S = 400 * 86_400;

/**
 * Does what tells a right password from a wrong one, unless too many were wrong. The attempt counts from its begin:
 * many at once are many. What decides nothing yet (a right password whose code is missing) forgives no wrong one. What is
 * no account has no places: each address counts for itself alone.
 *
 * @throws ApiError 429
 */
export async function withinThrottle<Outcome>(
  { accounts, clock }: Pick<ApiContext, 'accounts' | 'clock'>,
  request: FastifyRequest,
  name: string,
  attempt: (origin: Origin) => Promise<{ readonly outcome: Outcome; readonly isRight: boolean | 'undecided' }>,
  isAccount = true,
): Promise<Outcome> {
  const { throttle } = accounts;
  const origin = isAccount ? originOf(accounts, request, name) : { key: addressOf(request), isKnown: true };
  const waitS = throttle.retryAfterS(name, origin, clock.now());
  if (waitS !== undefined) {
    const headers = { 'retry-after': String(waitS) };
    throw new ApiError(429, 'tooManyAttempts', `too many wrong attempts; try again in ${waitS} s`, headers);
  }
  throttle.attempted(name, origin, clock.now());
  const { outcome, isRight } = await attempt(origin).catch((error: unknown) => {
    throttle.takenBack(name, origin);
    throw error;
  });
  if (isRight === 'undecided') throttle.takenBack(name, origin);
  else if (isRight) throttle.succeeded(name, origin);
  return outcome;
}

/** The browser and the address are known to this account from now on. */
export async function rememberPlace(
  { accounts, isTls }: Pick<ApiContext, 'accounts' | 'isTls'>,
  request: FastifyRequest,
  reply: FastifyReply,
  username: string,
): Promise<void> {
  const browser = browserOf(request) ?? randomToken();
  await accounts.places.remember(username, [addressOf(request), browser]);
  void reply.setCookie(BROWSER_COOKIE, browser, {
    path: '/api/v1',
    httpOnly: true,
    sameSite: 'strict',
    secure: isTls,
    maxAge: BROWSER_COOKIE_S,
  });
}

function originOf({ places }: ApiContext['accounts'], request: FastifyRequest, name: string): Origin {
  const address = addressOf(request);
  const browser = browserOf(request);
  // A stranger behind the same address does not hold up the browser of the owner.
  if (browser !== undefined && places.has(name, browser)) return { key: `browser ${browser}`, isKnown: true };
  return { key: address, isKnown: places.has(name, address) };
}

function browserOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[BROWSER_COOKIE];
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined;
}
