import {
  GbTransactionRecord,
  GbDutyCheckRecord,
  gbFrameFromJson,
  gbFrameToJson,
  gbUnitType,
  page,
  type GbUnit,
} from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { GbRequest } from '../../intake/gb26875/transactions.ts';
import { onDutyCheck, syncClock } from '../../intake/gb26875/link-care.ts';
import { listDutyChecks } from '../../record/gb-duty-checks.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { GbOrder } from '../../situation/gb26875/gb-act.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { recordGbOrder } from '../gb-order.ts';
import { dutyCheckView, frameView, partView } from '../gb-views.ts';
import { deviceInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Byte = Type.Integer({ minimum: 0, maximum: 255 });
const DEFAULT_DUTY_MIN = 10;
const ZEROS = '000000000000';

/** Transmission devices 用户信息传输装置: what stands behind them, and what is asked of them. */
export function gbRoutes(api: Api, context: ApiContext): void {
  const { situation, store } = context;

  const deviceOf = (request: FastifyRequest, id: string): DeviceRecord =>
    deviceInScope(situation.registry, callerOf(request).scope, id);

  const orderable = (request: FastifyRequest, id: string): DeviceRecord => {
    const device = deviceOf(request, id);
    if (device.gb === undefined)
      throw new ApiError(422, 'notGbDevice', `device ${id} has no address of GB/T 26875.3; register it with one`);
    if (!context.gb.isConnected(id)) throw new ApiError(409, 'deviceNotConnected', `device ${id} is not connected`);
    if (context.gb.isListening(id))
      throw new ApiError(
        409,
        'relayListening',
        `device ${id} hears another centre through a relay; switch the relay to answering first`,
      );
    return device;
  };

  api.get(
    '/api/v1/devices/:id/parts',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Components and systems behind a transmission device, with state and newest values',
        tags: ['gb26875'],
        params: ById,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('GbPart')), default: Problem },
      },
    },
    async (request) => {
      const device = deviceOf(request, request.params.id);
      const profile = situation.gb.profileOf(device);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const parts = situation.gb.parts(device.id).map((part) => ({ id: part.point, part }));
      const found = pageById(parts, limit, cursor);
      return { ...found, items: found.items.map(({ part }) => partView(part, profile)) };
    },
  );

  api.get(
    '/api/v1/devices/:id/gb/frames',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'The newest frames of a transmission device, newest first; at most 20, since the centre started',
        tags: ['gb26875'],
        params: ById,
        response: { 200: page(Type.Ref('GbFrameSeen')), default: Problem },
      },
    },
    async (request) => {
      const device = deviceOf(request, request.params.id);
      const profile = situation.gb.profileOf(device);
      return { items: situation.gb.frames.of(device.id).map((frame) => frameView(frame, profile)) };
    },
  );

  api.get(
    '/api/v1/devices/:id/gb/on-duty-checks',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'On-duty checks 查岗 of a device, newest first; the last 100',
        tags: ['gb26875'],
        params: ById,
        response: { 200: page(Type.Ref('GbDutyCheck')), default: Problem },
      },
    },
    async (request) => {
      const { id } = deviceOf(request, request.params.id);
      const checks = await listDutyChecks(callerOf(request).scope, store, id);
      return { items: checks.map(dutyCheckView) };
    },
  );

  const write = (access: 'gb.read' | 'gb.control' | 'gb.dutyCheck', summary: string) => ({
    config: { access },
    schema: { summary, tags: ['gb26875'], params: ById, headers: IdempotencyKey },
  });

  const read = write('gb.read', 'Query a transmission device (types 61–88) and wait for its response');
  api.post(
    '/api/v1/devices/:id/gb/read',
    {
      ...read,
      schema: {
        ...read.schema,
        body: Type.Object({
          type: Type.Integer({ minimum: 61, maximum: 88 }),
          systemType: Type.Optional(Byte),
          systemAddress: Type.Optional(Byte),
          partAddress: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{8}$' })),
          recordCount: Type.Optional(Type.Integer({ minimum: 1, maximum: 102 })),
          fromAt: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601 with offset' })),
        }),
        response: { 200: GbTransactionRecord, default: Problem },
      },
    },
    async (request) => {
      const device = orderable(request, request.params.id);
      const { type, ...object } = request.body;
      const unit = unitOf(type, object);
      return transact(request, device, { kind: 'gbRead', deviceId: device.id, type }, (actId) => ({
        command: 4,
        unit,
        actId,
      }));
    },
  );

  const sync = write('gb.control', "Set the device's clock (type 90) and wait for its confirm");
  api.post(
    '/api/v1/devices/:id/gb/sync-clock',
    { ...sync, schema: { ...sync.schema, response: { 200: GbTransactionRecord, default: Problem } } },
    async (request) => {
      const device = orderable(request, request.params.id);
      const order = { kind: 'gbSyncClock', deviceId: device.id } as const;
      return transact(request, device, order, (actId) => ({ ...syncClock, actId }));
    },
  );

  const duty = write('gb.dutyCheck', 'On-duty check 查岗: ask the person at the device to answer in time (type 91)');
  api.post(
    '/api/v1/devices/:id/gb/on-duty-check',
    {
      ...duty,
      schema: {
        ...duty.schema,
        body: Type.Optional(
          Type.Union([
            Type.Object({
              withinMin: Type.Optional(
                Type.Integer({ minimum: 1, maximum: 60, description: `default ${DEFAULT_DUTY_MIN}` }),
              ),
            }),
            Type.Null(),
          ]),
        ),
        response: { 200: GbDutyCheckRecord, default: Problem },
      },
    },
    async (request) => {
      const device = orderable(request, request.params.id);
      const withinMin = request.body?.withinMin ?? DEFAULT_DUTY_MIN;
      const order = { kind: 'gbDutyCheck', deviceId: device.id, withinMin } as const;
      const { outcome, isFirst, actId } = await recordGbOrder(context, request, device, order);
      if (outcome.check === undefined) throw new Error(`on-duty check ${actId} ended without one`);
      // The answer is not waited for: it comes when the person comes. Whether it arrived is seen in the list.
      if (isFirst) void context.gb.ask(device.id, onDutyCheck(withinMin, actId));
      return dutyCheckView(outcome.check);
    },
  );

  /** Recorded first, then sent: an order without a name in the record is never on the wire. */
  async function transact(
    request: FastifyRequest,
    device: DeviceRecord,
    order: GbOrder,
    requestOf: (actId: string) => GbRequest,
  ): Promise<GbTransactionRecord> {
    const { actId, isFirst } = await recordGbOrder(context, request, device, order);
    if (!isFirst)
      throw new ApiError(409, 'orderSentAlready', `order ${actId} was sent; its outcome is among the device's events`);
    const result = await context.gb.ask(device.id, requestOf(actId));
    if (result === undefined) throw new ApiError(409, 'deviceNotConnected', `device ${device.id} is not connected`);
    const { outcome, transmissions, startedAt, frame } = result;
    if (outcome !== 'confirmed' && outcome !== 'answered') {
      throw new ApiError(
        504,
        'transactionFailed',
        `device ${device.id}: ${outcome} after ${transmissions} transmissions`,
      );
    }
    const profile = situation.gb.profileOf(device);
    return {
      outcome,
      transmissions,
      tookMs: Math.max(0, context.clock.now() - startedAt),
      ...(frame !== undefined && { frame: gbFrameToJson(frame, profile) }),
    };
  }
}

/** The unit of a query; what its type needs and has not got is said with its name. */
function unitOf(type: number, object: Readonly<Record<string, unknown>>): GbUnit {
  if (gbUnitType(type)?.answerType === undefined)
    throw new ApiError(400, 'invalidParameter', `type is ${type}, expected 61 to 68, 81, 84 to 86 or 88`);
  const json = { serial: 0, source: ZEROS, destination: ZEROS, command: 4, type, objects: [object] };
  const read = gbFrameFromJson(json);
  if (read.kind === 'frame') return read.frame.unit;
  throw new ApiError(400, 'invalidParameter', read.problems.map(({ message }) => message).join('; '));
}
