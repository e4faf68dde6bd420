import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { canaryTrouble, centreFunctions } from '../functions.ts';
import { Problem } from '../problem.ts';
import { metricsText } from '../metrics.ts';

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

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

  const Readiness = Type.Object({
    status: Type.String({ description: 'ready or notReady' }),
    troubles: Type.Array(Type.String()),
    functions: Type.Array(Type.Ref('CentreFunction')),
    canary: Type.Optional(
      Type.Object({
        ageS: Type.Number({ description: 'since the last canary alarm came through; at first since the start' }),
        lastS: Type.Optional(Type.Number({ description: 'from the device to the seat' })),
        missedInARow: Type.Integer(),
      }),
    ),
  });
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
      const found = [...troubles(), canaryTrouble(context)].filter((trouble) => trouble !== undefined);
      const canary = context.canary?.();
      return reply.code(found.length === 0 ? 200 : 503).send({
        status: found.length === 0 ? 'ready' : 'notReady',
        troubles: found,
        functions: [...(await centreFunctions(context))],
        ...(canary !== undefined && {
          canary: {
            ageS: rounded(canary.ageS),
            ...(canary.lastS !== undefined && { lastS: rounded(canary.lastS) }),
            missedInARow: canary.missedInARow,
          },
        }),
      });
    },
  );

  api.get(
    '/api/v1/functions',
    {
      config: { access: 'loggedIn', whileLocked: true },
      schema: {
        summary: 'What of the centre works right now, function by function',
        tags: ['health'],
        response: { 200: Type.Object({ items: Type.Array(Type.Ref('CentreFunction')) }), default: Problem },
      },
    },
    async () => ({ items: [...(await centreFunctions(context))] }),
  );

  api.get(
    '/metrics',
    { config: { access: 'loopbackOrMetrics' }, schema: { summary: 'Prometheus text format', tags: ['health'] } },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText(context)),
  );
}
