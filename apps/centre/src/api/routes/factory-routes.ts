import { Batch, Device, NewCalibration, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { placeDevice, recordCalibration } from '../../factory/factory-desk.ts';
import { batchDevices, calibrationViews, endOfLineView, listBatches } from '../../factory/factory-views.ts';
import { calibrationsOf, endOfLineOf, newestCalibrating } from '../../factory/read-factory.ts';
import { createClaims } from '../../intake/device-credential.ts';
import type { isInScope } from '../../access/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageBy } from '../cursor.ts';
import { deviceInScope, venueInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';
import { batchImportRoutes } from './batch-import-routes.ts';
import { deviceView } from './registry-routes.ts';

const MOST_CODES = 10_000;
const strict = { additionalProperties: false } as const;
const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** Factory batches: what came off the line, how it was tested and calibrated, and its way to a venue. */
export function factoryRoutes(api: Api, context: ApiContext): void {
  const { situation, store, registryDesk, clock } = context;
  const { registry } = situation;
  batchImportRoutes(api, context);

  api.get(
    '/api/v1/factory/batches',
    {
      config: { access: 'factory.read' },
      schema: {
        summary: 'Factory batches with how far their devices have come, newest first',
        tags: ['factory'],
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('Batch')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      return pageBy(
        ({ producedAt, id }) => sortable(producedAt, id),
        listBatches(callerOf(request).scope, situation, clock.now()),
        limit,
        cursor,
      );
    },
  );

  api.get(
    '/api/v1/factory/batches/:id',
    {
      config: { access: 'factory.read' },
      schema: {
        summary: 'One factory batch',
        tags: ['factory'],
        params: ById,
        response: { 200: Batch, default: Problem },
      },
    },
    async (request) => batchInScope(callerOf(request).scope, request.params.id),
  );

  api.get(
    '/api/v1/factory/batches/:id/devices',
    {
      config: { access: 'factory.read' },
      schema: {
        summary: 'Devices of a batch with their newest result, by serial',
        tags: ['factory'],
        params: ById,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('BatchDevice')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const { id } = batchInScope(scope, request.params.id);
      return pageBy(({ serial }) => serial, batchDevices(scope, situation, id, clock.now()), limit, cursor);
    },
  );

  api.post(
    '/api/v1/factory/batches/:id/claims',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'New claim codes for the devices of a batch that passed and are not installed yet; shown this once',
        description:
          'As a file for a label printer. Labels as a PDF: POST /api/v1/labels with deviceIds. The codes of before end.',
        tags: ['factory'],
        params: ById,
        body: Type.Object(
          { deviceIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: MOST_CODES })) },
          strict,
        ),
        response: {
          201: Type.Object({
            batchId: Type.String(),
            items: Type.Array(
              Type.Object({
                deviceId: Type.String(),
                serial: Type.String(),
                claimCode: Type.String(),
                expiresAt: Type.String(),
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { id } = batchInScope(scope, request.params.id);
      const { deviceIds } = request.body;
      const devices = batchDevices(scope, situation, id, clock.now());
      const stranger = deviceIds?.find((wanted) => !devices.some(({ deviceId }) => deviceId === wanted));
      if (stranger !== undefined) throw notFound(`device ${stranger} of batch ${id}`);
      const chosen = devices
        .filter(({ deviceId }) => deviceIds?.includes(deviceId) ?? true)
        .filter(({ result, life }) => result === 'pass' && life === 'inStock');
      if (chosen.length > MOST_CODES)
        throw new ApiError(
          422,
          'tooManyLabels',
          `${chosen.length} devices: expected at most ${MOST_CODES}; name devices`,
        );
      const ids = chosen.map(({ deviceId }) => deviceId);
      const serials = new Map(chosen.map(({ deviceId, serial }) => [deviceId, serial]));
      const claims = ids.length === 0 ? [] : await orProblem(createClaims(registryDesk, ids, username));
      const items = claims.map(({ deviceId, claimCode, expiresAt }) => {
        return {
          deviceId,
          serial: serials.get(deviceId) ?? deviceId,
          claimCode,
          expiresAt: new Date(expiresAt).toISOString(),
        };
      });
      return reply.code(201).header('cache-control', 'no-store').send({ batchId: id, items });
    },
  );

  api.get(
    '/api/v1/devices/:id/end-of-line',
    {
      config: { access: 'factory.read' },
      schema: {
        summary: 'Every result of a device at the end of the line, newest first',
        tags: ['factory'],
        params: ById,
        response: { 200: page(Type.Ref('EndOfLineRecord')), default: Problem },
      },
    },
    async (request) => {
      const device = deviceInScope(registry, callerOf(request).scope, request.params.id);
      return { items: (await endOfLineOf(store, device.id)).map(endOfLineView) };
    },
  );

  api.get(
    '/api/v1/devices/:id/calibrations',
    {
      config: { access: 'factory.read' },
      schema: {
        summary: 'Every calibration of a device, newest first, and whether it uses the newest',
        tags: ['factory'],
        params: ById,
        response: { 200: page(Type.Ref('CalibrationRecord')), default: Problem },
      },
    },
    async (request) => calibrationsPage(deviceInScope(registry, callerOf(request).scope, request.params.id).id),
  );

  api.post(
    '/api/v1/devices/:id/calibrations',
    {
      config: { access: 'device.calibrate' },
      schema: {
        summary: 'Record a calibration of a device; the centre brings it there',
        description: 'The next version; those before stay on record. The same content again is the one on record.',
        tags: ['factory'],
        params: ById,
        body: NewCalibration,
        response: { 201: Type.Ref('CalibrationRecord'), default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const device = deviceInScope(registry, scope, request.params.id);
      const { id } = await orProblem(recordCalibration(registryDesk, device.id, request.body, username));
      const { items } = await calibrationsPage(device.id);
      return reply.code(201).send(items.find((calibration) => calibration.id === id));
    },
  );

  api.put(
    '/api/v1/devices/:id/place',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Install a device of the stock at a venue',
        tags: ['factory'],
        params: ById,
        body: Type.Object(
          {
            venueId: Type.String({ minLength: 1, maxLength: 64 }),
            areaId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
            area: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
          },
          strict,
        ),
        response: { 200: Device, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const device = deviceInScope(registry, scope, request.params.id);
      venueInScope(registry, scope, request.body.venueId);
      return deviceView(situation, await orProblem(placeDevice(registryDesk, device.id, request.body, username)));
    },
  );

  function batchInScope(scope: Parameters<typeof isInScope>[0], id: string): Batch {
    const found = listBatches(scope, situation, clock.now()).find((batch) => batch.id === id);
    if (found === undefined) throw notFound(`batch ${id}`);
    return found;
  }

  async function calibrationsPage(deviceId: string) {
    const [kept, carried] = await Promise.all([calibrationsOf(store, deviceId), newestCalibrating(store, deviceId)]);
    return { items: calibrationViews(kept, carried, situation.deviceStates.get(deviceId)?.calibration) };
  }
}

/** Newest first by a key that rises. */
const sortable = (producedAt: string, id: string): string =>
  `${(Number.MAX_SAFE_INTEGER - Date.parse(producedAt)).toString().padStart(16, '0')}/${id}`;
