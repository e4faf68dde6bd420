import { Session } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ownLogIn } from '../own-log-in.ts';
import { Code } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';
import { sessionOf } from '../session-view.ts';
import { withinThrottle } from '../within-throttle.ts';

const Password = Type.String({ maxLength: 1024 });

/** Who is still there: a log-in that is confirmed, locked, unlocked, or told that somebody acts. */
export function confirmRoutes(api: Api, context: ApiContext): void {
  const { accounts, log } = context;

  api.post(
    '/api/v1/session/confirm',
    {
      config: { access: 'loggedIn', whileOwing: true, whileLocked: true },
      schema: {
        summary: 'Prove anew who one is, with all that the log-in takes: for what needs it, for 5 minutes',
        tags: ['session'],
        body: Type.Object({ password: Password, code: Type.Optional(Code) }),
        response: { 200: Session, default: Problem },
      },
    },
    async (request) => {
      const token = ownLogIn(request);
      const { username } = callerOf(request);
      const { password, code } = request.body;
      await withinThrottle(context, request, username, async () => {
        const isRight = await accounts.credentials.confirmLogIn(token, password, code);
        return { outcome: isRight, isRight };
      }).then(requireRight);
      log.info('log-in confirmed', { username });
      return sessionOf(context, request, callerOf(request));
    },
  );

  api.post(
    '/api/v1/session/unlock',
    {
      config: { access: 'loggedIn', whileOwing: true, whileLocked: true },
      schema: {
        summary: 'Unlock this log-in, by the password or by a code of the second factor',
        tags: ['session'],
        body: Type.Union([
          Type.Object({ password: Password }, { additionalProperties: false }),
          Type.Object({ code: Code }, { additionalProperties: false }),
        ]),
        response: { 200: Session, default: Problem },
      },
    },
    async (request) => {
      const token = ownLogIn(request);
      const { username } = callerOf(request);
      await withinThrottle(context, request, username, async () => {
        const isRight = await accounts.credentials.unlock(token, request.body);
        return { outcome: isRight, isRight };
      }).then(requireRight);
      log.info('log-in unlocked', { username });
      return sessionOf(context, request, callerOf(request));
    },
  );

  api.post(
    '/api/v1/session/lock',
    {
      config: { access: 'loggedIn', whileLocked: true },
      schema: {
        summary: 'Lock this log-in: alarms can be read, nothing else',
        tags: ['session'],
        response: { 200: Session, default: Problem },
      },
    },
    async (request) => {
      const token = ownLogIn(request);
      if (accounts.logIns.msUntilLocked(token) === undefined && !accounts.isAccount(callerOf(request).username))
        throw new ApiError(403, 'noPassword', 'this log-in came from a link: it could not be unlocked');
      await accounts.logIns.lock(token);
      return sessionOf(context, request, callerOf(request));
    },
  );

  api.post(
    '/api/v1/session/activity',
    {
      // No act: a screen tells that somebody is at it.
      config: { access: 'loggedIn', audit: 'none' },
      schema: {
        summary: 'Tell that somebody is at this screen; once a minute is enough',
        tags: ['session'],
        response: { 200: Session, default: Problem },
      },
    },
    async (request) => {
      ownLogIn(request);
      return sessionOf(context, request, callerOf(request));
    },
  );
}

function requireRight(isRight: boolean): void {
  if (!isRight) throw new ApiError(403, 'wrongPassword', 'password or code is wrong');
}
