import { Acceptance, signatureCapacities, oneOf } from '@fengsui/protocol';
import { Type } from 'typebox';
import { findAcceptance } from '../../commissioning/read-commissioning.ts';
import { acceptanceView } from '../../commissioning/views.ts';
import { writeAcceptance } from '../../paper/acceptance-paper.ts';
import { isInScope, type Scope } from '../../access/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { performCommissioning } from '../commissioning-act.ts';
import type { ApiContext } from '../context.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const PDF = 'application/pdf';
const OfTest = Type.Object({ id: Type.String({ maxLength: 64 }), testId: Type.String({ maxLength: 64 }) });
const OfVersion = Type.Object({
  ...OfTest.properties,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
});
const strict = { additionalProperties: false } as const;

/** What a test came to, written down, signed by two people, and on paper. */
export function acceptanceRoutes(api: Api, context: ApiContext): void {
  const { situation, store } = context;
  const needVenue = (scope: Scope, venueId: string): void => {
    if (situation.registry.venue(venueId) === undefined || !isInScope(scope, venueId))
      throw notFound(`venue ${venueId}`);
  };
  const newest = (testId: string): Acceptance => {
    const acceptance = situation.commissioning.acceptances.get(testId);
    if (acceptance === undefined) throw notFound(`an acceptance of test ${testId}`);
    return acceptanceView(situation, acceptance);
  };

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/acceptances',
    {
      config: { access: 'commission.run' },
      schema: {
        summary: 'Write the acceptance of a test that is over; unchanged since, it is the version there is',
        tags: ['commissioning'],
        params: OfTest,
        headers: IdempotencyKey,
        response: { 201: Acceptance, default: Problem },
      },
    },
    async (request, reply) => {
      const { id, testId } = request.params;
      needVenue(callerOf(request).scope, id);
      await performCommissioning(context, request, id, { kind: 'acceptanceMake', testId });
      return reply.code(201).send(newest(testId));
    },
  );

  api.post(
    '/api/v1/venues/:id/commissioning-tests/:testId/acceptances/:version/signatures',
    {
      config: { access: 'commission.sign' },
      schema: {
        summary: 'Sign a version, in one’s own session; two accounts make it whole',
        tags: ['commissioning'],
        params: OfVersion,
        headers: IdempotencyKey,
        body: Type.Object(
          {
            sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the content that was read' }),
            capacity: oneOf(signatureCapacities),
            name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S', description: 'of the person' }),
          },
          strict,
        ),
        response: { 201: Acceptance, default: Problem },
      },
    },
    async (request, reply) => {
      const { id, testId, version } = request.params;
      const { scope, csrfToken } = callerOf(request);
      needVenue(scope, id);
      if (csrfToken === undefined)
        throw new ApiError(403, 'sessionNeeded', 'a person signs, logged in with an own account; a token cannot');
      await performCommissioning(context, request, id, { kind: 'acceptanceSign', testId, version, ...request.body });
      return reply.code(201).send(newest(testId));
    },
  );

  api.get(
    '/api/v1/venues/:id/commissioning-tests/:testId/acceptances/:version/paper',
    {
      config: { access: 'registry.read', isExport: true },
      schema: {
        summary: 'A version on paper; the same bytes for the same version, signatures and language',
        tags: ['commissioning'],
        params: OfVersion,
        querystring: Type.Object({ language: Type.Optional(oneOf(['zh', 'en'])) }),
        response: {
          200: {
            description: 'a PDF',
            content: { [PDF]: { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { id, testId, version } = request.params;
      const { scope } = callerOf(request);
      needVenue(scope, id);
      const acceptance = await findAcceptance(scope, store, id, testId, version);
      if (acceptance === undefined) throw notFound(`version ${version} of test ${testId}`);
      const name = `acceptance-${id}-${testId}-v${version}.pdf`;
      void reply.header('content-disposition', `inline; filename="${name}"`).type(PDF);
      return reply.send(writeAcceptance(acceptance, request.query.language ?? 'zh') as unknown as Buffer);
    },
  );
}
