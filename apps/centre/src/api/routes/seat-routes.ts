import { oneOf, page, Seat, seatSounds } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ownLogIn } from '../own-log-in.ts';
import { Problem } from '../problem.ts';

/** Where an alarm would be heard: docs/guides/operation.md, the sound of a seat. */
export function seatRoutes(api: Api, { accounts }: ApiContext): void {
  api.put(
    '/api/v1/session/sound',
    {
      // No act: a page says how it stands. Nor does it keep a log-in from being locked.
      config: { access: 'loggedIn', whileLocked: true, audit: 'none' },
      schema: {
        summary: 'Tell whether this screen can be heard; every 30 s, or it is taken for closed after 150 s',
        tags: ['session'],
        body: Type.Object({ sound: oneOf(seatSounds) }, { additionalProperties: false }),
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      accounts.sounds.tell(ownLogIn(request), request.body.sound);
      return reply.code(204).send(null);
    },
  );

  api.get(
    '/api/v1/seats',
    {
      config: { access: 'alarm.acknowledge' },
      schema: {
        summary: 'Seats that have a page open and see something of the scope, those that cannot be heard first',
        tags: ['session'],
        response: { 200: page(Seat), default: Problem },
      },
    },
    async (request) => {
      const { scope, csrfToken } = callerOf(request);
      const token = csrfToken === undefined ? undefined : request.cookies[SESSION_COOKIE];
      return { items: [...accounts.sounds.list(scope, token)] };
    },
  );
}
