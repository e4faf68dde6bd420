import { page, RuleDraft, RuleVersion } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ruleOfLimit } from '@fengsui/alarm';
import type { RuleVersion as KeptVersion } from '../../rules/rule-book.ts';
import { RuleDesk } from '../../rules/rule-desk.ts';
import { ruleInForce } from '../../rules/rule-in-force.ts';
import { RuleTrials } from '../../rules/rule-trials.ts';
import { productRuleView, ruleVersionView } from '../../rules/rule-view.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const ByVersion = Type.Object({
  id: Type.String({ maxLength: 64 }),
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
});
const Note = Type.String({ minLength: 1, maxLength: 500 });
const tags = ['rules'];

/** Rules as versions, docs/reference/rules.md. They hold for venues of all owners: who sees some of them changes none. */
export function ruleRoutes(api: Api, context: ApiContext): void {
  const { situation, registryDesk, store, clock, log, timeZone } = context;
  const { registry } = situation;
  const desk = new RuleDesk(registryDesk, situation.limits.ofProduct, timeZone);
  const trials = new RuleTrials(
    { store, registry, inForce: (ruleId, device) => ruleInForce(situation, ruleId, device) },
    desk,
    log,
  );
  api.addHook('onClose', () => trials.stop());

  const seesAll = (request: FastifyRequest): boolean => callerOf(request).scope.venues === 'all';
  const mustSeeAll = (request: FastifyRequest): string => {
    if (!seesAll(request)) throw new ApiError(403, 'forbidden', 'rules are changed by accounts that see every venue');
    return callerOf(request).username;
  };
  const view = (request: FastifyRequest, version: KeptVersion): RuleVersion => {
    const { id, version: number } = version.rule;
    return ruleVersionView(version, desk.ofProduct(id), trials.progressOf(id, number), seesAll(request));
  };

  api.get(
    '/api/v1/rules',
    {
      config: { access: 'rules.read' },
      schema: {
        summary: 'Every version of every rule: those of the product first, the others by id, newest first',
        tags,
        response: { 200: page(Type.Ref('RuleVersion')), default: Problem },
      },
    },
    (request) => ({
      items: [
        ...situation.limits.ofProduct.map((limit) => productRuleView(ruleOfLimit(limit))),
        ...registry.rules.all().map((version) => view(request, version)),
      ],
    }),
  );

  api.get(
    '/api/v1/rules/:id/versions/:version',
    {
      config: { access: 'rules.read' },
      schema: { summary: 'One version', tags, params: ByVersion, response: { 200: RuleVersion, default: Problem } },
    },
    (request) => {
      const { id, version } = request.params;
      const kept = registry.rules.find(id, version);
      if (kept !== undefined) return view(request, kept);
      const ofProduct = version === 1 ? desk.ofProduct(id) : undefined;
      if (ofProduct === undefined) throw notFound(`rule ${id} version ${version}`);
      return productRuleView(ofProduct);
    },
  );

  api.post(
    '/api/v1/rules/:id/versions',
    {
      config: { access: 'rules.write' },
      schema: {
        summary: 'Draft a version of a rule, or of a new one',
        tags,
        params: ById,
        body: RuleDraft,
        response: { 201: RuleVersion, default: Problem },
      },
    },
    async (request, reply) => {
      const by = mustSeeAll(request);
      const drafted = await orProblem(desk.draft(request.params.id, request.body, by));
      return reply.code(201).send(view(request, drafted));
    },
  );

  api.post(
    '/api/v1/rules/:id/versions/:version/trial',
    {
      config: { access: 'rules.write' },
      schema: {
        summary: 'Try a version on stored reports; the figure is with the version when `running` is gone',
        tags,
        params: ByVersion,
        body: Type.Object({ days: Type.Integer({ minimum: 1, maximum: 31 }) }, { additionalProperties: false }),
        response: { 202: RuleVersion, default: Problem },
      },
    },
    async (request, reply) => {
      const by = mustSeeAll(request);
      const { id, version } = request.params;
      const kept = await orProblem(Promise.resolve().then(() => desk.toTry(registry, id, version)));
      await orProblem(
        Promise.resolve().then(() => {
          trials.start(kept, request.body.days, clock.now(), by);
        }),
      );
      return reply.code(202).send(view(request, kept));
    },
  );

  api.post(
    '/api/v1/rules/:id/versions/:version/review',
    {
      config: { access: 'rules.review', fresh: true },
      schema: {
        summary: 'Say that a tried version of another account is right',
        tags,
        params: ByVersion,
        body: Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
        response: { 200: RuleVersion, default: Problem },
      },
    },
    async (request) => {
      const { id, version } = request.params;
      const by = mustSeeAll(request);
      if (callerOf(request).csrfToken === undefined)
        throw new ApiError(403, 'sessionNeeded', 'a person reviews, logged in with an own account; a token cannot');
      return view(request, await orProblem(desk.review(id, version, by, request.body.note)));
    },
  );

  api.post(
    '/api/v1/rules/:id/versions/:version/on',
    {
      config: { access: 'rules.write' },
      schema: {
        summary: 'Switch a reviewed version on: it watches its scope from then on, or from its first day on',
        tags,
        params: ByVersion,
        response: { 200: RuleVersion, default: Problem },
      },
    },
    async (request) => {
      const { id, version } = request.params;
      return view(request, await orProblem(desk.switchOn(id, version, mustSeeAll(request))));
    },
  );

  api.post(
    '/api/v1/rules/:id/versions/:version/retire',
    {
      config: { access: 'rules.review' },
      schema: {
        summary: 'Take a version back: what was in force before it is so again',
        tags,
        params: ByVersion,
        body: Type.Object({ reason: Note }, { additionalProperties: false }),
        response: { 200: RuleVersion, default: Problem },
      },
    },
    async (request) => {
      const { id, version } = request.params;
      return view(request, await orProblem(desk.retire(id, version, request.body.reason, mustSeeAll(request))));
    },
  );
}
