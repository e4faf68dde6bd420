import { alarmFigures, origins, type Origin } from '@fengsui/alarm';
import { AlarmFigures, oneOf, type Alarm } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Scope } from '../../access/scope.ts';
import { alarmsReceived } from '../../record/alarm-history.ts';
import { groupable } from '../../situation/alarm-grouping.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { parseInstant } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const DAY_MS = 24 * 3_600_000;
const LONGEST_MS = 31 * DAY_MS;
/** More than a city has in a month; they are held in memory while they are counted. */
const MOST_ALARMS = 100_000;

/** How much the alarms ask of who watches: the figures of alarm management. */
export function alarmFiguresRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/v1/alarm-figures',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary:
          'Alarm load of a seat that sees all the caller sees: lines per 10 min, flood, stale, top ten, priorities',
        tags: ['alarms'],
        querystring: Type.Object({
          from: Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms; default 24 h before `to`' })),
          to: Type.Optional(Type.String({ description: 'exclusive; default now; at most 31 days after `from`' })),
          origin: Type.Optional(oneOf(origins, 'default live: nothing else counts for a figure that is reported')),
        }),
        response: { 200: AlarmFigures, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { origin = 'live' } = request.query;
      const to = request.query.to === undefined ? context.clock.now() : parseInstant('to', request.query.to);
      const from = request.query.from === undefined ? to - DAY_MS : parseInstant('from', request.query.from);
      if (!(from < to) || to - from > LONGEST_MS)
        throw new ApiError(400, 'invalidRange', 'from must lie before to, and at most 31 days before it');
      const alarms = await alarmsReceived(scope, context.store, { from, to, origin, limit: MOST_ALARMS });
      return figuresOf(context, scope, origin, alarms, from, to);
    },
  );
}

function figuresOf(
  { situation, grouping, clock }: ApiContext,
  scope: Scope,
  origin: Origin,
  alarms: readonly Alarm[],
  from: number,
  to: number,
): AlarmFigures {
  const counted = alarms.map((alarm) => ({ ...groupable(alarm), receivedAt: Date.parse(alarm.receivedAt) }));
  const { topTen, topTenShare, priorities, ...figures } = alarmFigures(counted, from, to);
  const now = situation.alarms(scope).filter((alarm) => alarm.origin === origin);
  const isStale = ({ clearedAt, raisedAt }: Alarm): boolean =>
    clearedAt === undefined && clock.now() - Date.parse(raisedAt) > DAY_MS;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    origin,
    ...figures,
    staleCount: now.filter(isStale).length,
    chatteringCount: now.filter((alarm) => grouping.shown(alarm).chatter !== undefined).length,
    priorities: priorities.map(({ share, ...one }) => ({ ...one, ...(Number.isFinite(share) && { share }) })),
    topTen: [...topTen],
    ...(Number.isFinite(topTenShare) && { topTenShare }),
  };
}
