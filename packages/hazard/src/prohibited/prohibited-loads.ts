import type { Level } from '@fengsui/alarm';
import type { EvidenceValue, HazardEvent } from '../hazard-event.ts';
import type { ChargingOpinion } from './charging/charging-opinion.ts';
import type { ObservedLoad } from './observed-load.ts';
import { findingOf, findingOfOpinion, findingStages, loadOf } from './prohibited-finding.ts';
import type { FindingStage, ProhibitedFinding } from './prohibited-finding.ts';
import { isWithin, prohibitedPolicyProblems, rulesAt } from './prohibited-policy.ts';
import type { ProhibitedPlace, ProhibitedPolicy, ProhibitedRule } from './prohibited-policy.ts';

export type ProhibitedLoadsConfig = { readonly policy: ProhibitedPolicy; readonly place: ProhibitedPlace };

/** What is on now. Told about once a second. */
export type ProhibitedReading = {
  /** Epoch ms. */
  readonly at: number;
  /** Local minute of the day, 0 … 1440. */
  readonly minuteOfDay: number;
  readonly loads: readonly ObservedLoad[];
  /** Opinions of a charging recogniser; absent = none follows the circuit. */
  readonly charging?: readonly ChargingOpinion[];
};

/** Plain JSON, to be kept over a restart. */
export type ProhibitedLoadsState = {
  readonly schemaVersion: 1;
  readonly findings: readonly HeldFinding[];
  readonly duty: readonly DutyTrack[];
  readonly told: HazardEvent | null;
};

export type ProhibitedLoads = {
  /** Gives an event when the level changes or another load joins it. */
  readonly read: (reading: ProhibitedReading) => readonly HazardEvent[];
  readonly active: () => readonly HazardEvent[];
  /** What is held against which load now. */
  readonly findings: () => readonly ProhibitedFinding[];
  readonly state: () => ProhibitedLoadsState;
};

/** A finding with the last time it held. */
type HeldFinding = { readonly finding: ProhibitedFinding; readonly seenAt: number };

/** A heater with a thermostat: its spans of on-time join to one use. */
type DutyTrack = {
  readonly ruleId: string;
  /** Its first span's: every span is another load to the tracker, but one use. */
  readonly loadId: string;
  readonly powerW: number;
  spans: { from: number; to: number }[];
};

/** A finding ends when its load was off for this long: a thermostat's pauses are shorter. */
const CLEAR_AFTER_MS = 120_000;
/** Spans of like power within this time belong to one thermostat; three of them are no kettle. */
const DUTY_WINDOW_MS = 30 * 60_000;
const DUTY_SPANS = 3;
const MOST_TRACKS = 16;

const LEVEL_OF: Readonly<Record<FindingStage, Level>> = {
  tentative: 'attention',
  confirmed: 'warning',
  overdue: 'alarm',
};

/**
 * Watches one circuit for loads that its venue, area and hour forbid: tentative (attention) as soon as a load is
 * taken for one, confirmed (warning) when time or course has ruled the harmless look-alikes out, overdue (alarm) when
 * a charge outlasts the fire rule. One condition per circuit; its evidence lists every load. It ends when the last
 * such load has been off for two minutes.
 *
 * Throws RangeError naming everything wrong with the policy.
 */
