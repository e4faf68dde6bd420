import { randomUUID } from 'node:crypto';
import { canonicalJson } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import type { CommissioningAct, CommissioningActMeta } from '../commissioning/commissioning-act.ts';
import { storableJson } from '../situation/storable-json.ts';
import { callerOf } from './authentication.ts';
import { awaitAct } from './await-act.ts';
import type { ApiContext } from './context.ts';
import { requestIdOf } from './idempotent-answers.ts';

/** Has the act applied, durable; @returns its id. Throws what it was refused for. */
export async function performCommissioning(
  context: ApiContext,
  request: FastifyRequest,
  venueId: string,
  given: CommissioningAct,
): Promise<string> {
  const act = JSON.parse(storableJson(given)) as CommissioningAct;
  const meta: CommissioningActMeta = {
    actId: requestIdOf(request) ?? randomUUID(),
    venueId,
    by: callerOf(request).username,
    at: context.clock.now(),
    isCommissioning: true,
    act,
  };
  const wanted = canonicalJson(act);
  await awaitAct(context, meta, (stored) => canonicalJson(stored) === wanted);
  return meta.actId;
}
