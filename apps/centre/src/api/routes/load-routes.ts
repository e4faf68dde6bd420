import { randomUUID } from 'node:crypto';
import { LoadJudgement, loadVerdicts, oneOf, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { hasLoadEvent, listDeviceEvents, listLoadJudgements, type EventPosition } from '../../record/device-events.ts';
import type { LoadAct } from '../../situation/operator-act.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { isInScope } from '../../access/scope.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { deviceInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { maySeeLoadHistory } from './load-history-routes.ts';

const loadKinds: readonly string[] = ['loadOn', 'loadOff'];
const DeviceId = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** What devices said happened, with its evidence; and what people say of the loads they recognised. */
export function loadRoutes(api: Api, context: ApiContext): void {
  const { store, situation, clock } = context;

  api.get(
    '/api/v1/events',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary:
          'Events of a device as it sent them, newest first: hazards; and loads switched on and off, for those of the venue ' +
          'and for who has said why (/venues/{id}/load-history-reasons)',
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
      const caller = callerOf(request);
      const kinds = kind?.split(',').map((word) => word.trim());
      const device = situation.registry.device(deviceId);
      // What one capture shows is one moment, and its reason is the alarm or the load that is being named.
      const withLoads =
        captureId !== undefined || device === undefined || (await maySeeLoadHistory(context, caller, device));
      const asksForLoads = kinds?.some((word) => loadKinds.includes(word)) === true;
      if (!withLoads && asksForLoads && device !== undefined && isInScope(caller.scope, device.venueId)) {
        const how = `say why first: POST /api/v1/venues/${device.venueId}/load-history-reasons`;
        throw new ApiError(403, 'reasonNeeded', `what is switched on when shows how people live; ${how}`);
      }
      const found = await listDeviceEvents(caller.scope, store, {
        deviceId,
        ...(captureId !== undefined && { captureId: captureId.slice(prefix.length) }),
        ...(kinds !== undefined && { kinds }),
        ...(!withLoads && { withoutKinds: loadKinds }),
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
