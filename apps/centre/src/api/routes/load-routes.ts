import { randomUUID } from 'node:crypto';
import { LoadJudgement, loadVerdicts, oneOf, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { hasLoadEvent, listDeviceEvents, listLoadJudgements, type EventPosition } from '../../record/device-events.ts';
import type { LoadAct } from '../../situation/operator-act.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { deviceInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const DeviceId = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** What devices said happened, with its evidence; and what people say of the loads they recognised. */
export function loadRoutes(api: Api, context: ApiContext): void {
  const { store, situation, clock } = context;

  api.get(
    '/api/v1/events',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Events of a device as it sent them, newest first: hazards, loads switched on and off',
        tags: ['events'],
        querystring: Type.Object({
          deviceId: Type.String({ maxLength: 64 }),
          captureId: Type.Optional(Type.String({ maxLength: 130, description: '{deviceId}:{captureId}' })),
          kind: Type.Optional(Type.String({ maxLength: 200, description: 'one or more, separated by commas' })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('DeviceEventRecord')), default: Problem },
      },
    },
    async (request) => {
      const { deviceId, captureId, kind, limit = DEFAULT_LIMIT, cursor } = request.query;
      const before =
        cursor === undefined ? undefined : (decodeCursor(cursor, ['number', 'string', 'number']) as EventPosition);
      const prefix = `${deviceId}:`;
      if (captureId !== undefined && !captureId.startsWith(prefix)) {
        throw new ApiError(
          400,
          'invalidParameter',
          `captureId is ${captureId}, expected ${prefix}… of the same device`,
        );
      }
      const found = await listDeviceEvents(callerOf(request).scope, store, {
        deviceId,
        ...(captureId !== undefined && { captureId: captureId.slice(prefix.length) }),
        ...(kind !== undefined && { kinds: kind.split(',').map((word) => word.trim()) }),
        ...(before !== undefined && { before }),
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(({ event }) => event),
        ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor([...last.position]) }),
      };
    },
  );

  api.get(
    '/api/v1/devices/:id/load-judgements',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: "What people said of a device's loads, oldest first; the newest 1,000",
        tags: ['events'],
        params: DeviceId,
        response: { 200: page(Type.Ref('LoadJudgement')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      deviceInScope(situation.registry, scope, request.params.id);
      return { items: [...(await listLoadJudgements(scope, store, request.params.id))] };
    },
  );

  api.post(
    '/api/v1/devices/:id/load-judgements',
    {
      config: { access: 'load.judge' },
      schema: {
        summary: 'Say what a load is: confirm, rename or reject what the terminal named',
        tags: ['events'],
        params: DeviceId,
        headers: IdempotencyKey,
        body: Type.Object({
          loadEventId: Type.String({ minLength: 1, maxLength: 64 }),
          verdict: oneOf(loadVerdicts),
          name: Type.Optional(
            Type.String({
              maxLength: 80,
              pattern: '\\S',
              description: 'with rename, and only then; not of blanks alone',
            }),
          ),
        }),
        response: { 200: LoadJudgement, default: Problem },
      },
    },
    async (request) => {
      const deviceId = request.params.id;
      const { loadEventId, verdict, name } = request.body;
      const { scope, username } = callerOf(request);
      const { venueId } = deviceInScope(situation.registry, scope, deviceId);
      if ((verdict === 'rename') !== (name !== undefined)) {
        const words = verdict === 'rename' ? 'rename needs a name' : `${verdict} takes no name; rename does`;
        throw new ApiError(400, 'invalidParameter', words);
      }
      if (!(await hasLoadEvent(store, deviceId, loadEventId)))
        throw notFound(`load event ${loadEventId} of ${deviceId}`);
      const given: LoadAct = { kind: 'judgeLoad', deviceId, loadEventId, verdict, ...(name !== undefined && { name }) };
      const act = JSON.parse(storableJson(given)) as LoadAct;
      const meta = { actId: requestIdOf(request) ?? randomUUID(), venueId, by: username, at: clock.now(), act };
      const wanted: Readonly<Record<string, unknown>> = act;
      const outcome = await awaitAct(context, meta, (stored) =>
        [...new Set([...Object.keys(stored), ...Object.keys(wanted)])].every((key) => stored[key] === wanted[key]),
      );
      if (outcome.kind !== 'judged') throw new Error(`act ${meta.actId} on a load ended as ${outcome.kind}`);
      return outcome.judgement;
    },
  );
}
