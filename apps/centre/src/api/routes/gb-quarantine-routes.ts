import { decodeGbFrame } from '@fengsui/protocol';
import { Type } from 'typebox';
import { tellsFire } from '../../intake/gb26875/tells-fire.ts';
import type { Lane, NewEntry, ReportMeta } from '../../journal/entry.ts';
import { quarantinedGbFrames } from '../../record/gb-quarantine.ts';
import { isReadableUnit } from '../../situation/gb26875/apply-gb-frame.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { recordGbOrder } from '../gb-order.ts';
import { deviceInScope } from '../in-scope.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const APPLIED_WITHIN_MS = 20_000;

/** Frames that nobody could read, read again after the profile of their make was written or changed. */
export function gbQuarantineRoutes(api: Api, context: ApiContext): void {
  const { situation, store, journal, worker } = context;
  const { registry } = situation;

  api.post(
    '/api/v1/devices/:id/gb/quarantine/replay',
    {
      config: { access: 'gb.control' },
      schema: {
        summary: 'Read the quarantined frames of a transmission device again, by its profile of now',
        description:
          'What can be read counts at the time it came and leaves the quarantine; it changes no newer state. ' +
          'A fire in it that is over by now is told as late. What cannot be read stays.',
        tags: ['gb26875'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        headers: IdempotencyKey,
        response: {
          200: Type.Object({
            readCount: Type.Integer({ description: 'frames that were applied' }),
            leftCount: Type.Integer({ description: 'frames that still nobody can read' }),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const device = deviceInScope(registry, callerOf(request).scope, request.params.id);
      if (device.gb === undefined)
        throw new ApiError(422, 'notGbDevice', `device ${device.id} has no address of GB/T 26875.3`);
      const profile = situation.gb.profileOf(device);
      const waiting = await quarantinedGbFrames(store, device.id);
      const entries: Record<Lane, NewEntry[]> = { alarm: [], bulk: [] };
      for (const { receivedAt, bytes, order } of waiting) {
        const decoded = decodeGbFrame(bytes, profile);
        if (decoded.kind === 'discarded' || !isReadableUnit(decoded.frame.unit)) continue;
        const { id: deviceId, venueId, origin } = device;
        const gb = { kind: 'frame', order, replayOf: receivedAt } as const;
        const meta: ReportMeta = { deviceId, venueId, origin, receivedAt, channel: 'gb26875', live: false, gb };
        const entry = {
          kind: 'report',
          partition: registry.partitionOf(venueId),
          appendedAt: context.clock.now(),
          meta,
          payload: bytes,
        } as const;
        entries[tellsFire(decoded.frame.unit, profile) ? 'alarm' : 'bulk'].push(entry);
      }
      const readCount = entries.alarm.length + entries.bulk.length;
      if (readCount > 0) {
        await recordGbOrder(context, request, device, { kind: 'gbReplay', deviceId: device.id, frames: readCount });
        for (const lane of ['alarm', 'bulk'] as const) {
          if (entries[lane].length === 0) continue;
          const last = (await journal.append(lane, entries[lane])).at(-1) ?? 0;
          await worker.reached(lane, last, APPLIED_WITHIN_MS);
        }
      }
      return { readCount, leftCount: waiting.length - readCount };
    },
  );
}
