import { randomUUID } from 'node:crypto';
import { alarmStates, categories } from '@fengsui/alarm';
import { Alarm, Instant, oneOf, page } from '@fengsui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { alarmResponse } from '../../rules/alarm-response.ts';
import { alarmHistory, findAlarm, listAlarms } from '../../record/alarm-history.ts';
import type { AlarmAct } from '../../situation/operator-act.ts';
import { actOnAlarm } from '../act-on-alarm.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit, parseInstant, parseWords } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Note = Type.String({ maxLength: 2000 });

export function alarmRoutes(api: Api, context: ApiContext): void {
  const { store, grouping } = context;

  api.get(
    '/api/v1/alarms',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Alarms, newest first; without `state` all that have not ended',
        tags: ['alarms'],
        querystring: Type.Object({
          state: Type.Optional(
            Type.String({ description: `one or more of ${alarmStates.join(', ')}, separated by commas` }),
          ),
          category: Type.Optional(oneOf(categories)),
          venueId: Type.Optional(Type.String({ maxLength: 128 })),
          deviceId: Type.Optional(Type.String({ maxLength: 64 })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('Alarm')), default: Problem },
      },
    },
    async (request) => {
      const { state, category, venueId, deviceId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const position = cursor === undefined ? undefined : decodeCursor(cursor, ['number', 'string']);
      const items = await listAlarms(callerOf(request).scope, store, {
        ...(state !== undefined && { states: parseWords('state', state, alarmStates) }),
        ...(category !== undefined && { category }),
        ...(venueId !== undefined && { venueId }),
        ...(deviceId !== undefined && { deviceId }),
        limit: limit + 1,
        ...(position !== undefined && { after: { raisedAt: position[0] as number, id: position[1] as string } }),
      });
      const shown = items.slice(0, limit).map((alarm) => grouping.shown(alarm));
      const last = shown.at(-1);
      const hasMore = items.length > limit && last !== undefined;
      return { items: shown, ...(hasMore && { nextCursor: encodeCursor([Date.parse(last.raisedAt), last.id]) }) };
    },
  );

  api.get(
    '/api/v1/alarms/:id',
    {
      config: { access: 'alarm.read' },
      schema: { summary: 'One alarm', tags: ['alarms'], params: ById, response: { 200: Alarm, default: Problem } },
    },
    async (request) => {
      const alarm = await findAlarm(callerOf(request).scope, store, request.params.id);
      if (alarm === undefined) throw notFound(`alarm ${request.params.id}`);
      return grouping.shown(alarm);
    },
  );

  api.get(
    '/api/v1/alarms/:id/history',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Every step of an alarm, oldest first',
        tags: ['alarms'],
        params: ById,
        response: { 200: page(Type.Ref('AlarmChange')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      if ((await findAlarm(scope, store, request.params.id)) === undefined)
        throw notFound(`alarm ${request.params.id}`);
      return { items: [...(await alarmHistory(scope, store, request.params.id))] };
    },
  );

  api.get(
    '/api/v1/alarms/:id/response',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'What an alarm leads to, and what has to be done until when; soonest first',
        tags: ['alarms'],
        params: ById,
        response: { 200: page(Type.Ref('AlarmResponse')), default: Problem },
      },
    },
    async (request) => {
      const alarm = await findAlarm(callerOf(request).scope, store, request.params.id);
      if (alarm === undefined) throw notFound(`alarm ${request.params.id}`);
      return { items: [...alarmResponse(context.situation, alarm)] };
    },
  );

  const write = <Path extends string>(
    path: Path,
    access: 'alarm.acknowledge' | 'alarm.shelve' | 'alarm.inspect',
    summary: string,
  ) => ({
    path: `/api/v1/alarms/:id/${path}` as const,
    options: {
      config: { access },
      schema: {
        summary,
        tags: ['alarms'],
        params: ById,
        headers: IdempotencyKey,
        response: { 200: Alarm, 202: Alarm, default: Problem },
      },
    },
  });

  const acknowledge = write('acknowledge', 'alarm.acknowledge', 'Acknowledge: seen, being dealt with');
  api.post(
    acknowledge.path,
    {
      ...acknowledge.options,
      schema: {
        ...acknowledge.options.schema,
        body: Type.Optional(Type.Union([Type.Object({ note: Type.Optional(Note) }), Type.Null()])),
      },
    },
    async (request, reply) => {
      const note = request.body?.note;
      return act(context, request, reply, request.params.id, {
        kind: 'acknowledge',
        ...(note !== undefined && { note }),
      });
    },
  );

  const shelve = write('shelve', 'alarm.shelve', 'Shelve for a time, with a reason; never a fire or a P1');
  api.post(
    shelve.path,
    {
      ...shelve.options,
      schema: {
        ...shelve.options.schema,
        body: Type.Object({ until: Instant, reason: Type.String({ minLength: 1, maxLength: 2000 }) }),
      },
    },
    async (request, reply) => {
      const { until, reason } = request.body;
      return act(context, request, reply, request.params.id, {
        kind: 'shelve',
        until: parseInstant('until', until),
        reason,
      });
    },
  );

  const unshelve = write('unshelve', 'alarm.shelve', 'End a shelving early');
  api.post(unshelve.path, unshelve.options, async (request, reply) =>
    act(context, request, reply, request.params.id, { kind: 'unshelve' }),
  );

  const inspect = write('inspect', 'alarm.inspect', 'Record the inspection on site that ends a latched alarm');
  api.post(
    inspect.path,
    {
      ...inspect.options,
      schema: {
        ...inspect.options.schema,
        body: Type.Object({ note: Type.String({ minLength: 1, maxLength: 2000 }) }),
      },
    },
    async (request, reply) =>
      act(context, request, reply, request.params.id, { kind: 'inspect', note: request.body.note }),
  );
}

/** 202 where it is durable and not applied yet. */
async function act(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  alarmId: string,
  given: AlarmAct,
): Promise<Alarm> {
  const actId = requestIdOf(request) ?? randomUUID();
  const { alarm, isApplied } = await actOnAlarm(context, callerOf(request), actId, alarmId, given);
  if (!isApplied) void reply.code(202);
  return alarm;
}
