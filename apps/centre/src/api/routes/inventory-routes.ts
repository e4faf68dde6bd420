import {
  Area,
  areaKinds,
  Cable,
  Circuit,
  DeviceHistoryEntry,
  DeviceModel,
  ModelWords,
  oneOf,
  Organisation,
  organisationKinds,
  page,
  protectedClasses,
  Venue,
  venueClasses,
  venueFireFacts,
  venueLifeStates,
} from '@fengsui/protocol';
import { Type } from 'typebox';
import { listDeviceHistory } from '../../record/device-history.ts';
import { modelWords } from '../../registry/model-words.ts';
import { isInScope, narrow, type Scope } from '../../access/scope.ts';
import { blindSpots, coverage } from '../../situation/blind-spots.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageBy, pageById } from '../cursor.ts';
import { deviceInScope, organisationInScope, venueInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const Id = Type.String({ minLength: 1, maxLength: 64 });
const Name = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' });
const ById = Type.Object({ id: Type.String({ maxLength: 128 }) });
const ByVenue = Type.Object({
  venueId: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Limit,
  cursor: Cursor,
});
const strict = { additionalProperties: false } as const;

const OrganisationBody = Type.Object(
  {
    kind: oneOf(organisationKinds),
    name: Name,
    nameEn: Type.Optional(Name),
    parentId: Type.Optional(Id),
  },
  strict,
);
const VenueBody = Type.Object(
  {
    name: Name,
    nameEn: Type.Optional(Name),
    class: oneOf(venueClasses),
    organisationId: Id,
    address: Type.Optional(Type.String({ maxLength: 300 })),
    addressEn: Type.Optional(Type.String({ maxLength: 300 })),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    ...venueFireFacts,
    life: Type.Optional(oneOf(venueLifeStates, 'of a new venue; one that is known keeps its own')),
    wave: Type.Optional(Type.String({ maxLength: 60, description: 'of a new venue' })),
  },
  strict,
);
const AreaBody = Type.Object(
  {
    venueId: Id,
    kind: oneOf(areaKinds),
    name: Name,
    nameEn: Type.Optional(Name),
    parentId: Type.Optional(Id),
    use: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  strict,
);
const CircuitBody = Type.Object(
  {
    areaId: Type.Optional(Id),
    name: Type.Optional(Name),
    nameEn: Type.Optional(Name),
    ratedA: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6300 })),
    cable: Type.Optional(Cable),
    probe: Type.Optional(Type.String({ maxLength: 16 })),
    protectedClass: oneOf(protectedClasses),
  },
  strict,
);

