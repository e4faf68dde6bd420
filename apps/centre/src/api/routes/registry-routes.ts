import { Device, page, type Point, Venue } from '@fengsui/protocol';
import { Type } from 'typebox';
import { lifeOf } from '../../registry/device-life.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import { isInScope, narrow } from '../../registry/scope.ts';
import type { Situation } from '../../situation/situation.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 128 }) });

export function registryRoutes(api: Api, { situation }: ApiContext): void {
  const { registry } = situation;

  api.get(
    '/api/v1/organisations',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Organisations of the venues in scope',
        tags: ['registry'],
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('Organisation')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      return pageById(registry.organisations(callerOf(request).scope), limit, cursor);
    },
  );

  api.get(
    '/api/v1/venues',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Venues in scope',
        tags: ['registry'],
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('Venue')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      return pageById(registry.venues(callerOf(request).scope), limit, cursor);
    },
  );

  api.get(
    '/api/v1/venues/:id',
    {
      config: { access: 'registry.read' },
      schema: { summary: 'One venue', tags: ['registry'], params: ById, response: { 200: Venue, default: Problem } },
    },
    async (request) => {
      const venue = registry.venue(request.params.id);
      if (venue === undefined || !isInScope(callerOf(request).scope, venue.id))
        throw notFound(`venue ${request.params.id}`);
      return venue;
    },
  );

  api.get(
    '/api/v1/devices',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Devices in scope',
        tags: ['registry'],
        querystring: Type.Object({
          venueId: Type.Optional(Type.String({ maxLength: 128 })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('Device')), default: Problem },
      },
    },
    async (request) => {
      const { venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const scope = narrow(callerOf(request).scope, venueId === undefined ? undefined : [venueId]);
      const found = pageById(registry.devices(scope), limit, cursor);
      return { ...found, items: found.items.map((device) => deviceView(situation, device)) };
    },
  );

  const findDevice = (scope: Parameters<typeof isInScope>[0], id: string): DeviceRecord => {
    const device = registry.device(id);
    if (device === undefined || !isInScope(scope, device.venueId)) throw notFound(`device ${id}`);
    return device;
  };

  api.get(
    '/api/v1/devices/:id',
    {
      config: { access: 'registry.read' },
      schema: { summary: 'One device', tags: ['registry'], params: ById, response: { 200: Device, default: Problem } },
    },
    async (request) => deviceView(situation, findDevice(callerOf(request).scope, request.params.id)),
  );

  api.get(
    '/api/v1/devices/:id/points',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Points of a device with their newest values and limits',
        tags: ['telemetry'],
        params: ById,
        response: { 200: page(Type.Ref('Point')), default: Problem },
      },
    },
    async (request) => {
      const device = findDevice(callerOf(request).scope, request.params.id);
      return { items: pointViews(situation, device) };
    },
  );
}

export function deviceView(situation: Situation, device: DeviceRecord): Device {
  const {
    secretSha256: _secret,
    oldSecret: _old,
    claim: _claim,
    revokedAt: _revoked,
    testedAt,
    testFailedAt: _failed,
    gb,
    life: _life,
    ...shown
  } = device;
  const state = situation.deviceStates.get(device.id);
  const lastReportAt = situation.lastReceivedAt.get(device.id);
  return {
    ...shown,
    family: situation.registry.model(device.model)?.family ?? 'other',
    online: state?.online ?? false,
    life: lifeOf(device),
    ...(testedAt !== undefined && { testedAt: new Date(testedAt).toISOString() }),
    ...(gb !== undefined && { gbAddress: gb.address }),
    ...(lastReportAt !== undefined && { lastReportAt: new Date(lastReportAt).toISOString() }),
    ...(state?.firmware !== undefined && { firmware: state.firmware }),
    ...(state?.clockSuspect === true && { clockSuspect: true }),
    ...(state?.silentSince !== undefined && { silent: true }),
    ...(situation.isIdentitySuspect(device.id) && { identitySuspect: true }),
  };
}

function pointViews(situation: Situation, device: DeviceRecord): Point[] {
  const model = situation.registry.model(device.model);
  return (model?.points ?? []).map((point) => {
    const last = situation.values.get(device.id, point.id);
    const limits = situation.limits.rulesOf(device.model, point.id);
    return {
      ...point,
      ...(last !== undefined && { value: last.value, at: last.at }),
      limits: limits.map(({ kind, level, direction, threshold }) => ({ kind, level, direction, threshold })),
    };
  });
}
