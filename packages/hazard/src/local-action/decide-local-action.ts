import type { HazardEvent } from '../hazard-event.ts';
import type { LocalActionLatch } from './local-action-latch.ts';
import {
  LONGEST_TEST_AGE_MS,
  LONGEST_VALIDITY_MS,
  localActionPolicyProblems,
  type LocalActionCause,
  type LocalActionPolicy,
} from './local-action-policy.ts';

/** What the terminal knows of the circuit now. */
export type CircuitState = {
  readonly deviceId: string;
  /** Prefix: `c1`. */
  readonly circuit: string;
  /** Read back from the breaker. */
  readonly breaker: 'closed' | 'open' | 'unknown';
  /** Loads that are on; without a name: not recognised. */
  readonly loadsOn: readonly { readonly name?: string }[];
  /** Whether the terminal's clock was set by the centre or kept by a battery since: an end date needs it. */
  readonly isClockTrusted: boolean;
  /** Of an opening before; until it is released, nothing more is decided. */
  readonly latch?: LocalActionLatch;
  /** When the last latch was released: a cause older than that has been seen by a person. */
  readonly inspectedAt?: number;
};

/** A policy as the terminal read it. */
export type PolicyOnRecord = {
  readonly policy: LocalActionPolicy;
  /** Its Ed25519 signature was verified with a key the owner pinned. */
  readonly isSignatureValid: boolean;
};

export type MissingCondition = { readonly code: MissingCode; readonly sentence: string };

export const missingCodes = [
  'policy',
  'policyForm',
  'signature',
  'mode',
  'device',
  'circuit',
  'consent',
  'survey',
  'protectedLoad',
  'unknownLoad',
  'breakerTest',
  'notYetValid',
  'expired',
  'endDate',
  'clock',
  'cause',
  'staleCause',
] as const;
export type MissingCode = (typeof missingCodes)[number];

/** What to do now. There is no word for closing: a circuit opened by it is closed by hand, on site. */
export type LocalActionDecision =
  /** No confirmed cause. */
  | { readonly kind: 'none' }
  /** Open it, keep `latch` before the breaker moves, and report. */
  | {
      readonly kind: 'open';
      readonly circuit: string;
      readonly because: HazardEvent;
      readonly cause: LocalActionCause;
      readonly policyId: string;
      readonly latch: LocalActionLatch;
    }
  /** There is a cause, and it may not be acted on: every reason. */
  | {
      readonly kind: 'refused';
      readonly circuit: string;
      readonly because: HazardEvent;
      readonly missing: readonly MissingCondition[];
    }
  /** It has been opened, and nobody has inspected it yet. */
  | { readonly kind: 'latched'; readonly latch: LocalActionLatch }
  /** There is a cause, and the breaker is open already, by hand or by itself. */
  | { readonly kind: 'alreadyOpen' };

/**
 * Whether to open a circuit's breaker on this terminal's own judgement. It opens only on a confirmed arc or a thermal
 * limit, and only where every condition is on record and holds now; what is missing is named, all of it.
 *
 * @param record undefined: none, the circuit is observed.
 * @param events what the engines hold active now. Counted as causes: `arc` at level alarm on this circuit; `overload` at
 *   alarm by its thermal image (not by a current band); `overTemperature` at alarm on a point the policy names.
 * @param now epoch ms.
 */
export function decideLocalAction(
  record: PolicyOnRecord | undefined,
  state: CircuitState,
  events: readonly HazardEvent[],
  now: number,
): LocalActionDecision {
  if (state.latch !== undefined) return { kind: 'latched', latch: state.latch };
  const { circuit } = state;
  const points = record && localActionPolicyProblems(record.policy).length === 0 ? record.policy.temperaturePoints : [];
  const causes = events.flatMap((event) => {
    const cause = causeOf(event, circuit, points ?? []);
    return cause === undefined ? [] : [{ event, cause }];
  });
  const [first] = causes;
  if (first === undefined) return { kind: 'none' };
  if (state.breaker === 'open') return { kind: 'alreadyOpen' };
  const refused = (because: HazardEvent, missing: readonly MissingCondition[]): LocalActionDecision => ({
    kind: 'refused',
    circuit,
    because,
    missing,
  });
  if (record === undefined)
    return refused(first.event, [missing('policy', 'no policy is on record: the circuit is observed')]);
  const standing = missingConditions(record, state, now);
  const outcomes = causes.map((candidate) => ({
    ...candidate,
    missing: [...standing, ...missingOfCause(record.policy, state, candidate.event, candidate.cause)],
  }));
  // One cause that may be acted on is enough: an arc that is observed only does not protect the cable from burning.
  const permitted = outcomes.find((outcome) => outcome.missing.length === 0);
  if (permitted === undefined) return refused(first.event, outcomes[0]?.missing ?? standing);
  const { event, cause } = permitted;
  const { policyId } = record.policy;
  const latch = { circuit, openedAt: now, policyId, cause: `${event.kind} on ${event.point}` };
  return { kind: 'open', circuit, because: event, cause, policyId, latch };
}

