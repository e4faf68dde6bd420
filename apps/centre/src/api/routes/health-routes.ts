import { categories } from '@fengsui/alarm';
import { Type } from 'typebox';
import { lanes } from '../../journal/entry.ts';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';

export function healthRoutes(api: Api, context: ApiContext): void {
  const { situation, journal, worker, bus, troubles, version } = context;

  api.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'The process answers',
        tags: ['health'],
        response: { 200: Type.Object({ status: Type.Literal('ok'), version: Type.String() }) },
      },
    },
    async () => ({ status: 'ok' as const, version }),
  );

  const Readiness = Type.Object({ status: Type.String(), troubles: Type.Array(Type.String()) });
  api.get(
    '/readyz',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Reports are taken and applied',
        tags: ['health'],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const found = [...troubles()];
      return reply
        .code(found.length === 0 ? 200 : 503)
        .send({ status: found.length === 0 ? 'ready' : 'notReady', troubles: found });
    },
  );

  api.get(
    '/metrics',
    { config: { access: 'loopbackOrMetrics' }, schema: { summary: 'Prometheus text format', tags: ['health'] } },
    async (_request, reply) => {
      const alarms = situation.alarms({ venues: 'all' });
      const lines = [
        '# HELP fengsui_reports_per_second Reports received in the last 10 s.',
        '# TYPE fengsui_reports_per_second gauge',
        `fengsui_reports_per_second ${context.reportsPerSecond()}`,
        '# HELP fengsui_journal_sequence Last durable entry per lane.',
        '# TYPE fengsui_journal_sequence counter',
        ...lanes.map((lane) => `fengsui_journal_sequence{lane="${lane}"} ${journal.lastSequence(lane)}`),
        '# HELP fengsui_journal_backlog Durable entries that are not applied yet.',
        '# TYPE fengsui_journal_backlog gauge',
        ...lanes.map(
          (lane) => `fengsui_journal_backlog{lane="${lane}"} ${journal.lastSequence(lane) - worker.applied[lane]}`,
        ),
        '# HELP fengsui_alarms Alarms that have not ended.',
        '# TYPE fengsui_alarms gauge',
        ...categories.map(
          (category) =>
            `fengsui_alarms{category="${category}"} ${alarms.filter((alarm) => alarm.category === category).length}`,
        ),
        '# HELP fengsui_feed_position Commits published on the live feed.',
        '# TYPE fengsui_feed_position counter',
        `fengsui_feed_position ${bus.position}`,
        '# HELP process_resident_memory_bytes Resident memory.',
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ];
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
    },
  );
}
