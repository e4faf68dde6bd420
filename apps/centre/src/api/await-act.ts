import { setTimeout as pause } from 'node:timers/promises';
import type { Lane } from '../journal/entry.ts';
import type { ActOutcome, OperatorActMeta } from '../situation/operator-act.ts';
import { isStoreError } from '../store/store-error.ts';
import type { Row } from '../store/store.ts';
import type { ApiContext } from './context.ts';
import { ApiError } from './problem.ts';

/** An act that is not applied by then is still in the journal and will be; the caller is told to look again. */
const ACT_TIMEOUT_MS = 10_000;
/** Who stands before an alarm waits no longer for a store that may be away, and has his answer within 2 s. */
const AWAY_PATIENCE_MS = 700;
/** So long for what becomes of the act where the store has not answered, or said that it is away, a moment before. */
const SILENT_PATIENCE_MS = 200;
const LOOK_EVERY_MS = 100;

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
  // Of isolations.
  unknownTarget: 404,
  isolationEnded: 409,
  isolationActive: 409,
  approvalByAnother: 403,
  tooManyIsolations: 409,
  // Of work orders: what somebody else did meanwhile, and what the state of the order forbids.
  orderChanged: 409,
  orderClosed: 409,
  notPossible: 409,
  tooManyPhotos: 409,
  // Of incidents: what another seat did, and what its state forbids.
  incidentChanged: 409,
  ownedByAnother: 409,
  notOwner: 409,
  alarmsUnacknowledged: 409,
  notReported: 409,
  incidentClosed: 409,
  incidentOpen: 409,
  tooManyFiles: 409,
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

type Accepted = Exclude<ActOutcome, { readonly kind: 'refused' }> & {
  /** As it was foreseen: the act is durable, and applied when the store is back. */
  readonly isPending?: true;
};

export type Carried = {
  /** Bytes go in the bulk lane, an alarm must not wait behind them. */
  readonly lane: Lane;
  readonly payload?: Uint8Array;
  /** The answer where the store is away: what is in the journal will be applied. */
  readonly foreseen?: ActOutcome | undefined;
};

/**
 * api → journal → worker; the answer is what the worker made of it, durable. A request that came before, under the same
 * key, gets the answer it got then.
 *
 * @param isSame whether a stored act, as the store returns it, is what is wanted now.
 */
export async function awaitAct(
  { store, situation, worker, journal }: ApiContext,
  meta: OperatorActMeta,
  isSame: (stored: Readonly<Record<string, unknown>>) => boolean,
  carried: Carried = { lane: 'alarm' },
): Promise<Accepted> {
  const isForeseen = carried.foreseen?.kind === 'done';
  const known = await knownAct(store, meta.actId, isForeseen);
  const isSilent = known === 'noAnswer';
  if (known !== undefined && !isSilent) {
    const stored = known['act'] as Readonly<Record<string, unknown>>;
    return accepted(isSame(stored) ? (known['outcome'] as ActOutcome) : keyReused);
  }
  const outcome = worker.outcomeOf(meta.actId, ACT_TIMEOUT_MS).catch(() => undefined);
  const partition = situation.registry.partitionOf(meta.venueId);
  const [settled] = await Promise.all([
    isForeseen ? unlessAway(worker, outcome, isSilent) : outcome,
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
  if (settled !== undefined) return accepted(settled);
  if (carried.foreseen !== undefined && isForeseen) return { ...accepted(carried.foreseen), isPending: true };
  throw new ApiError(
    503,
    'notAppliedYet',
    `the act is recorded but not applied within ${ACT_TIMEOUT_MS / 1000} s; look again`,
  );
}

/** Of the same request before. Where the act may go on without the store, one that does not answer knows of none: done twice, it is the same. */
async function knownAct(
  store: ApiContext['store'],
  actId: string,
  mayGoOn: boolean,
): Promise<Row | 'noAnswer' | undefined> {
  const asked = store.query('select act, outcome from operator_act where id = $1', [actId]);
  if (!mayGoOn) return (await asked)[0];
  const late = new AbortController();
  try {
    const rows = await Promise.race([asked, pause(AWAY_PATIENCE_MS, 'noAnswer' as const, { signal: late.signal })]);
    return rows === 'noAnswer' ? rows : rows[0];
  } catch (error) {
    if (!isStoreError(error, 'connection')) throw error;
    return 'noAnswer';
  } finally {
    asked.catch(() => undefined);
    late.abort();
  }
}

/** What becomes of it, or undefined once the store is known to be away. One that hangs says so only after a minute. */
async function unlessAway(
  worker: ApiContext['worker'],
  outcome: Promise<ActOutcome | undefined>,
  isSilent: boolean,
): Promise<ActOutcome | undefined> {
  const settled = outcome.then((result) => ({ result }));
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const found = await Promise.race([settled, pause(LOOK_EVERY_MS)]);
    if (found !== undefined) return found.result;
    if (isSilent && waitedMs >= SILENT_PATIENCE_MS) return undefined;
    if (worker.trouble !== undefined && waitedMs >= AWAY_PATIENCE_MS) return undefined;
  }
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
