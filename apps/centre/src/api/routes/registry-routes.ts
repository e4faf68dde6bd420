import { Device, deviceLifeStates, deviceListStates, oneOf, page, type Point, Venue } from '@fengsui/protocol';
import { Type } from 'typebox';
import { areaWords } from '../../registry/area-words.ts';
import { lifeOf } from '../../registry/device-life.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import { narrow } from '../../access/scope.ts';
import { findDevices } from '../../situation/device-list.ts';
import type { Situation } from '../../situation/situation.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { deviceInScope, venueInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseWords } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 128 }) });

const DeviceQuestion = Type.Object({
  venueId: Type.Optional(Type.String({ maxLength: 128 })),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'part of id, name, area or GB/T 26875.3 address' })),
  family: Type.Optional(Type.String({ maxLength: 40 })),
  life: Type.Optional(oneOf(deviceLifeStates)),
  state: Type.Optional(
    Type.String({ maxLength: 100, description: `all of these hold: ${deviceListStates.join(', ')}; by commas` }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, description: 'devices to leave out first; not with a cursor' })),
  limit: Limit,
  cursor: Cursor,
});
const DevicePage = Type.Object({
  ...page(Type.Ref('Device')).properties,
  total: Type.Integer({ description: 'devices that answer the question, on all pages' }),
});

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
      // Where an alarm is.
      config: { access: 'registry.read', whileLocked: true },
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
      // Where an alarm is.
      config: { access: 'registry.read', whileLocked: true },
      schema: { summary: 'One venue', tags: ['registry'], params: ById, response: { 200: Venue, default: Problem } },
    },
    async (request) => venueInScope(registry, callerOf(request).scope, request.params.id),
  );

  api.get(
    '/api/v1/devices',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'Devices in scope, by id',
        description: '`state` needs the permission alarm.read when it asks for faults.',
        tags: ['registry'],
        querystring: DeviceQuestion,
        response: { 200: DevicePage, default: Problem },
      },
    },
    async (request) => {
      const { venueId, q, family, life, state, offset = 0, limit = DEFAULT_LIMIT, cursor } = request.query;
      const { scope: whole, role, permissions } = callerOf(request);
      const scope = narrow(whole, venueId === undefined ? undefined : [venueId]);
      const states = state === undefined ? [] : parseWords('state', state, deviceListStates);
      if (states.includes('fault') && !permissions.has('alarm.read'))
        throw new ApiError(403, 'forbidden', `role ${role} has no permission alarm.read, which state=fault needs`);
      const devices = findDevices(situation, scope, {
        states,
        ...(q !== undefined && { text: q }),
        ...(family !== undefined && { family }),
        ...(life !== undefined && { life }),
      });
      const found = pageById(devices.slice(offset), limit, cursor);
      return { ...found, items: found.items.map((device) => deviceView(situation, device)), total: devices.length };
    },
  );

  api.get(
    '/api/v1/devices/:id',
    {
      // Where an alarm is.
      config: { access: 'registry.read', whileLocked: true },
      schema: { summary: 'One device', tags: ['registry'], params: ById, response: { 200: Device, default: Problem } },
    },
    async (request) => deviceView(situation, deviceInScope(registry, callerOf(request).scope, request.params.id)),
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
      const device = deviceInScope(registry, callerOf(request).scope, request.params.id);
      return { items: pointViews(situation, device) };
    },
  );
}

export function deviceView(situation: Situation, device: DeviceRecord): Device {
  const {
    secretSha256: _secret,
    oldSecret: _old,
    claim: _claim,
    revokedAt,
    testedAt,
    testFailedAt,
    gb,
    life: _life,
    ...shown
  } = device;
  const state = situation.deviceStates.get(device.id);
  const lastReportAt = situation.lastReceivedAt.get(device.id);
  const clockOffsetMs = situation.clockOffsets.get(device.id);
  const faults = situation.sensorFaultsOf(device);
  const area = device.area === undefined ? areaWords(situation.registry, device.areaId) : undefined;
  return {
    ...shown,
    ...area,
    family: situation.registry.model(device.model)?.family ?? 'other',
    online: state?.online ?? false,
    life: lifeOf(device),
    ...(testedAt !== undefined && { testedAt: new Date(testedAt).toISOString() }),
    ...(testFailedAt !== undefined && { testFailedAt: new Date(testFailedAt).toISOString() }),
    ...(revokedAt !== undefined && { revokedAt: new Date(revokedAt).toISOString() }),
    ...(gb !== undefined && { gbAddress: gb.address }),
    ...(lastReportAt !== undefined && { lastReportAt: new Date(lastReportAt).toISOString() }),
    ...(state?.firmware !== undefined && { firmware: state.firmware }),
    ...(state?.calibration !== undefined && { calibrationInUse: state.calibration }),
    ...(state?.clockSuspect === true && { clockSuspect: true }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    ...(state?.silentSince !== undefined && { silent: true }),
    ...(situation.isIdentitySuspect(device.id) && { identitySuspect: true }),
    ...(faults.length > 0 && {
      sensorFaults: faults.map(([, point, fault, since]) => ({ point, fault, since: new Date(since).toISOString() })),
    }),
  };
}

function pointViews(situation: Situation, device: DeviceRecord): Point[] {
  const model = situation.registry.model(device.model);
  return (model?.points ?? []).map((point) => {
    const last = situation.values.get(device.id, point.id);
    const limits = situation.limits.rulesOf(device.model, point.id, device.venueId);
    return {
      ...point,
      ...(last !== undefined && { value: last.value, at: last.at }),
      limits: limits.map(({ kind, level, direction, threshold }) => ({ kind, level, direction, threshold })),
    };
  });
}
