import { readFileSync } from 'node:fs';
import path from 'node:path';
import { callOutAnswers, type IncidentVerdict } from '@fengsui/protocol';
import { Type } from 'typebox';
import { LINK_LIVES_MS, readCallLink } from '../../call-out/call-link.ts';
import { callPage, gonePage } from '../../call-out/call-page.ts';
import { readCallId, type KeptCallOut } from '../../call-out/kept-call-out.ts';
import { readPushTarget } from '../../call-out/push-target.ts';
import { findCallOut } from '../../call-out/read-call-outs.ts';
import { findIncident } from '../../incident/read-incidents.ts';
import { addPushTarget } from '../../registry/contact-change.ts';
import type { Api } from '../api-instance.ts';
import { appendCallOut, callOutOnce } from '../call-out-order.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, notFound } from '../problem.ts';

/** Who answers has no log-in: what he may see is in his link. */
const ALL = { venues: 'all' } as const;
const pageFiles = { 'page.css': 'text/css', 'page.mjs': 'text/javascript', 'worker.mjs': 'text/javascript' };

/** The page of one call, for whoever has its link: no account, nothing but this call. */
export function callPageRoutes(api: Api, context: ApiContext): void {
  const { clock, store, timeZone, situation, registryDesk, callOut: settings } = context;
  const schema = { hide: true } as const;
  const config = { access: 'anyone', audit: 'none' } as const;
  const Link = Type.Object({ link: Type.String({ maxLength: 160 }) });

  const find = async (link: string): Promise<{ readonly found: KeptCallOut; readonly number: number } | undefined> => {
    const callId = settings === undefined ? undefined : readCallLink(settings.linkKey, link);
    const known = callId === undefined ? undefined : readCallId(callId);
    if (known === undefined) return undefined;
    const found = await findCallOut(ALL, store, known.callOutId);
    const isAlive = found !== undefined && clock.now() - found.openedAt < LINK_LIVES_MS;
    return isAlive && found.calls[known.number - 1] !== undefined ? { found, number: known.number } : undefined;
  };

  for (const [name, type] of Object.entries(pageFiles)) {
    const text = readFileSync(path.join(import.meta.dirname, '../../call-out/page', name), 'utf8');
    api.get(`/call/${name}`, { config, schema }, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=3600').type(`${type}; charset=utf-8`).send(text),
    );
  }

  api.get('/call/:link', { config, schema: { ...schema, params: Link } }, async (request, reply) => {
    const opened = await find(request.params.link);
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    if (opened === undefined) return reply.code(404).send(gonePage());
    const { found, number } = opened;
    const incident =
      found.cause.kind === 'incident' ? await findIncident(ALL, store, found.cause.incidentId) : undefined;
    const verdict: IncidentVerdict | undefined = incident?.verdict?.word;
    const call = found.calls[number - 1];
    if (call === undefined) return reply.code(404).send(gonePage());
    const isClosed = found.isClosed === true;
    const ways = situation.registry.contact(call.contactId)?.ways ?? [];
    const pushKey = ways.some(({ channel }) => channel === 'push') ? settings?.push?.key : undefined;
    const more = { ...(verdict && { verdict }), ...(pushKey !== undefined && { pushKey }) };
    return reply.send(callPage({ callOut: found, call, isClosed, timeZone, ...more }));
  });

  api.post(
    '/call/:link/push',
    { config, schema: { ...schema, params: Link, body: Type.Unknown() }, bodyLimit: 8_192 },
    async (request, reply) => {
      const opened = await find(request.params.link);
      const contactId = opened?.found.calls[opened.number - 1]?.contactId;
      if (contactId === undefined || settings?.push === undefined) throw notFound('this call');
      const target = readPushTarget(request.body, settings.push.services);
      if (target === undefined || !(await addPushTarget(registryDesk, contactId, target)))
        throw new ApiError(
          422,
          'invalidPush',
          'expected a subscription at a service of callOut.pushServices, for a person that push is a way to',
        );
      return reply.code(204).send();
    },
  );

  void api.register(async (instance) => {
    const room = instance as Api;
    room.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    room.post(
      '/call/:link',
      { config, schema: { ...schema, params: Link, body: Type.Object({ answer: Type.String({ maxLength: 16 }) }) } },
      async (request, reply) => {
        const opened = await find(request.params.link);
        if (opened === undefined) return reply.code(404).type('text/html; charset=utf-8').send(gonePage());
        const { found, number } = opened;
        const answer = callOutAnswers.find((one) => one === request.body.answer);
        if (answer !== undefined) {
          const news = { kind: 'answered', number, answer } as const;
          await appendCallOut(context, found.place.partition, { kind: 'callOutNews', callOutId: found.id, news });
          await callOutOnce(context, found.id, ({ calls }) => calls[number - 1]?.answer !== undefined);
        }
        return reply.code(303).header('location', `/call/${request.params.link}`).send();
      },
    );
  });
}
