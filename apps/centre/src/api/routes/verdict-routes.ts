import { randomUUID } from 'node:crypto';
import { AlarmVerdict, alarmVerdicts, falseAlarmCauses, oneOf, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { findAlarm } from '../../record/alarm-history.ts';
import { listAlarmVerdicts } from '../../record/alarm-verdicts.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { VerdictAct } from '../../situation/verdict-act.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** What alarms turned out to be: the figure of false alarms rests on nothing else. */
export function verdictRoutes(api: Api, context: ApiContext): void {
  const { store, clock } = context;

  api.get(
    '/api/v1/alarms/:id/verdicts',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'What people found an alarm to be, oldest first; the newest counts',
        tags: ['alarms'],
        params: ById,
        response: { 200: page(Type.Ref('AlarmVerdict')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id } = request.params;
      if ((await findAlarm(scope, store, id)) === undefined) throw notFound(`alarm ${id}`);
      return { items: [...(await listAlarmVerdicts(scope, store, id))] };
    },
  );

  api.post(
    '/api/v1/alarms/:id/verdicts',
    {
      config: { access: 'alarm.acknowledge' },
      schema: {
        summary: 'Say what an alarm turned out to be: real, or false and why; also after it has ended',
        tags: ['alarms'],
        params: ById,
        headers: IdempotencyKey,
        body: Type.Object({
          verdict: oneOf(alarmVerdicts),
          cause: Type.Optional(oneOf(falseAlarmCauses)),
          note: Type.Optional(Type.String({ maxLength: 2000 })),
        }),
        response: { 200: AlarmVerdict, default: Problem },
      },
    },
    async (request) => {
      const { verdict, cause, note } = request.body;
      if ((verdict === 'false') !== (cause !== undefined)) {
        const words =
          verdict === 'false' ? `false needs a cause: ${falseAlarmCauses.join(', ')}` : 'real takes no cause';
        throw new ApiError(400, 'invalidParameter', words);
      }
      const { scope, username } = callerOf(request);
      const alarm = await findAlarm(scope, store, request.params.id);
      if (alarm === undefined) throw notFound(`alarm ${request.params.id}`);
      const { id: alarmId, deviceId, venueId } = alarm;
      request.auditVenueId = venueId;
      const given: VerdictAct = {
        kind: 'judgeAlarm',
        alarmId,
        deviceId,
        verdict,
        ...(cause !== undefined && { cause }),
        ...(note !== undefined && note.trim() !== '' && { note: note.trim() }),
      };
      // As it will be stored: a repetition is compared with that.
      const act = JSON.parse(storableJson(given)) as VerdictAct;
      const actId = requestIdOf(request) ?? randomUUID();
      const meta = { actId, isVerdict: true as const, venueId, by: username, at: clock.now(), act };
      const wanted: Readonly<Record<string, unknown>> = act;
      const outcome = await awaitAct(context, meta, (stored) =>
        [...new Set([...Object.keys(stored), ...Object.keys(wanted)])].every((key) => stored[key] === wanted[key]),
      );
      if (outcome.kind !== 'foundToBe')
        throw new Error(`verdict ${actId} on alarm ${alarmId} ended as ${outcome.kind}`);
      return outcome.verdict;
    },
  );
}
