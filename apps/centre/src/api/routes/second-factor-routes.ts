import { OfferedFactor } from '@fengsui/protocol';
import { Type } from 'typebox';
import { qrPath } from '../../paper/qr.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ownLogIn } from '../own-log-in.ts';
import { Code } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { withinThrottle } from '../within-throttle.ts';

/** Second factors: docs/guides/accounts.md. */
export function secondFactorRoutes(api: Api, context: ApiContext): void {
  const { accounts, log } = context;

  api.post(
    '/api/v1/session/second-factor',
    {
      config: { access: 'loggedIn', whileOwing: true, fresh: true },
      schema: {
        summary: 'A secret for an authenticator app, shown this once; in force when one of its codes was given',
        tags: ['session'],
        response: {
          200: OfferedFactor,
          default: Problem,
        },
      },
    },
    async (request) => {
      ownLogIn(request);
      const { username } = callerOf(request);
      if (!accounts.isAccount(username))
        throw new ApiError(403, 'noPassword', 'this log-in came from a link: it has no account');
      const { secret, uri } = accounts.factors.offer(username);
      return { secret, uri, qr: qrPath(uri) };
    },
  );

  api.post(
    '/api/v1/session/second-factor/confirm',
    {
      config: { access: 'loggedIn', whileOwing: true, fresh: true },
      schema: {
        summary: 'Put the second factor in force by one of its codes; its recovery codes are shown this once',
        tags: ['session'],
        body: Type.Object({ code: Code }),
        response: { 200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }), default: Problem },
      },
    },
    async (request) => {
      const token = ownLogIn(request);
      const { username } = callerOf(request);
      const recoveryCodes = await withinThrottle(context, request, username, async () => {
        const outcome = await accounts.credentials.confirmFactor(token, request.body.code);
        return { outcome, isRight: outcome !== undefined };
      });
      if (recoveryCodes === undefined)
        throw new ApiError(
          403,
          'wrongCode',
          'this is no code of the secret that was shown, or it was shown too long ago',
        );
      log.info('second factor set', { username });
      return { recoveryCodes: [...recoveryCodes] };
    },
  );

  api.delete(
    '/api/v1/session/second-factor',
    {
      config: { access: 'loggedIn', fresh: true },
      schema: {
        summary: 'Do without a second factor, where it is not needed',
        tags: ['session'],
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      ownLogIn(request);
      const { username, role } = callerOf(request);
      if (accounts.credentials.needsFactor(role))
        throw new ApiError(403, 'secondFactorNeeded', 'this account cannot do without a second factor');
      if (!(await accounts.factors.remove(username))) throw notFound(`second factor of ${username}`);
      log.info('second factor given up', { username });
      return reply.code(204).send(null);
    },
  );

  api.delete(
    '/api/v1/users/:username/second-factor',
    {
      config: { access: 'user.manage', fresh: true },
      schema: {
        summary: 'Take away a second factor that was lost; all log-ins of the account end',
        tags: ['users'],
        params: Type.Object({ username: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const refusal = await accounts.credentials.removeFactor(username);
      if (refusal !== undefined) throw new ApiError(404, refusal.refused.code, refusal.refused.detail);
      log.info('second factor taken away', { username, by: callerOf(request).username });
      return reply.code(204).send(null);
    },
  );
}
