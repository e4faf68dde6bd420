import { hash, randomUUID } from 'node:crypto';
import { isUnacknowledged } from '@fengsui/alarm';
import { AlarmGroup, page, type Alarm } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { alarmGroupOf, alarmGroupsOf } from '../../situation/alarm-grouping.ts';
import { actOnAlarm } from '../act-on-alarm.ts';
import type { Api } from '../api-instance.ts';
import { auditMember } from '../audit-acts.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Note = Type.String({ maxLength: 2000 });

/** Alarms with one cause: one line for many. Each keeps its own life; what is done to all is done to each. */
export function alarmGroupRoutes(api: Api, context: ApiContext): void {
  const seenBy = (request: FastifyRequest): readonly Alarm[] =>
    context.situation.alarms(callerOf(request).scope).map((alarm) => context.grouping.shown(alarm));

  api.get(
    '/api/v1/alarm-groups',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary:
          'Alarms that have not ended and have one cause: a line for two or more; theirs have its id as parentId',
        tags: ['alarms'],
        response: { 200: page(Type.Ref('AlarmGroup')), default: Problem },
      },
    },
    async (request) => ({ items: alarmGroupsOf(seenBy(request)) }),
  );

  api.post(
    '/api/v1/alarm-groups/:id/acknowledge',
    {
      config: { access: 'alarm.acknowledge' },
      schema: {
        summary: 'Acknowledge the alarms that are in it now, each on its own record; not those that come later',
        tags: ['alarms'],
        params: ById,
        headers: IdempotencyKey,
        body: Type.Optional(Type.Union([Type.Object({ note: Type.Optional(Note) }), Type.Null()])),
        response: { 200: AlarmGroup, 202: AlarmGroup, default: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const before = seenBy(request).filter(({ parentId }) => parentId === id);
      const group = alarmGroupOf(id, before);
      if (group === undefined) throw notFound(`alarm group ${id}`);
      request.auditVenueId = before[0]?.venueId;
      const note = request.body?.note;
      const requestId = requestIdOf(request) ?? randomUUID();
      const waiting = before.filter(isUnacknowledged);
      const applied = await Promise.all(waiting.map((alarm) => acknowledge(context, request, requestId, alarm, note)));
      if (applied.includes(false)) {
        void reply.code(202);
        return { ...group, unacknowledgedCount: 0 };
      }
      return alarmGroupOf(id, seenBy(request)) ?? { ...group, unacknowledgedCount: 0, childCount: 0, activeCount: 0 };
    },
  );
}

/** One that ended meanwhile, or is out of view, needs nobody. */
async function acknowledge(
  context: ApiContext,
  request: FastifyRequest,
  requestId: string,
  { id: alarmId }: Alarm,
  note: string | undefined,
): Promise<boolean> {
  const actId = hash('sha256', `${requestId} ${alarmId}`, 'hex');
  const act = { kind: 'acknowledge', ...(note !== undefined && { note }) } as const;
  try {
    const { isApplied } = await actOnAlarm(context, callerOf(request), actId, alarmId, act);
    await onRecord(context, request, alarmId, isApplied ? 200 : 202);
    return isApplied;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await onRecord(context, request, alarmId, error.status);
    if (![404, 409].includes(error.status)) throw error;
    return true;
  }
}

const onRecord = (context: ApiContext, request: FastifyRequest, id: string, status: number): Promise<void> =>
  auditMember(context, request, { act: 'POST /api/v1/alarms/:id/acknowledge', id, status });
