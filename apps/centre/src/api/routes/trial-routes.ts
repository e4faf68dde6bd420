import { page, TrialOperation, TrialReport } from '@fengsui/protocol';
import { Type } from 'typebox';
import { shortIdOf } from '../../commissioning/apply-commissioning.ts';
import type { KeptTrial } from '../../commissioning/kept-test.ts';
import { trialKpis, venuesOfTrial } from '../../commissioning/trial-kpis.ts';
import { trialView } from '../../commissioning/views.ts';
import { isInScope, type Scope } from '../../access/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { performCommissioning } from '../commissioning-act.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const strict = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' });
const Day = Type.String({ format: 'date-time', maxLength: 40 });

/** Trial operation 试运营: a bounded time with its figures. */
export function trialRoutes(api: Api, context: ApiContext): void {
  const { situation, store, clock } = context;
  const { registry, commissioning } = situation;
  const sees = (scope: Scope, trial: KeptTrial): boolean =>
    scope.venues === 'all' || venuesOfTrial(situation, scope, trial).length > 0;

  api.get(
    '/api/v1/trials',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Trial operations of the venues in scope',
        tags: ['commissioning'],
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('TrialOperation')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = [...commissioning.trials.values()].filter((trial) => sees(scope, trial));
      const { items, ...rest } = pageById(found, limit, cursor);
      return { ...rest, items: items.map(trialView) };
    },
  );

  api.post(
    '/api/v1/trials',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Begin a trial of a venue or of a wave',
        tags: ['commissioning'],
        headers: IdempotencyKey,
        body: Type.Object(
          {
            name: Name,
            venueId: Type.Optional(Type.String({ maxLength: 64 })),
            wave: Type.Optional(Name),
            from: Day,
            to: Day,
          },
          strict,
        ),
        response: { 201: TrialOperation, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const { name, venueId, wave, from, to } = request.body;
      if ((venueId === undefined) === (wave === undefined))
        throw new ApiError(400, 'invalidRequest', 'expected either venueId or wave');
      if (venueId !== undefined && (registry.venue(venueId) === undefined || !isInScope(scope, venueId)))
        throw notFound(`venue ${venueId}`);
      // A wave may hold venues that this account does not see.
      if (wave !== undefined && scope.venues !== 'all')
        throw new ApiError(403, 'forbidden', 'this account is bound to some venues: name one of them');
      if (wave !== undefined && !registry.venues(scope).some((venue) => venue.wave === wave))
        throw notFound(`a venue in wave ${wave}`);
      const act = { kind: 'trialPut', name, from: Date.parse(from), to: Date.parse(to) } as const;
      const actId = await performCommissioning(
        context,
        request,
        venueId ?? '',
        wave === undefined ? act : { ...act, wave },
      );
      const trial = commissioning.trials.get(shortIdOf(actId));
      if (trial === undefined) throw notFound('the trial');
      return reply.code(201).send(trialView(trial));
    },
  );

  api.get(
    '/api/v1/trials/:id',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'A trial with its figures, over the venues in scope',
        tags: ['commissioning'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 200: TrialReport, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const trial = commissioning.trials.get(request.params.id);
      if (trial === undefined || !sees(scope, trial)) throw notFound(`trial ${request.params.id}`);
      const now = clock.now();
      return {
        trial: trialView(trial),
        venueCount: venuesOfTrial(situation, scope, trial).length,
        until: new Date(Math.min(trial.to, now)).toISOString(),
        kpis: [...(await trialKpis(situation, store, scope, trial, now))],
      };
    },
  );
}
