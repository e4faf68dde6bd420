import {
  levels,
  matchesPoint,
  nextRule,
  partsOf,
  ruleAtRest,
  ruleDue,
  type PointTest,
  type Rule,
  type RuleState,
  type RuleStep,
} from '@fengsui/alarm';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import { limitId } from './limit-watch.ts';
import type { ReportShape } from './report-shape.ts';

/** Where a rule stands at a device. Of another version than the one that watches it says nothing. */
export type KeptRuleState = RuleState & { readonly version: number };

export type StandingRule = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly ruleId: string;
  readonly state: KeptRuleState;
};

type PartState = RuleState['parts'][number];
type Sample = { readonly point: string; readonly at: number; readonly value: number };

const NONE: readonly Rule[] = [];

/** What is more than a limit on a point: rises, combinations, sequences, counts, and whatever speaks at certain hours. */
export class RuleWatch {
  readonly #registry: Registry;
  /** By `limitId`: a rule is a limit or something else, never both at once. */
  readonly #states = new Map<string, StandingRule>();
  /** When each is to be asked next, on the clock of its samples. */
  readonly #dues = new Map<string, number>();
  #rulesOfShape = new WeakMap<ReportShape, Map<string, readonly (readonly Rule[])[] | undefined>>();
  #revision = -1;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Worst first, as of limits. */
  rulesOf({ model, venueId }: Pick<DeviceRecord, 'model' | 'venueId'>): readonly Rule[] {
    const { rules } = this.#registry;
    if (!rules.isAnyMore) return NONE;
    return [...rules.moreThanLimitsFor(this.#registry.rulePlace(venueId, model))].sort(
      (a, b) => levels.indexOf(b.level) - levels.indexOf(a.level),
    );
  }

  /** Of each point of a report, in its order; undefined when there is none at all, as nearly everywhere. */
  rulesOfShape(modelId: string, shape: ReportShape, venueId: string): readonly (readonly Rule[])[] | undefined {
    const { rules } = this.#registry;
    if (!rules.isAnyMore) return undefined;
    if (rules.revision !== this.#revision) {
      this.#revision = rules.revision;
      this.#rulesOfShape = new WeakMap();
    }
    const venue = this.#registry.venue(venueId);
    const key = `${venue?.class}/${venue?.organisationId}`;
    let byVenue = this.#rulesOfShape.get(shape);
    if (byVenue === undefined)
      this.#rulesOfShape.set(shape, (byVenue = new Map<string, readonly (readonly Rule[])[] | undefined>()));
    if (byVenue.has(key)) return byVenue.get(key);
    const all = this.rulesOf({ model: modelId, venueId });
    const ofPoints = shape.points.map((point, i) =>
      (shape.columns[i] as number) < 0
        ? NONE
        : all.filter(({ test }) => partsOf(test).some((part) => matchesPoint(part, point))),
    );
    const found = ofPoints.some(({ length }) => length > 0) ? ofPoints : undefined;
    byVenue.set(key, found);
    return found;
  }

  /** The rule as it stands for the device; undefined when it is a limit, off, or nowhere on. */
  rule(id: string, device: Pick<DeviceRecord, 'model' | 'venueId'>): Rule | undefined {
    return this.rulesOf(device).find((rule) => rule.id === id);
  }

  standing(): Iterable<StandingRule> {
    return [...this.#states.values()];
  }

  restore(id: string, state: KeptRuleState): void {
    const [deviceId = '', pointId = '', ...rest] = id.split('/');
    this.#states.set(id, { deviceId, pointId, ruleId: rest.join('/'), state });
  }

  /**
   * A live report is evaluated whatever its `at`: where the device's clock went back, that of the rule stands still.
   *
   * @param pointId where the alarm is.
   * @returns `isKept` false when there is nothing to store, `isDueAnew` when another instant is to be waited for.
   */
  sample(rule: Rule, deviceId: string, pointId: string, { point, at, value }: Sample) {
    const before = this.#state(rule, deviceId, pointId);
    const newest = partsOf(rule.test).map((part, i) =>
      matchesPoint(part, point) ? (before.parts[i]?.lastAt ?? -Infinity) : -Infinity,
    );
    const told = { point, at: Math.max(at, Math.max(...newest) + 1), value };
    return { at: told.at, ...this.#keep(rule, deviceId, pointId, before, nextRule(rule, before, told)) };
  }

  /** Undefined when nothing is known of it. */
  due(rule: Rule, deviceId: string, pointId: string, dueAt: number) {
    const known = this.#states.get(limitId(deviceId, pointId, rule.id));
    if (known === undefined || known.state.version !== rule.version) return undefined;
    return this.#keep(rule, deviceId, pointId, known.state, ruleDue(rule, known.state, dueAt));
  }

  /** Puts a rule where it is said to be; undefined: nothing is known of it any more. */
  settle({ deviceId, pointId, ruleId }: Omit<StandingRule, 'state'>, state: KeptRuleState | undefined): void {
    const id = limitId(deviceId, pointId, ruleId);
    this.#dues.delete(id);
    if (state === undefined) this.#states.delete(id);
    else this.#states.set(id, { deviceId, pointId, ruleId, state });
  }

  #state(rule: Rule, deviceId: string, pointId: string): RuleState {
    const known = this.#states.get(limitId(deviceId, pointId, rule.id))?.state;
    return known === undefined || known.version !== rule.version ? ruleAtRest(rule) : known;
  }

  #keep(rule: Rule, deviceId: string, pointId: string, before: RuleState, step: RuleStep) {
    const id = limitId(deviceId, pointId, rule.id);
    const state: KeptRuleState = { ...step.state, version: rule.version };
    this.#states.set(id, { deviceId, pointId, ruleId: rule.id, state });
    const isDueAnew = this.#dues.get(id) !== step.dueAt;
    if (step.dueAt === undefined) this.#dues.delete(id);
    else this.#dues.set(id, step.dueAt);
    return { ...step, state, isKept: !isAlike(rule, before, step.state), isDueAnew };
  }
}

/** From this part of the rise that is asked for on, a restart goes on with what was seen of it. */
const RISE_KEPT = 1 / 4;

/** Whether a restart may as well go on from the one as from the other. */
function isAlike({ test }: Rule, before: RuleState, now: RuleState): boolean {
  return (
    before.holds === now.holds &&
    before.isActive === now.isActive &&
    before.firstAt === now.firstAt &&
    before.enteredAt?.length === now.enteredAt?.length &&
    before.enteredAt?.at(-1) === now.enteredAt?.at(-1) &&
    partsOf(test).every((part, i) => isAlikePart(part, before.parts[i], now.parts[i]))
  );
}

function isAlikePart(test: PointTest, before: PartState | undefined, now: PartState | undefined): boolean {
  if (before?.phase !== now?.phase) return false;
  if (test.kind === 'limit') return sinceOf(before) === sinceOf(now);
  const [wasUnderWay, isUnderWay] = [before, now].map((state) => seenRise(state) >= test.riseAtLeast * RISE_KEPT);
  if (isUnderWay && !wasUnderWay) return false;
  return !wasUnderWay || minimaOf(before).at(-1)?.[0] === minimaOf(now).at(-1)?.[0];
}

const sinceOf = (part: PartState | undefined): number | undefined =>
  part !== undefined && 'since' in part ? part.since : undefined;

const minimaOf = (part: PartState | undefined): readonly (readonly [at: number, value: number])[] =>
  part !== undefined && 'minima' in part ? (part.minima ?? []) : [];

/** Lowest values lie apart: a steep rise may not have reached the second of them yet. */
function seenRise(part: PartState | undefined): number {
  const [lowest] = minimaOf(part);
  return part !== undefined && 'lastValue' in part && lowest !== undefined ? (part.lastValue ?? 0) - lowest[1] : 0;
}
