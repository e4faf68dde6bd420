import {
  CaptureSamples,
  CaptureSummary,
  EpochMs,
  Overview,
  page,
  sensorFamilies,
  venueLifeOf,
} from '@fengsui/protocol';
import { Type } from 'typebox';
import { findCapture, listCaptures, readSamples, summaryOf } from '../../record/captures.ts';
import { readSeries } from '../../record/series.ts';
import { lifeOf } from '../../registry/device-life.ts';
import { unknownFamily } from '../../registry/device-model.ts';
import { isInScope, type Scope } from '../../access/scope.ts';
import { blindSpots } from '../../situation/blind-spots.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseInstant } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_MAX_POINTS = 500;
const LONGEST_SERIES_MS = 3_660 * 24 * HOUR_MS;

export function telemetryRoutes(api: Api, context: ApiContext): void {
  const { store, situation, clock } = context;

  api.get(
    '/api/v1/series',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Values of a point over time, as a min/max envelope when there are more than maxPoints',
        tags: ['telemetry'],
        querystring: Type.Object({
          point: Type.String({ maxLength: 160, description: '{deviceId}/{pointId}' }),
          from: Type.Optional(
            Type.String({ description: 'ISO 8601 with offset or epoch ms; default one hour before `to`' }),
          ),
          to: Type.Optional(Type.String({ description: 'exclusive; default now' })),
          ofPlace: Type.Optional(
            Type.Boolean({
              description: 'also of the devices that stood in the same place before, or stand there since',
            }),
          ),
          maxPoints: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 10_000, description: `default ${DEFAULT_MAX_POINTS}` }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Tuple([EpochMs, Type.Number(), Type.Number(), Type.Number()]), {
              description: '[at, min, max, last]; at = start of the bucket; gaps have no row',
            }),
            downsampled: Type.Integer({ minimum: 1, description: 'samples per row; 1 = raw' }),
            resolutionMs: Type.Integer({
              minimum: 0,
              description: 'time one row stands for; 0 = samples as they came',
            }),
            source: Type.Enum(['raw', 'minute', 'quarter', 'day'], {
              description: 'raw samples, or roll-ups of a minute, a quarter of an hour, a day of the site',
            }),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { point, maxPoints = DEFAULT_MAX_POINTS, ofPlace = false } = request.query;
      const to = request.query.to === undefined ? clock.now() : parseInstant('to', request.query.to);
      const from = request.query.from === undefined ? to - HOUR_MS : parseInstant('from', request.query.from);
      if (from >= to || to - from > LONGEST_SERIES_MS) {
        throw new ApiError(400, 'invalidRange', `from ${from} to ${to}: expected from < to and at most 3660 days`);
      }
      const slash = point.indexOf('/');
      if (slash < 1)
        throw new ApiError(400, 'invalidParameter', `point is ${JSON.stringify(point)}, expected {deviceId}/{pointId}`);
      const query = { deviceId: point.slice(0, slash), pointId: point.slice(slash + 1), from, to, maxPoints, ofPlace };
      const series = await readSeries(callerOf(request).scope, store, situation.registry, query);
      if (series === undefined) throw notFound(`point ${point}`);
      return { ...series, items: series.items.map((row): [number, number, number, number] => [...row]) };
    },
  );

  api.get(
    '/api/v1/captures',
    {
      config: { access: 'capture.read' },
      schema: {
        summary: 'Captures, newest first',
        tags: ['captures'],
        querystring: Type.Object({
          deviceId: Type.Optional(Type.String({ maxLength: 64 })),
          venueId: Type.Optional(Type.String({ maxLength: 128 })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('CaptureSummary')), default: Problem },
      },
    },
    async (request) => {
      const { deviceId, venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const before =
        cursor === undefined ? undefined : (decodeCursor(cursor, ['number', 'string']) as [number, string]);
      const found = await listCaptures(callerOf(request).scope, store, {
        ...(deviceId !== undefined && { deviceId }),
        ...(venueId !== undefined && { venueId }),
        ...(before !== undefined && { before }),
        limit: limit + 1,
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { items, ...(hasMore && { nextCursor: encodeCursor([Date.parse(last.receivedAt), last.id]) }) };
    },
  );

  const CaptureId = Type.Object({ id: Type.String({ maxLength: 130, description: '{deviceId}:{captureId}' }) });

  api.get(
    '/api/v1/captures/:id',
    {
      config: { access: 'capture.read' },
      schema: {
        summary: 'One capture',
        tags: ['captures'],
        params: CaptureId,
        response: { 200: CaptureSummary, default: Problem },
      },
    },
    async (request) => {
      const capture = await findCapture(callerOf(request).scope, store, request.params.id);
      if (capture === undefined) throw notFound(`capture ${request.params.id}`);
      return summaryOf(capture);
    },
  );

  api.get(
    '/api/v1/captures/:id/samples',
    {
      config: { access: 'capture.read', audit: 'read' },
      schema: {
        summary: 'The samples of a capture, channel by channel, in the unit of the channel',
        tags: ['captures'],
        params: CaptureId,
        response: { 200: CaptureSamples, default: Problem },
      },
    },
    async (request) => {
      const samples = await readSamples(callerOf(request).scope, store, request.params.id);
      if (samples === undefined) throw notFound(`samples of capture ${request.params.id}`);
      return samples;
    },
  );

  api.get(
    '/api/v1/overview',
    {
      config: { access: 'overview.read' },
      schema: {
        summary: 'The city in numbers, for the wall',
        tags: ['overview'],
        response: { 200: Overview, default: Problem },
      },
    },
    async (request) => overview(callerOf(request).scope, context),
  );
}

function overview(scope: Scope, { situation, energyToday, clock, reportsPerSecond }: ApiContext): Overview {
  const { registry } = situation;
  const alarming = new Set(situation.alarms(scope).map(({ deviceId }) => deviceId));
  const devices = registry.devices(scope);
  let newestReportAt: number | undefined;
  type Counts = Overview['families'][number];
  const nothing = (family: string): Counts => ({ family, deviceCount: 0, onlineCount: 0, alarmingCount: 0 });
  const families = new Map<string, Counts>(sensorFamilies.map((family) => [family, nothing(family)]));
  for (const device of devices) {
    const life = lifeOf(device);
    // Not on the wall: it stands in a store room, or stands no more.
    if (life !== 'active' && life !== 'maintenance') continue;
    const family = registry.model(device.model)?.family ?? unknownFamily;
    const counts = families.get(family) ?? nothing(family);
    families.set(family, counts);
    counts.deviceCount++;
    if (situation.deviceStates.get(device.id)?.online === true) counts.onlineCount++;
    if (alarming.has(device.id)) counts.alarmingCount++;
    const heardAt = situation.lastReceivedAt.get(device.id);
    if (heardAt !== undefined && heardAt > (newestReportAt ?? 0)) newestReportAt = heardAt;
  }
  const simulated = devices.filter(({ origin }) => origin === 'simulated').length;
  const energy = energyToday.total((venueId) => isInScope(scope, venueId));
  return {
    at: clock.now(),
    origin: simulated === 0 ? 'live' : simulated === devices.length ? 'simulated' : 'mixed',
    venueCount: registry.venues(scope).length,
    families: [...families.values()].filter(({ family, deviceCount }) => family !== 'other' || deviceCount > 0),
    ...(newestReportAt !== undefined && { newestReportAt }),
    // A venue that is not live is a number of its own: its detectors are no fault yet.
    blindSpotCount: blindSpots(situation, scope).filter(({ reasons }) => !reasons.includes('venueNotLive')).length,
    notLiveVenueCount: registry.venues(scope).filter((venue) => venueLifeOf(venue) !== 'live').length,
    // Counted at the doors, where no scope is: how busy others are is nobody else's business.
    ...(scope.venues === 'all' && { reportsPerSecond: reportsPerSecond() }),
    ...(energy.circuitCount > 0 && { energyTodayKwh: energy.kwh }),
    energyCircuitCount: energy.circuitCount,
  };
}
