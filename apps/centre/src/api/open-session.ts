import type { Session } from '@fengsui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lifeOf, type OpenedLogIn, type Place } from '../access/log-ins.ts';
import { SESSION_COOKIE } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { addressOf } from './forwarded.ts';
import { viewOf } from './session-view.ts';

/** Gives the browser the cookie of a log-in that was opened. */
export function openSession(context: ApiContext, reply: FastifyReply, { token, caller }: OpenedLogIn): Session {
  void reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: context.isTls,
    maxAge: lifeOf(caller.role) / 1000,
  });
  return viewOf(context, caller, token);
}

export const placeOf = (request: FastifyRequest): Place => ({
  address: addressOf(request),
  agent: request.headers['user-agent'] ?? '',
});
