import { page } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isByToken, ownLogIn } from '../own-log-in.ts';
import { notFound, Problem, ApiError } from '../problem.ts';
import { withinThrottle } from '../within-throttle.ts';

const Password = Type.String({ maxLength: 1024 });

/** What everybody does with his own account. */
export function ownAccountRoutes(api: Api, context: ApiContext): void {
  const { accounts, log } = context;

  api.post(
    '/api/v1/session/password',
    {
      config: { access: 'loggedIn', whileOwing: true },
      schema: {
        summary: 'Change the own password; all other log-ins of the account end',
        tags: ['session'],
        body: Type.Object({ password: Password, newPassword: Password }),
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const token = ownLogIn(request);
      const { username } = callerOf(request);
      const { password, newPassword } = request.body;
      const refusal = await withinThrottle(context, request, username, async () => {
        const outcome = await accounts.credentials.changePassword(token, password, newPassword);
        return { outcome, isRight: outcome?.refused.code !== 'wrongPassword' };
      });
      if (refusal !== undefined) {
        const { code, detail } = refusal.refused;
        throw new ApiError(code === 'invalidPassword' ? 422 : 403, code, detail);
      }
      log.info('password changed', { username });
      return reply.code(204).send(null);
    },
  );

  api.get(
    '/api/v1/session/logins',
    {
      config: { access: 'loggedIn' },
      schema: {
        summary: 'The own log-ins that are alive, newest first',
        tags: ['session'],
        response: { 200: page(Type.Ref('LogIn')), default: Problem },
      },
    },
    async (request) => {
      // A program's token may have the name of an account, and is none.
      if (isByToken(request)) return { items: [] };
      return { items: [...accounts.logIns.list(callerOf(request).username, request.cookies[SESSION_COOKIE])] };
    },
  );

  api.delete(
    '/api/v1/session/logins/:id',
    {
      config: { access: 'loggedIn' },
      schema: {
        summary: 'End one of the own log-ins',
        tags: ['session'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { username } = callerOf(request);
      const { id } = request.params;
      if (isByToken(request) || (await accounts.logIns.end(id, username)) === undefined) throw notFound(`log-in ${id}`);
      log.info('log-in ended', { username, by: username });
      return reply.code(204).send(null);
    },
  );
}
