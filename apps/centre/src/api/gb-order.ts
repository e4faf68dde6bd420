import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { GbActMeta, GbOrder, GbOrdered } from '../situation/gb26875/gb-act.ts';
import { callerOf } from './authentication.ts';
import { awaitAct } from './await-act.ts';
import type { ApiContext } from './context.ts';
import { requestIdOf } from './idempotent-answers.ts';

/**
 * Records who has the centre ask what of a device: before it is sent, so that an order without a name is never on the
 * wire. `isFirst`: false for a request that comes again.
 */
export async function recordGbOrder(
  context: ApiContext,
  request: FastifyRequest,
  device: DeviceRecord,
  order: GbOrder,
  actId: string = requestIdOf(request) ?? randomUUID(),
): Promise<{ readonly outcome: GbOrdered; readonly actId: string; readonly isFirst: boolean }> {
  const known = await context.store.query('select 1 as found from operator_act where id = $1', [actId]);
  const meta: GbActMeta = {
    actId,
    venueId: device.venueId,
    by: callerOf(request).username,
    at: context.clock.now(),
    isGbOrder: true,
    act: order,
  };
  const wanted: Readonly<Record<string, unknown>> = order;
  const outcome = await awaitAct(context, meta, (stored) =>
    [...new Set([...Object.keys(stored), ...Object.keys(wanted)])].every((key) => stored[key] === wanted[key]),
  );
  if (outcome.kind !== 'gbOrdered') throw new Error(`order ${actId} ended as ${outcome.kind}`);
  return { outcome, actId, isFirst: known.length === 0 };
}
