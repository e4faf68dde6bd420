import type { ChargingOpinion } from './charging/charging-opinion.ts';
import { isSteadyCourse, KNOWN_UP_TO } from './observed-load.ts';
import type { ObservedLoad } from './observed-load.ts';
import type { ProhibitedRule } from './prohibited-policy.ts';

export const findingStages = ['tentative', 'confirmed', 'overdue'] as const;
/** `overdue`: the charge goes on when it should have ended (fire rule). */
export type FindingStage = (typeof findingStages)[number];

/** One load that a rule forbids. */
export type ProhibitedFinding = {
  readonly ruleId: string;
  readonly use: ProhibitedRule['use'];
  readonly loadId: string;
  /** The opinion it follows from; absent where the load's own fingerprint or time on made it. */
  readonly opinionId?: string;
  readonly stage: FindingStage;
  /** 0 … 1. */
  readonly confidence: number;
  readonly activePowerW: number;
  readonly onForMs: number;
  /** Enrolled name, type or family, the deepest that is sure. */
  readonly name?: string;
  /** Why it is overdue. */
  readonly because?: 'longTail' | 'noDecay';
};

/** A tentative notice needs a sure type … */
const SURE = 0.6;
/** … and a family that is sure. */
const SURE_FAMILY = 0.7;
/** Fire rule: a constant-voltage stage of more than 3 h, or no decay after 10 h (aged battery). */
const LONGEST_TAIL_MS = 3 * 3_600_000;
const LONGEST_CHARGE_MS = 10 * 3_600_000;
/** An opinion and a tracked load are the same when they came at the same time with about the same power. */
const SAME_MS = 6_000;

/**
 * Whether, and how surely, a load is one that the rule forbids; undefined when it is not or cannot be said. `isCourseJudged`
 * = a charging recogniser follows the circuit.
 */
export function findingOf(
  rule: ProhibitedRule,
  load: ObservedLoad,
  at: number,
  isCourseJudged = false,
): ProhibitedFinding | undefined {
  if (!load.isOn) return undefined;
  const { loads } = rule;
  if (load.activePowerW < loads.leastPowerW || load.activePowerW > loads.mostPowerW) return undefined;
  const onForMs = at - load.onAt;
  const { deviceName, type, family } = load;
  const base = { ruleId: rule.id, use: rule.use, loadId: load.id, activePowerW: load.activePowerW, onForMs };
  if (deviceName !== undefined && loads.devices?.includes(deviceName) === true) {
    const stage = onForMs >= rule.confirmAfterMs ? 'confirmed' : 'tentative';
    return { ...base, stage, confidence: 0.97, name: deviceName };
  }
  // A load that resembles nothing known is never called by a type or family (it would act on a guess).
  if (load.unknownScore > KNOWN_UP_TO) return undefined;
  if (type !== undefined && load.typeConfidence >= SURE && loads.types.includes(type)) {
    const stage = isConfirmed(rule, load, onForMs, isCourseJudged) ? 'confirmed' : 'tentative';
    return { ...base, stage, confidence: load.typeConfidence, name: type };
  }
  if (family === undefined || load.familyConfidence < SURE_FAMILY || !loads.families.includes(family)) return undefined;
  if (isConfirmed(rule, load, onForMs, isCourseJudged))
    return { ...base, stage: 'confirmed', confidence: load.familyConfidence, name: family };
  return rule.isTentativeByFamily
    ? { ...base, stage: 'tentative', confidence: load.familyConfidence * 0.6, name: family }
    : undefined;
}

/**
 * Charging is told from lamps and screens by its course, everything else by how long it is on. A recogniser of charging has
 * the fingerprint as well and sees the load apart from what moves beside it: where there is one, its opinion alone confirms.
 */
function isConfirmed(rule: ProhibitedRule, load: ObservedLoad, onForMs: number, isCourseJudged: boolean): boolean {
  if (onForMs < rule.confirmAfterMs) return false;
  return rule.use !== 'eBikeCharging' || (!isCourseJudged && isSteadyCourse(load));
}

/** What an opinion of the charging recogniser comes to under a rule; `load` is the tracked load it belongs to, if any. */
export function findingOfOpinion(
  rule: ProhibitedRule,
  opinion: ChargingOpinion,
  load: ObservedLoad | undefined,
  at: number,
): ProhibitedFinding | undefined {
  const { activePowerW, onAt, constantVoltageSince } = opinion;
  // A battery in its tail draws less than any rule's least: what was confirmed stays so until it ends.
  const isWithinPower = activePowerW >= rule.loads.leastPowerW && activePowerW <= rule.loads.mostPowerW;
  if (!isWithinPower && opinion.stage === 'tentative') return undefined;
  const onForMs = at - onAt;
  const tailMs = constantVoltageSince === undefined ? 0 : at - constantVoltageSince;
  const isProved = opinion.stage === 'proved';
  const because =
    isProved && tailMs > LONGEST_TAIL_MS
      ? 'longTail'
      : isProved && opinion.isUndiminished && onForMs > LONGEST_CHARGE_MS
        ? 'noDecay'
        : undefined;
  const stage = because !== undefined ? 'overdue' : opinion.stage === 'tentative' ? 'tentative' : 'confirmed';
  return {
    ruleId: rule.id,
    use: rule.use,
    loadId: load?.id ?? opinion.id,
    opinionId: opinion.id,
    stage,
    confidence: combined(opinion, rule, load),
    activePowerW,
    onForMs,
    name: load?.deviceName ?? 'charger',
    ...(because === undefined ? {} : { because }),
  };
}

/** The tracked load an opinion is about. */
export function loadOf(opinion: ChargingOpinion, loads: readonly ObservedLoad[]): ObservedLoad | undefined {
  return loads.find(
    (load) =>
      load.isOn &&
      Math.abs(load.onAt - opinion.onAt) <= SAME_MS &&
      Math.abs(load.activePowerW - opinion.activePowerW) <= Math.max(25, 0.3 * opinion.activePowerW),
  );
}

/**
 * Log-odds of course and of fingerprint add up; the fingerprint's are bounded: its model may not know this charger. An
 * opinion that was told its switching has them already.
 */
function combined(opinion: ChargingOpinion, rule: ProhibitedRule, load: ObservedLoad | undefined): number {
  const course = logit(opinion.confidence);
  if (load?.family === undefined || load.unknownScore > KNOWN_UP_TO) return opinion.confidence;
  if (opinion.terms.some(({ feature }) => feature === 'chargerProbability')) return opinion.confidence;
  const isMeant = rule.loads.families.includes(load.family);
  const fingerprint = Math.min(2, Math.max(0, logit(load.familyConfidence))) * (isMeant ? 1 : -1);
  return 1 / (1 + Math.exp(-(course + fingerprint)));
}

function logit(p: number): number {
  const bounded = Math.min(0.9999, Math.max(0.0001, p));
  return Math.log(bounded / (1 - bounded));
}
