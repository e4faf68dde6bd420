import {
  conditionId,
  conditionKeyOf,
  defaultLimitRules,
  isExceeded,
  levels,
  limitAtRest,
  limitDue,
  limitRuleProblems,
  matchesPoint,
  nextLimit,
  type Level,
  type LimitRule,
  type LimitStep,
} from '@fengsui/alarm';
import type { HazardEvent, Reading } from './hazard-event.ts';
import { circuitProblems, overloadRules, type OverloadBand, type RatedCircuit } from './overload.ts';

/** Limits a terminal watches by itself, beside the overload of its circuits: over-temperature and residual current. */
export const terminalLimitRules: readonly LimitRule[] = defaultLimitRules.filter(
  (rule) => rule.kind === 'overTemperature' || rule.kind === 'residualCurrent',
);

export type LimitHazardsConfig = {
  readonly circuits: readonly RatedCircuit[];
  /** Default: {@link defaultOverloadBands}. */
  readonly overloadBands?: readonly OverloadBand[];
  /** Default: {@link terminalLimitRules}. */
  readonly rules?: readonly LimitRule[];
};

/**
 * What must outlive a restart, as plain JSON, to be kept after every event: else an end that happens meanwhile is never
 * told. Delays that run are not part of it: what happened while the terminal was off is not guessed, they start anew.
 */
export type LimitHazardsState = {
  readonly exceeded: readonly { readonly pointId: string; readonly ruleId: string; readonly value: number }[];
  /** What was told and still holds. */
  readonly active: readonly HazardEvent[];
};

/** Hazards by limits on one terminal. */
export type LimitHazards = {
  /**
   * Tells a reading; readings of a point come in the order of their `at`, older ones and values that are not finite are
   * ignored. Points without a rule are ignored. Gives an event whenever the level of a hazard changed.
   */
  readonly read: (reading: Reading) => readonly HazardEvent[];
  /** Tells the time, on the clock of the readings: delays that have run out are decided by the newest readings. */
  readonly due: (now: number) => readonly HazardEvent[];
  /** When {@link LimitHazards.due} must be asked if no reading comes before; absent while no delay runs. */
  readonly dueAt: () => number | undefined;
  /** The hazards that hold now, as last told. */
  readonly active: () => readonly HazardEvent[];
  readonly state: () => LimitHazardsState;
};

/** One rule on one point. */
type Watch = { readonly rule: LimitRule; readonly pointId: string; readonly hazardId: string; step: LimitStep };

/**
 * Overload per circuit, over-temperature per temperature point and residual current per circuit, each told at the
 * highest level that holds. Several rules on points of one prefix and kind are one hazard: falling back from `alarm` to
 * `warning` is told as active at `warning`, and inactive only when all limits are left.
 *
 * @param restored state of the run before; ask `due` first, it tells what a changed configuration ended.
 * @throws RangeError naming everything that is wrong with the configuration.
 */
