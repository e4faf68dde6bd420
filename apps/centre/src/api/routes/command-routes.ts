import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  CommandKey,
  commandLifetimeMs,
  commandNames,
  DeviceCommand,
  oneOf,
  page,
  readOrder,
} from '@fengsui/protocol';
import { Type } from 'typebox';
import { findCommand, listCommands } from '../../record/commands.ts';
import type { CommandAct, CommandActMeta } from '../../situation/operator-act.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { deviceInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const DeviceId = Type.Object({ id: Type.String({ maxLength: 64 }) });
const SENT_TIMEOUT_MS = 5_000;

/** Orders to devices: docs/reference/commands.md. */
export function commandRoutes(api: Api, context: ApiContext): void {
  const { store, situation, clock, commands, worker } = context;

  api.post(
    '/api/v1/devices/:id/commands',
    {
      config: { access: 'device.command' },
      schema: {
        summary: 'Order a device to do something; it is signed, sent at once and never queued',
        tags: ['commands'],
        params: DeviceId,
        headers: IdempotencyKey,
        body: Type.Object({
          name: oneOf(commandNames),
          args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          reason: Type.String({ maxLength: 500, pattern: '\\S', description: 'why; it stays on record' }),
        }),
        response: { 202: DeviceCommand, default: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const device = deviceInScope(situation.registry, caller.scope, request.params.id);
      const { name, args = {}, reason } = request.body;
      if (name === 'configure' && !caller.permissions.has('device.configure')) {
        throw new ApiError(403, 'forbidden', `role ${caller.role} has no permission device.configure`);
      }
      if (name === 'calibrate') {
        throw new ApiError(
          403,
          'centreOnly',
          'a calibration is recorded first: POST /api/v1/devices/{id}/calibrations; the centre sends it',
        );
      }
      if (name === 'update' || name === 'updateRollBack')
        throw new ApiError(403, 'centreOnly', 'a release is rolled out: POST /api/v1/rollouts; the centre sends it');
      const order = readOrder(name, args);
      if ('problem' in order) throw new ApiError(400, 'invalidParameter', order.problem);
      const given: CommandAct = { kind: 'command', deviceId: device.id, name, args, reason };
      const act = JSON.parse(storableJson(given)) as CommandAct;
      const at = clock.now();
      const meta: CommandActMeta = {
        actId: requestIdOf(request) ?? randomUUID(),
        venueId: device.venueId,
        by: caller.username,
        at,
        act,
        expiresAt: at + commandLifetimeMs,
        isReachable: commands.isReachable(device.id),
      };
      const wanted = canonicalJson(act);
      const outcome = await awaitAct(context, meta, (stored) => canonicalJson(stored) === wanted);
      if (outcome.kind !== 'commanded') throw new Error(`act ${meta.actId} on a device ended as ${outcome.kind}`);
      const sequence = await commands.dispatch(outcome.command);
      // The answer shows what became of it; if that takes long, it shows what is known.
      if (sequence !== undefined)
        await worker.reached('alarm', sequence, SENT_TIMEOUT_MS, 'here').catch(() => undefined);
      const now = (await findCommand(caller.scope, store, device.id, outcome.command.id)) ?? outcome.command;
      if (now.state === 'failed' && now.code === 'deviceOffline') {
        throw new ApiError(409, 'deviceOffline', now.detail ?? 'the device is not connected');
      }
      return reply.code(202).send(now);
    },
  );

  api.get(
    '/api/v1/devices/:id/commands',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Commands of a device with what became of them, newest first',
        tags: ['commands'],
        params: DeviceId,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('DeviceCommand')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id: deviceId } = deviceInScope(situation.registry, scope, request.params.id);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const position = cursor === undefined ? undefined : decodeCursor(cursor, ['number', 'string']);
      const found = await listCommands(scope, store, {
        deviceId,
        limit: limit + 1,
        ...(position !== undefined && { before: { requestedAt: position[0] as number, id: position[1] as string } }),
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { items, ...(hasMore && { nextCursor: encodeCursor([Date.parse(last.requestedAt), last.id]) }) };
    },
  );

  api.get(
    '/api/v1/devices/:id/commands/:commandId',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'One command',
        tags: ['commands'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }), commandId: Type.String({ maxLength: 64 }) }),
        response: { 200: DeviceCommand, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id, commandId } = request.params;
      const found = await findCommand(scope, store, deviceInScope(situation.registry, scope, id).id, commandId);
      if (found === undefined) throw notFound(`command ${commandId} of ${id}`);
      return found;
    },
  );

  api.get(
    '/api/v1/command-keys',
    {
      config: { access: 'loggedIn' },
      schema: {
        summary: 'Public keys of this centre, to be pinned by devices',
        tags: ['commands'],
        response: { 200: page(CommandKey), default: Problem },
      },
    },
    async () => ({ items: [...commands.publicKeys] }),
  );
}