function causeOf(
  { kind, point, active, level, measure }: HazardEvent,
  circuit: string,
  temperaturePoints: readonly string[],
): LocalActionCause | undefined {
  if (!active || level !== 'alarm') return undefined;
  if (kind === 'arc' && point === circuit) return 'arc';
  if (kind === 'overload' && point === circuit && measure === 'thermalStateRatio') return 'thermalLimit';
  if (kind === 'overTemperature' && temperaturePoints.includes(point)) return 'thermalLimit';
  return undefined;
}

function missing(code: MissingCode, sentence: string): MissingCondition {
  return { code, sentence };
}

/** What a policy lacks whatever the cause is. */
function missingConditions(
  { policy, isSignatureValid }: PolicyOnRecord,
  state: CircuitState,
  now: number,
): readonly MissingCondition[] {
  const problems = localActionPolicyProblems(policy);
  if (problems.length > 0) return problems.map((problem) => missing('policyForm', problem));
  const { mode, deviceId, circuit, consent, survey, breakerTest, validFrom, endsAt } = policy;
  const list: MissingCondition[] = [];
  const need = (holds: boolean, code: MissingCode, sentence: string): void => {
    if (!holds) list.push(missing(code, sentence));
  };
  const [from, end] = [Date.parse(validFrom), Date.parse(endsAt)];
  const [consentAt, surveyedAt, testedAt] = [consent.givenAt, survey.surveyedAt, breakerTest.testedAt].map(Date.parse);
  need(isSignatureValid, 'signature', 'the policy bears no valid signature of a pinned key');
  need(mode === 'act', 'mode', `mode is ${mode}: the circuit is observed`);
  need(deviceId === state.deviceId, 'device', `the policy is for ${deviceId}, this is ${state.deviceId}`);
  need(circuit === state.circuit, 'circuit', `the policy is for ${circuit}, this is ${state.circuit}`);
  need((consentAt ?? NaN) <= now, 'consent', `consent is dated ${consent.givenAt}, which has not come`);
  need((surveyedAt ?? NaN) <= now, 'survey', `survey is dated ${survey.surveyedAt}, which has not come`);
  need(survey.loads.length > 0, 'survey', 'the survey lists no load');
  const kept = survey.loads.filter(({ isProtected }) => isProtected).map(({ name }) => name);
  need(kept.length === 0, 'protectedLoad', `protected loads are on the circuit: ${kept.join(', ')}`);
  const strangers = state.loadsOn.filter(({ name }) => !survey.loads.some((load) => load.name === name));
  need(
    survey.otherLoads === 'excluded' || strangers.length === 0,
    'unknownLoad',
    `loads that no survey knows are on, and count as protected: ${strangers.map(({ name }) => name ?? 'unrecognised').join(', ')}`,
  );
  need(breakerTest.passed, 'breakerTest', 'the breaker did not pass its test');
  const testAgeMs = now - (testedAt ?? NaN);
  need(
    testAgeMs >= 0 && testAgeMs <= LONGEST_TEST_AGE_MS,
    'breakerTest',
    `the breaker was tested at ${breakerTest.testedAt}`,
  );
  need(from <= now, 'notYetValid', `the policy is valid from ${validFrom}`);
  need(now < end, 'expired', `the policy ended at ${endsAt}`);
  need(
    end - from <= LONGEST_VALIDITY_MS,
    'endDate',
    `the policy lasts from ${validFrom} to ${endsAt}: expected three years at most`,
  );
  need(state.isClockTrusted, 'clock', "the terminal's clock is not known to be right, and the policy has an end");
  return list;
}

/** What speaks against acting on this very cause. */
function missingOfCause(
  policy: LocalActionPolicy,
  { inspectedAt = -Infinity }: CircuitState,
  event: HazardEvent,
  cause: LocalActionCause,
): readonly MissingCondition[] {
  if (localActionPolicyProblems(policy).length > 0) return [];
  const list: MissingCondition[] = [];
  if (!policy.causes.includes(cause)) list.push(missing('cause', `the policy does not permit to open for ${cause}`));
  const since = Math.max(inspectedAt, Date.parse(policy.validFrom));
  if (!(event.at > since)) {
    list.push(missing('staleCause', 'the cause is older than the policy or the last inspection: a person has seen it'));
  }
  return list;
}
