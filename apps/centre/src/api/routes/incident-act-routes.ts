import { hash, randomUUID } from 'node:crypto';
import {
  callOutcomes,
  canonicalJson,
  Incident,
  incidentCauses,
  incidentFileTypes,
  incidentVerdicts,
  oneOf,
  verificationMeans,
  type Permission,
} from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type, type TProperties } from 'typebox';
import { evidenceTypeOf, MAX_FILE_BYTES } from '../../incident/evidence-type.ts';
import type { IncidentAct, IncidentActMeta } from '../../incident/incident-act.ts';
import { handlersOf } from '../../incident/incident-handlers.ts';
import { incidentView } from '../../incident/incident-view.ts';
import type { KeptIncident } from '../../incident/kept-incident.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { venueInScope } from '../in-scope.ts';
import { incidentInScope } from '../incident-in-scope.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const tags = ['incidents'];
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const strict = { additionalProperties: false } as const;
const Revision = Type.Integer({ minimum: 1, description: 'of the incident as the caller saw it; another is refused' });
const Words = Type.String({ maxLength: 1000, pattern: '\\S' });
const Whom = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'name, role or number' });
const Note = { note: Type.Optional(Words) } as const;

/** What people do to incidents 警情. */
export function incidentActRoutes(api: Api, context: ApiContext): void {
  const { situation, accounts } = context;

  const perform = async (
    request: FastifyRequest,
    { place }: { readonly place: Pick<KeptIncident['place'], 'venueId'> },
    given: IncidentAct,
    payload?: Buffer,
    actId = requestIdOf(request) ?? randomUUID(),
  ): Promise<Incident> => {
    // As it will be stored: a repetition is compared with that.
    const act = JSON.parse(storableJson(given)) as IncidentAct;
    const meta: IncidentActMeta = {
      actId,
      venueId: place.venueId,
      by: callerOf(request).username,
      at: context.clock.now(),
      isIncident: true,
      act,
    };
    const wanted = canonicalJson(act);
    const isSame = (stored: object): boolean => canonicalJson(stored) === wanted;
    const carried = payload === undefined ? undefined : ({ lane: 'bulk', payload } as const);
    const outcome = await awaitAct(context, meta, isSame, carried);
    if (outcome.kind !== 'handled') throw new Error(`the act became ${outcome.kind}`);
    return incidentView(outcome.incident);
  };
  const find = (request: FastifyRequest, id: string): Promise<KeptIncident> => incidentInScope(context, request, id);

  /** All acts look alike: the revision that was seen, and what the act itself says. */
  const options = <Said extends TProperties>(access: Permission, summary: string, said: Said) => ({
    config: { access },
    schema: {
      summary,
      tags,
      params: ById,
      headers: IdempotencyKey,
      body: Type.Object({ revision: Revision, ...said }, strict),
      response: { 200: Incident, default: Problem },
    },
  });

  api.post(
    '/api/v1/incidents',
    {
      config: { access: 'incident.handle' },
      schema: {
        summary: 'Open one by hand: a person has heard of a fire; whoever opens it has it',
        description: 'With happenedAt it is typed in late: nobody is called or told, and no limit runs.',
        tags,
        headers: IdempotencyKey,
        body: Type.Object(
          {
            venueId: Type.String({ minLength: 1, maxLength: 128 }),
            note: Words,
            happenedAt: Type.Optional(Type.String({ format: 'date-time', description: 'of what was written by hand' })),
          },
          strict,
        ),
        response: { 200: Incident, default: Problem },
      },
    },
    async (request) => {
      const { venueId, note, happenedAt } = request.body;
      venueInScope(situation.registry, callerOf(request).scope, venueId);
      const actId = requestIdOf(request) ?? randomUUID();
      const incidentId = hash('sha256', `${venueId}/${actId}`, 'hex').slice(0, 12);
      const late = happenedAt === undefined ? {} : { happenedAt: Date.parse(happenedAt) };
      return perform(request, { place: { venueId } }, { kind: 'open', incidentId, note, ...late }, undefined, actId);
    },
  );

  api.post(
    '/api/v1/incidents/:id/take',
    options('incident.handle', 'Have it: nobody else handles it from here on', {}),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'take', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/offer',
    options('incident.handle', 'Ask another person to take it; it stays his who offers until then', {
      to: Type.String({ minLength: 1, maxLength: 64, description: 'user name, of GET …/handlers' }),
      ...Note,
    }),
    async (request) => {
      const incident = await find(request, request.params.id);
      const { to } = request.body;
      const people = handlersOf(accounts.people(), [], incident.place.venueId);
      if (!people.some(({ username }) => username === to))
        throw new ApiError(
          422,
          'invalidAssignee',
          `account ${JSON.stringify(to)} does not exist, may handle no incident, or does not see this venue`,
        );
      return perform(request, incident, { kind: 'offer', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/take-over',
    options('incident.takeOver', 'Take it from who has it, with the reason', { reason: Words }),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'takeOver', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/call',
    options('incident.handle', 'Record a call to the venue; one that was answered is a word with it', {
      whom: Whom,
      outcome: oneOf(callOutcomes),
      ...Note,
    }),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'call', incidentId: incident.id, ...request.body });
    },
  );

  for (const [kind, summary] of [
    ['send', 'Record that somebody was sent to look'],
    ['arrive', 'Record that somebody is there: a word with the venue'],
  ] as const)
    api.post(
      `/api/v1/incidents/:id/${kind}`,
      options('incident.handle', summary, { whom: Whom, ...Note }),
      async (request) => {
        const incident = await find(request, request.params.id);
        return perform(request, incident, { kind, incidentId: incident.id, ...request.body });
      },
    );

  api.post(
    '/api/v1/incidents/:id/verify',
    options('incident.handle', 'Say what it was found to be: true, false, a test or a fault', {
      verdict: oneOf(incidentVerdicts),
      means: oneOf(verificationMeans),
      seenCount: Type.Integer({ minimum: 0, description: 'how many alarms it had when it was judged' }),
      ...Note,
    }),
    async (request) => {
      const incident = await find(request, request.params.id);
      if (callerOf(request).csrfToken === undefined)
        throw new ApiError(403, 'sessionNeeded', 'a person verifies, logged in with an own account; a token cannot');
      return perform(request, incident, { kind: 'verify', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/tell',
    options('incident.handle', 'Record that the fire-command side was told by telephone, and who answered there', {
      answeredBy: Whom,
      ...Note,
    }),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'tell', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/plan',
    options('incident.handle', 'Record by which plan it is handled', { note: Words }),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'plan', incidentId: incident.id, ...request.body });
    },
  );

  api.post(
    '/api/v1/incidents/:id/note',
    options('incident.handle', 'Write into its history', {
      note: Words,
      happenedAt: Type.Optional(
        Type.String({ format: 'date-time', description: 'of what was written by hand and is typed in late' }),
      ),
    }),
    async (request) => {
      const incident = await find(request, request.params.id);
      const { happenedAt, ...said } = request.body;
      const late = happenedAt === undefined ? {} : { happenedAt: Date.parse(happenedAt) };
      return perform(request, incident, { kind: 'note', incidentId: incident.id, ...said, ...late });
    },
  );

  api.post(
    '/api/v1/incidents/:id/close',
    options('incident.handle', 'Close it with its cause', { cause: oneOf(incidentCauses), note: Words }),
    async (request) => {
      const incident = await find(request, request.params.id);
      return perform(request, incident, { kind: 'close', incidentId: incident.id, ...request.body });
    },
  );

  // A scope of its own: its parser takes bytes where other routes take JSON.
  void api.register(async (instance) => {
    const files = instance as Api;
    const media = [...incidentFileTypes, 'audio/x-wav', 'audio/x-m4a', 'application/ogg', 'application/octet-stream'];
    files.addContentTypeParser(media, { parseAs: 'buffer', bodyLimit: MAX_FILE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    files.post(
      '/api/v1/incidents/:id/files',
      {
        config: { access: 'incident.handle' },
        bodyLimit: MAX_FILE_BYTES,
        schema: {
          summary: 'Add the recording of a call, or a picture',
          description: 'Body: the file itself, WAV, MP3, MP4, Ogg, JPEG or PNG, at most 3 MiB; fifty for one incident.',
          tags,
          params: ById,
          querystring: Type.Object({ name: Type.Optional(Type.String({ maxLength: 120, pattern: '\\S' })) }, strict),
          headers: IdempotencyKey,
          response: { 200: Incident, default: Problem },
        },
      },
      async (request) => {
        const incident = await find(request, request.params.id);
        const body: unknown = request.body;
        const mediaType = Buffer.isBuffer(body) ? evidenceTypeOf(body) : undefined;
        if (!Buffer.isBuffer(body) || mediaType === undefined)
          throw new ApiError(415, 'notARecording', 'expected the bytes of WAV, MP3, MP4, Ogg, JPEG or PNG');
        const { name } = request.query;
        const file = { mediaType, bytes: body.byteLength, sha256: hash('sha256', body, 'hex') };
        const said = {
          kind: 'addFile',
          incidentId: incident.id,
          ...file,
          ...(name !== undefined && { name }),
        } as const;
        return perform(request, incident, said, body);
      },
    );
  });

  api.post(
    '/api/v1/incidents/:id/displayed',
    {
      // No act: a screen says what it shows.
      config: { access: 'incident.handle', audit: 'none' },
      schema: {
        summary: 'Tell that a screen shows it; only the first one counts',
        tags,
        params: ById,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const incident = await find(request, request.params.id);
      if (incident.displayedAt === undefined && situation.incidents.get(incident.id) !== undefined)
        await perform(request, incident, { kind: 'display', incidentId: incident.id });
      return reply.code(204).send(null);
    },
  );
}
