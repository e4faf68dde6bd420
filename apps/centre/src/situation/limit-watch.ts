import {
  defaultLimitRules,
  isBeyondLimit,
  levels,
  limitDue,
  matchesPoint,
  nextLimit,
  type LimitRule,
  type LimitState,
  type LimitStep,
} from '@fengsui/alarm';
import type { DeviceModel } from '@fengsui/protocol';
import type { Registry } from '../registry/registry.ts';
import type { ReportShape } from './report-shape.ts';

export const limitId = (deviceId: string, pointId: string, ruleId: string): string =>
  `${deviceId}/${pointId}/${ruleId}`;

type MutableState = { -readonly [Key in keyof LimitState]: LimitState[Key] };

/** The centre's limits on points: which rules watch a point, and how far each of them is. */
export class LimitWatch {
  readonly #rules: readonly LimitRule[];
  readonly #ruleById: ReadonlyMap<string, LimitRule>;
  /** Model → point id → rules. Rules name points: the answer is the same for all devices of a model in its version. */
  readonly #rulesOfModel = new WeakMap<DeviceModel, ReadonlyMap<string, readonly LimitRule[]>>();
  /** A shape belongs to a model in its version, as the rules do. */
  readonly #rulesOfShape = new WeakMap<ReportShape, readonly (readonly LimitRule[])[]>();
  /** Rule id → point id → device id: no name is put together for a value that changes nothing. */
  readonly #states = new Map<string, Map<string, Map<string, MutableState>>>();
  /** By `limitId`, until the first value since the start. */
  readonly #restored = new Map<string, LimitState>();
  readonly #registry: Registry;

  constructor(registry: Registry, rules: readonly LimitRule[] = defaultLimitRules) {
    this.#registry = registry;
    this.#rules = rules;
    this.#ruleById = new Map(rules.map((rule) => [rule.id, rule]));
  }

  rulesOf(modelId: string, pointId: string): readonly LimitRule[] {
    const model = this.#registry.model(modelId);
    if (model === undefined) return [];
    let ofModel = this.#rulesOfModel.get(model);
    if (ofModel === undefined) {
      // Worst first: a value beyond two limits at once raises at the worse level, not at one that escalates at once.
      const rules = [...this.#rules, ...this.#registry.modelLimits(modelId)].sort(
        (a, b) => levels.indexOf(b.level) - levels.indexOf(a.level),
      );
      ofModel = new Map(model.points.map(({ id }) => [id, rules.filter((rule) => matchesPoint(rule, id))]));
      this.#rulesOfModel.set(model, ofModel);
    }
    return ofModel.get(pointId) ?? [];
  }

  /** Of each point of a report, in its order. */
  rulesOfShape(modelId: string, shape: ReportShape): readonly (readonly LimitRule[])[] {
    let rules = this.#rulesOfShape.get(shape);
    if (rules === undefined) {
      rules = shape.points.map((point, i) => ((shape.columns[i] as number) < 0 ? [] : this.rulesOf(modelId, point)));
      this.#rulesOfShape.set(shape, rules);
    }
    return rules;
  }

  rule(id: string): LimitRule | undefined {
    const own = this.#ruleById.get(id);
    if (own !== undefined) return own;
    return this.#registry.modelLimits(id.slice(0, id.indexOf(':'))).find((rule) => rule.id === id);
  }

  restore(id: string, state: LimitState): void {
    this.#restored.set(id, state);
  }

  /** True when the value is within the limit as the one before was: noted, and there is nothing else to do. */
  staysInside(rule: LimitRule, deviceId: string, pointId: string, deviceAt: number, value: number): boolean {
    const state = this.#statesOf(rule, pointId).get(deviceId);
    if (state?.phase !== 'inside' || state.lastAt === undefined || isBeyondLimit(rule, value)) return false;
    // In place: nearly every value of a city comes this way.
    state.lastAt = Math.max(deviceAt, state.lastAt + 1);
    return true;
  }

  /**
   * A live report is evaluated whatever its `at` (design.md 5.1): when the device's clock went back, the limit's clock
   * stands still instead of ignoring it. `changed` is false when there is nothing to store: the value stays on its side.
   */
  sample(
    rule: LimitRule,
    deviceId: string,
    pointId: string,
    deviceAt: number,
    value: number,
  ): LimitStep & { readonly changed: boolean; readonly at: number } {
    const before = this.#state(rule, deviceId, pointId);
    const at = Math.max(deviceAt, (before?.lastAt ?? -Infinity) + 1);
    const step = nextLimit(rule, before, { at, value });
    this.#statesOf(rule, pointId).set(deviceId, { ...step.state });
    return { ...step, at, changed: (before?.phase ?? 'inside') !== step.state.phase };
  }

  due(rule: LimitRule, deviceId: string, pointId: string, dueAt: number): LimitStep | undefined {
    const before = this.#state(rule, deviceId, pointId);
    if (before === undefined) return undefined;
    const step = limitDue(rule, before, dueAt);
    this.#statesOf(rule, pointId).set(deviceId, { ...step.state });
    return step;
  }

  #state(rule: LimitRule, deviceId: string, pointId: string): LimitState | undefined {
    const known = this.#statesOf(rule, pointId).get(deviceId);
    if (known !== undefined || this.#restored.size === 0) return known;
    const id = limitId(deviceId, pointId, rule.id);
    const restored = this.#restored.get(id);
    this.#restored.delete(id);
    return restored;
  }

  #statesOf(rule: LimitRule, pointId: string): Map<string, MutableState> {
    let ofRule = this.#states.get(rule.id);
    if (ofRule === undefined) {
      ofRule = new Map<string, Map<string, MutableState>>();
      this.#states.set(rule.id, ofRule);
    }
    let ofPoint = ofRule.get(pointId);
    if (ofPoint === undefined) {
      ofPoint = new Map<string, MutableState>();
      ofRule.set(pointId, ofPoint);
    }
    return ofPoint;
  }
}
