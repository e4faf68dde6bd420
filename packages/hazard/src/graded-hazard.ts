import {
  isExceeded,
  levels,
  limitAtRest,
  limitRuleProblems,
  nextLimit,
  type Level,
  type LimitRule,
  type LimitStep,
} from '@fengsui/alarm';
import type { HazardEvent, HazardEvidence } from './hazard-event.ts';

/** A limit on a quantity that an engine derives, as data; see alarm's LimitRule for the meaning of the fields. */
export type GradedLimit = {
  /** The derived quantity, with its unit: `kappaRatioLow`. */
  readonly measure: string;
  readonly level: Level;
  readonly direction: 'above' | 'below';
  readonly threshold: number;
  readonly deadband: number;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  /** Clause with its evidence mark, or `ours`. */
  readonly source: string;
};

export type GradedHazardSettings = {
  readonly kind: string;
  readonly point: string;
  readonly pointId: string;
  readonly limits: readonly GradedLimit[];
};

/** Plain JSON; delays that run are not part of it, they start anew. */
export type GradedHazardState = {
  readonly exceeded: readonly { readonly rule: string; readonly value: number }[];
  readonly told?: HazardEvent;
};

/** What an engine adds to an event whose limit is known. */
export type HazardDescription = { readonly confidence?: number; readonly evidence?: HazardEvidence };

/**
 * A quantity that is estimated: entering a limit needs the proof, `proved` (the bound of its confidence interval on the
 * safe side of the limit); leaving it needs the estimate itself to be back. So doubt neither raises nor ends a hazard.
 */
export type EstimatedValue = { readonly estimate: number; readonly proved: number };

/** One hazard of one point, judged by several derived quantities: the highest level that any of them holds. */
export type GradedHazard = {
  /**
   * Tells the newest values by measure; a value that is not finite or missing leaves its limits as they are. Gives an
   * event when the level changed. `at` must rise, else the values are ignored.
   */
  readonly read: (
    at: number,
    values: Readonly<Record<string, number | EstimatedValue>>,
    describe?: (limit: GradedLimit) => HazardDescription,
  ) => HazardEvent | undefined;
  /** Ends it now, whatever was measured. */
  readonly end: (at: number) => HazardEvent | undefined;
  readonly active: () => HazardEvent | undefined;
  readonly state: () => GradedHazardState;
};

type Watch = { readonly limit: GradedLimit; readonly rule: LimitRule; step: LimitStep; value: number };

/** @throws RangeError naming everything that is wrong with the limits. */
export function createGradedHazard(settings: GradedHazardSettings, restored?: GradedHazardState): GradedHazard {
  const { kind, point, pointId } = settings;
  const watches = settings.limits.map((limit): Watch => {
    const rule = ruleOf(settings, limit);
    const before = restored?.exceeded.find((exceeded) => exceeded.rule === rule.id);
    return {
      limit,
      rule,
      step: { state: before ? { phase: 'beyond' } : limitAtRest },
      value: before?.value ?? NaN,
    };
  });
  const problems = watches.flatMap(({ rule }) => limitRuleProblems(rule));
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  let told = restored?.told;

  const leading = (): Watch | undefined => {
    let highest: Watch | undefined;
    for (const watch of watches) {
      if (!isExceeded(watch.step.state)) continue;
      if (!highest || rankOf(watch.limit.level) > rankOf(highest.limit.level)) highest = watch;
    }
    return highest;
  };

  function tell(at: number, describe?: (limit: GradedLimit) => HazardDescription): HazardEvent | undefined {
    const watch = leading();
    if (watch?.limit.level === told?.level) return undefined;
    if (watch) {
      const { level, measure, threshold } = watch.limit;
      const { value } = watch;
      const event = { kind, point, pointId, active: true, level, at, value, limit: threshold, measure };
      told = { ...event, ...describe?.(watch.limit) };
      return told;
    }
    if (!told) return undefined;
    const measure = told.measure;
    const value = watches.find(({ limit }) => limit.measure === measure)?.value ?? NaN;
    const event = { ...told, active: false, at, value: Number.isNaN(value) ? told.value : value };
    told = undefined;
    return event;
  }

  return {
    read(at, values, describe) {
      for (const watch of watches) {
        const value = values[watch.limit.measure];
        if (value === undefined || !Number.isFinite(estimateOf(value))) continue;
        watch.value = estimateOf(value);
        watch.step = nextLimit(watch.rule, watch.step.state, { at, value: judgedValue(watch.limit, value) });
      }
      return tell(at, describe);
    },
    end(at) {
      for (const watch of watches) watch.step = { state: limitAtRest };
      return tell(at);
    },
    active: () => told,
    state: () => ({
      exceeded: watches
        .filter(({ step }) => isExceeded(step.state))
        .map(({ rule, value }) => ({ rule: rule.id, value })),
      ...(told && { told }),
    }),
  };
}

function ruleOf({ kind, pointId }: GradedHazardSettings, limit: GradedLimit): LimitRule {
  const { measure, ...rule } = limit;
  return { ...rule, id: `${kind}-${measure}-${limit.level}`, kind, point: pointId };
}

function estimateOf(value: number | EstimatedValue): number {
  return typeof value === 'number' ? value : value.estimate;
}

/** Beyond the limit only when proved; else as far inside as the estimate is, but never beyond by the estimate alone. */
function judgedValue({ direction, threshold }: GradedLimit, value: number | EstimatedValue): number {
  if (typeof value === 'number') return value;
  return direction === 'above'
    ? Math.max(value.proved, Math.min(value.estimate, threshold))
    : Math.min(value.proved, Math.max(value.estimate, threshold));
}

function rankOf(level: Level): number {
  return levels.indexOf(level);
}