export function createProhibitedLoads(config: ProhibitedLoadsConfig, restored?: ProhibitedLoadsState): ProhibitedLoads {
  const problems = prohibitedPolicyProblems(config.policy);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  if (restored !== undefined && restored.schemaVersion !== 1) {
    throw new RangeError(`prohibited loads: state of schema version ${String(restored.schemaVersion)}, expected 1`);
  }
  const rules = rulesAt(config.policy, config.place);
  const kept = restored === undefined ? undefined : (JSON.parse(JSON.stringify(restored)) as ProhibitedLoadsState);
  let held: HeldFinding[] = (kept?.findings ?? []).filter(({ finding }) => rules.some((r) => r.id === finding.ruleId));
  let tracks: DutyTrack[] = [...(kept?.duty ?? [])];
  let told = kept?.told ?? undefined;
  let lastAt = -Infinity;

  const findingsNow = (reading: ProhibitedReading): readonly ProhibitedFinding[] => {
    const inForce = rules.filter((rule) => isWithin(rule.hours, reading.minuteOfDay));
    return inForce.flatMap((rule) => (rule.use === 'eBikeCharging' ? charges(rule, reading) : uses(rule, reading)));
  };

  const charges = (rule: ProhibitedRule, { at, loads, charging }: ProhibitedReading): ProhibitedFinding[] => {
    const taken = new Set<string>();
    const findings: ProhibitedFinding[] = [];
    for (const opinion of charging ?? []) {
      const load = loadOf(opinion, loads);
      if (load !== undefined) taken.add(load.id);
      const finding = findingOfOpinion(rule, opinion, load, at);
      if (finding !== undefined) findings.push({ ...finding, loadId: toldOf(finding) });
    }
    for (const load of loads) {
      const finding = taken.has(load.id) ? undefined : findingOf(rule, load, at, charging !== undefined);
      if (finding !== undefined) findings.push(finding);
    }
    return findings;
  };

  /** The load it was first told of: the tracker may see that one go a second before its course has ended. */
  const toldOf = ({ ruleId, opinionId, loadId }: ProhibitedFinding): string =>
    held.find(({ finding }) => finding.ruleId === ruleId && finding.opinionId === opinionId)?.finding.loadId ?? loadId;

  const uses = (rule: ProhibitedRule, { at, loads }: ProhibitedReading): ProhibitedFinding[] =>
    loads.flatMap((load) => {
      const finding = findingOf(rule, load, at);
      if (finding === undefined && !isOfFamily(rule, load)) return [];
      const { onMs, loadId } = dutyOf(rule, load, at);
      if (finding !== undefined && (finding.stage === 'confirmed' || onMs < rule.confirmAfterMs)) return [finding];
      if (onMs < rule.confirmAfterMs) return [];
      const { activePowerW, familyConfidence: confidence, family } = load;
      const name = family === undefined ? {} : { name: family };
      const base = { ruleId: rule.id, use: rule.use, loadId, activePowerW, onForMs: at - load.onAt };
      return [{ ...base, stage: 'confirmed', confidence, ...name }];
    });

  /** The thermostat this load is a span of, and its on-time, ms; 0 while it has fewer than three spans. */
  const dutyOf = (rule: ProhibitedRule, load: ObservedLoad, at: number): { onMs: number; loadId: string } => {
    let track = tracks.find(
      (other) => other.ruleId === rule.id && Math.abs(other.powerW - load.activePowerW) <= 0.1 * other.powerW,
    );
    if (track === undefined) {
      track = { ruleId: rule.id, loadId: load.id, powerW: load.activePowerW, spans: [] };
      tracks = [...tracks.slice(-(MOST_TRACKS - 1)), track];
    }
    const span = track.spans.find(({ from }) => from === load.onAt);
    if (span === undefined) track.spans.push({ from: load.onAt, to: at });
    else span.to = at;
    track.spans = track.spans.filter(({ to }) => at - to <= DUTY_WINDOW_MS);
    const { loadId, spans } = track;
    if (spans.length < DUTY_SPANS) return { onMs: 0, loadId };
    const onMs = spans.reduce((sum, { from, to }) => sum + to - Math.max(from, at - DUTY_WINDOW_MS), 0);
    return { onMs, loadId };
  };

  const tell = (at: number, isJoined: boolean): readonly HazardEvent[] => {
    const leading = held.map(({ finding }) => finding).sort(byWeight)[0];
    if (leading === undefined) {
      if (told === undefined) return [];
      const event: HazardEvent = { ...told, active: false, at };
      told = undefined;
      return [event];
    }
    const level = LEVEL_OF[leading.stage];
    if (told !== undefined && told.level === level && !isJoined) return [];
    told = eventOf(config.place.circuit, at, level, leading, held, rules);
    return [told];
  };

  return {
    read(reading) {
      if (!(reading.at > lastAt)) return [];
      lastAt = reading.at;
      const now = findingsNow(reading);
      const before = new Set(held.map(({ finding }) => keyOf(finding)));
      const still = held.filter(
        ({ finding, seenAt }) =>
          reading.at - seenAt <= CLEAR_AFTER_MS && !now.some((other) => keyOf(other) === keyOf(finding)),
      );
      held = [...now.map((finding) => ({ finding, seenAt: reading.at })), ...still];
      return tell(
        reading.at,
        now.some((finding) => !before.has(keyOf(finding)) && finding.stage !== 'tentative'),
      );
    },
    active: () => (told === undefined ? [] : [told]),
    findings: () => held.map(({ finding }) => finding),
    state: () =>
      JSON.parse(
        JSON.stringify({ schemaVersion: 1, findings: held, duty: tracks, told: told ?? null }),
      ) as ProhibitedLoadsState,
  };
}

function isOfFamily(rule: ProhibitedRule, load: ObservedLoad): boolean {
  const { loads } = rule;
  return (
    load.isOn &&
    load.family !== undefined &&
    loads.families.includes(load.family) &&
    load.activePowerW >= loads.leastPowerW &&
    load.activePowerW <= loads.mostPowerW
  );
}

function keyOf({ ruleId, loadId }: ProhibitedFinding): string {
  return `${ruleId}/${loadId}`;
}

/** Highest stage first, then the surest. */
function byWeight(a: ProhibitedFinding, b: ProhibitedFinding): number {
  return findingStages.indexOf(b.stage) - findingStages.indexOf(a.stage) || b.confidence - a.confidence;
}

function eventOf(
  circuit: string,
  at: number,
  level: Level,
  leading: ProhibitedFinding,
  held: readonly HeldFinding[],
  rules: readonly ProhibitedRule[],
): HazardEvent {
  const rule = rules.find(({ id }) => id === leading.ruleId);
  return {
    kind: 'prohibitedLoad',
    point: circuit,
    pointId: `${circuit}.activePowerW`,
    active: true,
    level,
    at,
    value: leading.activePowerW,
    limit: rule?.loads.leastPowerW ?? 0,
    measure: 'loadActivePowerW',
    confidence: leading.confidence,
    evidence: {
      schema: 'hazard/1',
      reason: leading.because ?? leading.use,
      features: [
        { feature: 'loadActivePowerW', value: rounded(leading.activePowerW), limit: rule?.loads.leastPowerW ?? 0 },
        { feature: 'onForMs', value: Math.round(leading.onForMs), limit: rule?.confirmAfterMs ?? 0 },
        { feature: 'confidence', value: rounded(leading.confidence) },
      ],
      loads: held.map(({ finding }) => evidenceOf(finding)).slice(0, 16),
    },
  };
}

function evidenceOf(finding: ProhibitedFinding): EvidenceValue {
  const { ruleId, use, loadId, stage, name, because } = finding;
  return {
    ruleId,
    use,
    loadId,
    stage,
    confidence: rounded(finding.confidence),
    activePowerW: rounded(finding.activePowerW),
    onForMs: Math.round(finding.onForMs),
    ...(name === undefined ? {} : { name }),
    ...(because === undefined ? {} : { because }),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
