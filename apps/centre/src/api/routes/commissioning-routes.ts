import {
  Acceptance,
  BoardVenue,
  CommissioningTest,
  oneOf,
  page,
  testOutcomes,
  VenueLifeChange,
  venueLifeStates,
} from '@fengsui/protocol';
import { Type } from 'typebox';
import { LONGEST_TEST_MIN } from '../../commissioning/apply-commissioning.ts';
import { listAcceptances, listTests, listVenueLife } from '../../commissioning/read-commissioning.ts';
import { acceptanceView, boardVenueView, testView } from '../../commissioning/views.ts';
import { isInScope, type Scope } from '../../access/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { performCommissioning } from '../commissioning-act.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const strict = { additionalProperties: false } as const;
const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const OfTest = Type.Object({ id: Type.String({ maxLength: 64 }), testId: Type.String({ maxLength: 64 }) });
const Minutes = Type.Integer({ minimum: 1, maximum: LONGEST_TEST_MIN });
const PointPlace = { deviceId: Type.String({ maxLength: 64 }), point: Type.String({ maxLength: 64 }) } as const;

const Commissioning = Type.Object({
  venue: BoardVenue,
  test: Type.Optional(CommissioningTest),
  earlierTests: Type.Array(CommissioningTest, { description: 'newest first, without the newest; the last 100' }),
  acceptances: Type.Array(Acceptance, { description: 'every version, newest first; the last 100' }),
  lifeChanges: Type.Array(VenueLifeChange, { description: 'newest first; the last 100' }),
});

/** How a venue becomes one that is watched: docs/guides/commissioning.md. */
export function commissioningRoutes(api: Api, context: ApiContext): void {
  const { situation, store, registryDesk } = context;
  const { registry, commissioning } = situation;
  const needVenue = (scope: Scope, venueId: string): void => {
    if (registry.venue(venueId) === undefined || !isInScope(scope, venueId)) throw notFound(`venue ${venueId}`);
  };
  const newestTest = (venueId: string): CommissioningTest => {
    const test = commissioning.tests.get(venueId);
    if (test === undefined) throw notFound(`a test of venue ${venueId}`);
    return testView(test);
  };

  api.get(
    '/api/v1/commissioning',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Venues in scope on their way into operation: the board',
        tags: ['commissioning'],
        querystring: Type.Object({
          wave: Type.Optional(Type.String({ maxLength: 60 })),
          life: Type.Optional(oneOf(venueLifeStates)),
          onTest: Type.Optional(Type.Boolean({ description: 'only those on test at this moment' })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(BoardVenue), default: Problem },
      },
    },
    async (request) => {
      const { wave, life, onTest, limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = registry
        .venues(callerOf(request).scope)
        .filter((venue) => wave === undefined || (venue.wave ?? '') === wave)
        .filter((venue) => life === undefined || (venue.life ?? 'live') === life)
        .filter(({ id }) => onTest !== true || commissioning.running(id) !== undefined);
      const { items, ...rest } = pageById(found, limit, cursor);
      return { ...rest, items: items.map((venue) => boardVenueView(situation, venue)) };
    },
  );

  api.get(
    '/api/v1/venues/:id/commissioning',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Life, tests and acceptances of a venue',
        tags: ['commissioning'],
        params: ById,
        response: { 200: Commissioning, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id } = request.params;
      needVenue(scope, id);
      const venue = registry.venue(id);
      if (venue === undefined) throw notFound(`venue ${id}`);
      const test = commissioning.tests.get(id);
      const tests = await listTests(scope, store, id);
      const acceptances = await listAcceptances(scope, store, id);
      return {
        venue: boardVenueView(situation, venue),
        ...(test !== undefined && { test: testView(test) }),
        earlierTests: tests.filter((earlier) => earlier.id !== test?.id).map(testView),
        acceptances: acceptances.map((acceptance) => acceptanceView(situation, acceptance)),
        lifeChanges: await listVenueLife(scope, store, id),
      };
    },
  );

  api.put(
    '/api/v1/venues/:id/wave',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Put a venue into a wave, or with an empty name out of it',
        tags: ['commissioning'],
        params: ById,
        body: Type.Object({ wave: Type.String({ maxLength: 60 }) }, strict),
        response: { 200: BoardVenue, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      needVenue(callerOf(request).scope, id);
      return boardVenueView(situation, await orProblem(registryDesk.putWave(id, request.body.wave.trim())));
    },
  );

  api.post(
    '/api/v1/venues/:id/life-changes',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Move a venue: planned, installed, live. "tested" comes with a signed acceptance',
        tags: ['commissioning'],
        params: ById,
        headers: IdempotencyKey,
        body: Type.Object({ to: oneOf(venueLifeStates), reason: Text(300) }, strict),
        response: { 200: BoardVenue, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      needVenue(callerOf(request).scope, id);
      const { to, reason } = request.body;
      await performCommissioning(context, request, id, { kind: 'venueLife', to, reason });
      const venue = registry.venue(id);
      if (venue === undefined) throw notFound(`venue ${id}`);
      return boardVenueView(situation, venue);
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Set a venue on test for a bounded time',
        description:
          'Every point that has to be triggered is a row, ticked when its event arrives. Only such an event is marked ' +
          'test; everything else that happens in the venue is as real as before.',
        tags: ['commissioning'],
        params: ById,
        headers: IdempotencyKey,
        body: Type.Object({ minutes: Minutes, reason: Text(300) }, strict),
        response: { 201: CommissioningTest, default: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'testStart', ...request.body });
      return reply.code(201).send(newestTest(id));
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/extend',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Let a test go on for so many minutes from now',
        tags: ['commissioning'],
        params: OfTest,
        headers: IdempotencyKey,
        body: Type.Object({ minutes: Minutes }, strict),
        response: { 200: CommissioningTest, default: Problem },
      },
    },
    async (request) => {
      const { id, testId } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'testExtend', testId, ...request.body });
      return newestTest(id);
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/end',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'End a test; what is still active then becomes live',
        tags: ['commissioning'],
        params: OfTest,
        headers: IdempotencyKey,
        response: { 200: CommissioningTest, default: Problem },
      },
    },
    async (request) => {
      const { id, testId } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'testEnd', testId });
      return newestTest(id);
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/ticks',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Tick a point by hand, with the reason why its event is not the proof',
        tags: ['commissioning'],
        params: OfTest,
        headers: IdempotencyKey,
        body: Type.Object({ ...PointPlace, outcome: oneOf(testOutcomes), reason: Text(300) }, strict),
        response: { 200: CommissioningTest, default: Problem },
      },
    },
    async (request) => {
      const { id, testId } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'pointTick', testId, ...request.body });
      return newestTest(id);
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/rearms',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Expect the event of a point once more',
        tags: ['commissioning'],
        params: OfTest,
        headers: IdempotencyKey,
        body: Type.Object(PointPlace, strict),
        response: { 200: CommissioningTest, default: Problem },
      },
    },
    async (request) => {
      const { id, testId } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'pointRearm', testId, ...request.body });
      return newestTest(id);
    },
  );
}