export function createLimitHazards(config: LimitHazardsConfig, restored?: LimitHazardsState): LimitHazards {
  const rules = rulesOf(config);
  const watchesOfPoint = new Map<string, readonly Watch[]>();
  const watchesOfHazard = new Map<string, Watch[]>();
  const values = new Map<string, number>();
  const told = new Map<string, HazardEvent>();

  for (const { pointId, ruleId, value } of restored?.exceeded ?? []) {
    values.set(pointId, value);
    const watch = watchesOn(pointId).find(({ rule }) => rule.id === ruleId);
    if (watch) watch.step = { state: { phase: 'beyond' } };
  }
  for (const event of restored?.active ?? []) told.set(hazardIdOf(event.point, event.kind), event);

  function watchesOn(pointId: string): readonly Watch[] {
    const known = watchesOfPoint.get(pointId);
    if (known) return known;
    const watches = rules
      .filter((rule) => matchesPoint(rule, pointId))
      .map((rule): Watch => ({
        rule,
        pointId,
        hazardId: hazardIdOf(pointId, rule.kind),
        step: { state: limitAtRest },
      }));
    watchesOfPoint.set(pointId, watches);
    for (const watch of watches) {
      const ofHazard = watchesOfHazard.get(watch.hazardId);
      if (ofHazard) ofHazard.push(watch);
      else watchesOfHazard.set(watch.hazardId, [watch]);
    }
    return watches;
  }

  function read(reading: Reading): readonly HazardEvent[] {
    const { at, pointId, value } = reading;
    if (!Number.isFinite(value)) return [];
    const touched = new Set<string>();
    for (const watch of watchesOn(pointId)) {
      if (at > (watch.step.state.lastAt ?? -Infinity)) values.set(pointId, value);
      watch.step = nextLimit(watch.rule, watch.step.state, reading);
      if (watch.step.change) touched.add(watch.hazardId);
    }
    return tell(touched, at);
  }

  function due(now: number): readonly HazardEvent[] {
    const events: HazardEvent[] = [];
    for (let at = dueAt(); at !== undefined && at <= now; at = dueAt()) {
      const touched = new Set<string>();
      for (const watch of allWatches()) {
        if (watch.step.dueAt !== at) continue;
        watch.step = limitDue(watch.rule, watch.step.state, at);
        touched.add(watch.hazardId);
      }
      events.push(...tell(touched, at));
    }
    return [...events, ...tell([...told.keys()], now)];
  }

  function dueAt(): number | undefined {
    let earliest: number | undefined;
    for (const { step } of allWatches()) {
      if (step.dueAt !== undefined && step.dueAt < (earliest ?? Infinity)) earliest = step.dueAt;
    }
    return earliest;
  }

  /** Events of those hazards whose level is not what was last told. */
  function tell(hazardIds: Iterable<string>, at: number): HazardEvent[] {
    const events: HazardEvent[] = [];
    for (const hazardId of hazardIds) {
      const before = told.get(hazardId);
      const leading = leadingOf(watchesOfHazard.get(hazardId) ?? []);
      if (leading?.rule.level === before?.level) continue;
      const event = leading ? started(leading, at, values) : before && ended(before, at, values);
      if (!event) continue;
      if (event.active) told.set(hazardId, event);
      else told.delete(hazardId);
      events.push(event);
    }
    return events;
  }

  function exceeded(): LimitHazardsState['exceeded'] {
    return [...allWatches()]
      .filter(({ step }) => isExceeded(step.state))
      .map(({ pointId, rule }) => ({ pointId, ruleId: rule.id, value: valueOf(pointId, values) }));
  }

  function* allWatches(): Iterable<Watch> {
    for (const watches of watchesOfPoint.values()) yield* watches;
  }

  return {
    read,
    due,
    dueAt,
    active: () => [...told.values()],
    state: () => ({ exceeded: exceeded(), active: [...told.values()] }),
  };
}

function rulesOf(config: LimitHazardsConfig): readonly LimitRule[] {
  const problems = config.circuits.flatMap(circuitProblems);
  const soundCircuits = config.circuits.filter((circuit) => circuitProblems(circuit).length === 0);
  const overload = soundCircuits.flatMap((circuit) => overloadRules(circuit, config.overloadBands));
  const rules = [...(config.rules ?? terminalLimitRules), ...overload];
  const seen = new Set<string>();
  for (const rule of rules) {
    problems.push(...limitRuleProblems(rule));
    if (seen.has(rule.id)) problems.push(`limit rule "${rule.id}": id is taken: expected each rule and circuit once`);
    seen.add(rule.id);
  }
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return rules;
}

function hazardIdOf(pointOrPrefix: string, kind: string): string {
  return conditionId(conditionKeyOf('', pointOrPrefix, kind));
}

/** The exceeded limit of the highest level. */
function leadingOf(watches: readonly Watch[]): Watch | undefined {
  let leading: Watch | undefined;
  for (const watch of watches) {
    if (isExceeded(watch.step.state) && (!leading || rank(watch.rule.level) > rank(leading.rule.level)))
      leading = watch;
  }
  return leading;
}

function rank(level: Level): number {
  return levels.indexOf(level);
}

function started({ rule, pointId }: Watch, at: number, values: ReadonlyMap<string, number>): HazardEvent {
  const { kind, level, threshold: limit } = rule;
  const value = valueOf(pointId, values);
  return { kind, point: conditionKeyOf('', pointId, kind).prefix, pointId, active: true, level, at, value, limit };
}

/** Never NaN for an exceeded limit: a value exceeded it. */
function valueOf(pointId: string, values: ReadonlyMap<string, number>): number {
  return values.get(pointId) ?? NaN;
}

function ended(before: HazardEvent, at: number, values: ReadonlyMap<string, number>): HazardEvent {
  return { ...before, active: false, at, value: values.get(before.pointId) ?? before.value };
}
