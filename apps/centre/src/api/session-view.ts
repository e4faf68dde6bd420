import type { Session } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/callers.ts';
import { SESSION_COOKIE } from './authentication.ts';
import type { ApiContext } from './context.ts';

type Context = Pick<ApiContext, 'accounts' | 'isDemo'>;

/** What a caller is told of himself. */
export const sessionOf = (context: Context, request: FastifyRequest, caller: Caller): Session =>
  viewOf(context, caller, caller.csrfToken === undefined ? undefined : request.cookies[SESSION_COOKIE]);

/** @param token of a log-in by cookie; undefined for a program. */
export function viewOf({ accounts, isDemo }: Context, caller: Caller, token: string | undefined): Session {
  const { username, role, permissions, scope, csrfToken = '', owes } = caller;
  const leftMs = token === undefined ? undefined : accounts.logIns.msUntilLocked(token);
  return {
    username,
    role,
    permissions: [...permissions],
    ...(scope.venues !== 'all' && { venueIds: [...scope.venues] }),
    csrfToken,
    demo: isDemo,
    ...(owes !== undefined && { owes }),
    ...(leftMs !== undefined && { locksInS: Math.ceil(leftMs / 1000) }),
    // A link's log-in has no account.
    ...(token !== undefined &&
      accounts.isAccount(username) && {
        secondFactor: {
          isOn: accounts.factors.has(username),
          isNeeded: accounts.credentials.needsFactor(role),
          recoveryCodesLeft: accounts.factors.recoveryCodesLeft(username),
        },
      }),
  };
}