/** What the registry holds beyond venues and devices: models, areas, circuits, history, what is not watched. */
export function inventoryRoutes(api: Api, { situation, store, registryDesk, clock }: ApiContext): void {
  const { registry } = situation;
  const scopeOf = (scope: Scope, venueId: string | undefined): Scope =>
    narrow(scope, venueId === undefined ? undefined : [venueId]);
  /** Writing what belongs to no venue, or to one that is not there yet, takes a caller of all venues. */
  const needAll = ({ venues }: Scope): void => {
    if (venues !== 'all') throw new ApiError(403, 'forbidden', 'this account is bound to some venues');
  };

  api.get(
    '/api/v1/models',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Device models in their newest version',
        tags: ['registry'],
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('DeviceModel')), default: Problem },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, cursor } }) => pageById(registry.models(), limit, cursor),
  );

  api.post(
    '/api/v1/models',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Add a device model, or a later version of one',
        description: 'The content of a model file: docs/reference/models.md. The same content again changes nothing.',
        tags: ['registry'],
        // Judged by hand: the answer names field, value and expectation of everything that is wrong.
        body: Type.Unsafe<unknown>({ type: 'object', description: 'a DeviceModel' }),
        response: { 201: DeviceModel, default: Problem },
      },
    },
    async (request, reply) => {
      needAll(callerOf(request).scope);
      return reply.code(201).send(await orProblem(registryDesk.putModel(request.body)));
    },
  );

  api.get(
    '/api/v1/words',
    {
      config: { access: 'registry.read', whileLocked: true },
      schema: {
        summary: 'Words that device models bring along, for screens',
        tags: ['registry'],
        response: { 200: ModelWords, default: Problem },
      },
    },
    async () => modelWords(registry.models()),
  );

  api.put(
    '/api/v1/organisations/:id',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write an organisation',
        tags: ['registry'],
        params: ById,
        body: OrganisationBody,
        response: { 200: Organisation, default: Problem },
      },
    },
    async (request) => {
      needAll(callerOf(request).scope);
      const { id } = request.params;
      const demo = registry.organisation(id)?.demo ?? false;
      return orProblem(registryDesk.putOrganisation({ id, demo, ...request.body }));
    },
  );

  api.put(
    '/api/v1/venues/:id',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write a venue',
        tags: ['registry'],
        params: ById,
        body: VenueBody,
        response: { 200: Venue, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { scope } = callerOf(request);
      if (scope.venues !== 'all') {
        venueInScope(registry, scope, id);
        organisationInScope(registry, scope, request.body.organisationId);
      }
      return orProblem(registryDesk.putVenue({ id, ...request.body }));
    },
  );

  api.get(
    '/api/v1/areas',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Areas in scope; a tree by parentId',
        tags: ['registry'],
        querystring: ByVenue,
        response: { 200: page(Type.Ref('Area')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      return pageById(registry.areas(scopeOf(callerOf(request).scope, venueId)), limit, cursor);
    },
  );

  api.put(
    '/api/v1/areas/:id',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write an area',
        tags: ['registry'],
        params: ById,
        body: AreaBody,
        response: { 200: Area, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      venueInScope(registry, scope, request.body.venueId);
      const before = registry.area(request.params.id);
      if (before !== undefined) venueInScope(registry, scope, before.venueId);
      return orProblem(registryDesk.putArea({ id: request.params.id, ...request.body }));
    },
  );

  api.get(
    '/api/v1/circuits',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Circuits in scope, with rating, cable and whether they are protected',
        tags: ['registry'],
        querystring: Type.Object({ deviceId: Type.Optional(Type.String({ maxLength: 64 })), ...ByVenue.properties }),
        response: { 200: page(Type.Ref('Circuit')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, deviceId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = registry
        .circuits(scopeOf(callerOf(request).scope, venueId))
        .filter((circuit) => deviceId === undefined || circuit.deviceId === deviceId);
      return pageBy((circuit) => `${circuit.deviceId}/${circuit.prefix}`, found, limit, cursor);
    },
  );

  api.put(
    '/api/v1/circuits/:deviceId/:prefix',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write a circuit',
        tags: ['registry'],
        params: Type.Object({ deviceId: Type.String({ maxLength: 64 }), prefix: Type.String({ maxLength: 64 }) }),
        body: CircuitBody,
        response: { 200: Circuit, default: Problem },
      },
    },
    async (request) => {
      const { deviceId, prefix } = request.params;
      deviceInScope(registry, callerOf(request).scope, deviceId);
      return orProblem(registryDesk.putCircuit({ deviceId, prefix, ...request.body }));
    },
  );

  api.get(
    '/api/v1/contacts',
    {
      config: { access: 'contact.read', audit: 'read' },
      schema: {
        summary: 'People to call, of the venues in scope',
        tags: ['registry'],
        querystring: ByVenue,
        response: { 200: page(Type.Ref('Contact')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      return pageById(registry.contacts(scopeOf(callerOf(request).scope, venueId)), limit, cursor);
    },
  );

  api.get(
    '/api/v1/devices/:id/history',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Life of a device and of those that stood in its place before it, newest first',
        tags: ['registry'],
        params: ById,
        response: {
          200: Type.Object({
            place: Type.Array(Type.String(), { description: 'device ids that stood in this place, newest first' }),
            items: Type.Array(DeviceHistoryEntry),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const device = deviceInScope(registry, scope, request.params.id);
      const place = registry.placeOf(device.id).filter((id) => isInScope(scope, registry.device(id)?.venueId ?? ''));
      return { place: [...place], items: await listDeviceHistory(store, place) };
    },
  );

  api.get(
    '/api/v1/blind-spots',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Detectors that cannot raise an alarm, with every reason',
        tags: ['registry'],
        querystring: ByVenue,
        response: { 200: page(Type.Ref('BlindSpot')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = blindSpots(situation, scopeOf(callerOf(request).scope, venueId), clock.now());
      return pageBy(({ deviceId }) => deviceId, found, limit, cursor);
    },
  );

  api.get(
    '/api/v1/coverage',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'How well each venue and area is watched',
        tags: ['registry'],
        querystring: ByVenue,
        response: { 200: page(Type.Ref('Coverage')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = coverage(situation, scopeOf(callerOf(request).scope, venueId));
      return pageBy((covered) => covered.venueId, found, limit, cursor);
    },
  );
}
