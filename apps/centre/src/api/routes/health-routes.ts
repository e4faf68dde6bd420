import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { metricsText } from '../metrics.ts';

export function healthRoutes(api: Api, context: ApiContext): void {
  const { troubles, version } = context;

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
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText(context)),
  );
}
