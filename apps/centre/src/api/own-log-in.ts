import type { FastifyRequest } from 'fastify';
import { callerOf, SESSION_COOKIE } from './authentication.ts';
import { ApiError } from './problem.ts';

export const isByToken = (request: FastifyRequest): boolean => callerOf(request).csrfToken === undefined;

/** The cookie's token. A program's token has no account of its own. @throws ApiError */
export function ownLogIn(request: FastifyRequest): string {
  const token = request.cookies[SESSION_COOKIE];
  if (isByToken(request) || token === undefined)
    throw new ApiError(403, 'sessionNeeded', 'a token has no account; log in with your own');
  return token;
}
