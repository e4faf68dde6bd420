import type { Lane } from '../journal/entry.ts';
import type { ActOutcome, OperatorActMeta } from '../situation/operator-act.ts';
import type { ApiContext } from './context.ts';
import { ApiError } from './problem.ts';

/** An act that is not applied by then is still in the journal and will be; the caller is told to look again. */
const ACT_TIMEOUT_MS = 10_000;

/** Refusals that say something about the state of the alarm, as against the request. */
const statusOfRefusal: Readonly<Record<string, number>> = {
  alarmEnded: 409,
  noAlarm: 409,
  otherAlarm: 409,
  idempotencyKeyReused: 422,
  // Of commands: what nobody may order from afar, and what the device's present state forbids.
  approvalRequired: 403,
  onSiteOnly: 403,
  originMismatch: 409,
  identitySuspect: 409,
  deviceRevoked: 409,
  deviceOffline: 409,
  commandsPending: 409,
  // Of bringing a venue into operation.
  unknownVenue: 404,
  unknownPoint: 404,
  venueLifeTransition: 409,
  acceptanceMissing: 409,
  testRunning: 409,
  testEnded: 409,
  otherTest: 409,
  contentChanged: 409,
  signedAlready: 409,
  // Of work orders: what somebody else did meanwhile, and what the state of the order forbids.
  orderChanged: 409,
  orderClosed: 409,
  notPossible: 409,
  tooManyPhotos: 409,
  notFound: 404,
  // Of releases and rollouts.
  notInRollout: 409,
  unknownRelease: 404,
  unknownRollout: 404,
  releaseExists: 409,
  releaseWithoutFile: 409,
  rolloutState: 409,
  rolloutUnderWay: 409,
  tooManyReleases: 409,
  tooManyRollouts: 409,
};

/**
 * api → journal → worker; the answer is what the worker made of it, durable. A request that came before, under the same
 * key, gets the answer it got then.
 *
 * @param isSame whether a stored act, as the store returns it, is what is wanted now.
 * @param carried what comes with it; bytes go in the bulk lane, an alarm must not wait behind them.
 */
export async function awaitAct(
  { store, situation, worker, journal }: ApiContext,
  meta: OperatorActMeta,
  isSame: (stored: Readonly<Record<string, unknown>>) => boolean,
  carried: { readonly lane: Lane; readonly payload?: Uint8Array } = { lane: 'alarm' },
): Promise<Exclude<ActOutcome, { readonly kind: 'refused' }>> {
  const known = await store.query('select act, outcome from operator_act where id = $1', [meta.actId]);
  if (known[0] !== undefined) {
    const stored = known[0]['act'] as Readonly<Record<string, unknown>>;
    return accepted(isSame(stored) ? (known[0]['outcome'] as ActOutcome) : keyReused);
  }
  const outcome = worker.outcomeOf(meta.actId, ACT_TIMEOUT_MS);
  const partition = situation.registry.partitionOf(meta.venueId);
  const [settled] = await Promise.all([
    outcome.catch(() => undefined),
    journal.append(carried.lane, [
      {
        kind: 'operatorAct',
        partition,
        appendedAt: meta.at,
        meta,
        ...(carried.payload !== undefined && { payload: carried.payload }),
      },
    ]),
  ]);
  if (settled === undefined) {
    throw new ApiError(
      503,
      'notAppliedYet',
      `the act is recorded but not applied within ${ACT_TIMEOUT_MS / 1000} s; look again`,
    );
  }
  return accepted(settled);
}

const keyReused: ActOutcome = {
  kind: 'refused',
  code: 'idempotencyKeyReused',
  detail: 'this Idempotency-Key was used for another request; take a new one',
};

function accepted(outcome: ActOutcome): Exclude<ActOutcome, { readonly kind: 'refused' }> {
  if (outcome.kind !== 'refused') return outcome;
  throw new ApiError(statusOfRefusal[outcome.code] ?? 422, outcome.code, outcome.detail);
}
