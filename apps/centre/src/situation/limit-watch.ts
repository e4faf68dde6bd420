import {
  defaultLimitRules,
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

export const limitId = (deviceId: string, pointId: string, ruleId: string): string =>
  `${deviceId}/${pointId}/${ruleId}`;

/** The centre's limits on points: which rules watch a point, and how far each of them is. */
export class LimitWatch {
  readonly #rules: readonly LimitRule[];
  readonly #ruleById: ReadonlyMap<string, LimitRule>;
  /** Model → point id → rules. Rules name points: the answer is the same for all devices of a model in its version. */
  readonly #rulesOfModel = new WeakMap<DeviceModel, ReadonlyMap<string, readonly LimitRule[]>>();
  readonly #states = new Map<string, LimitState>();
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

  rule(id: string): LimitRule | undefined {
    const own = this.#ruleById.get(id);
    if (own !== undefined) return own;
    return this.#registry.modelLimits(id.slice(0, id.indexOf(':'))).find((rule) => rule.id === id);
  }

  clear(): void {
    this.#states.clear();
  }

  restore(id: string, state: LimitState): void {
    this.#states.set(id, state);
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
    const id = limitId(deviceId, pointId, rule.id);
    const before = this.#states.get(id);
    const at = Math.max(deviceAt, (before?.lastAt ?? -Infinity) + 1);
    const step = nextLimit(rule, before, { at, value });
    this.#states.set(id, step.state);
    return { ...step, at, changed: (before?.phase ?? 'inside') !== step.state.phase };
  }

  due(rule: LimitRule, deviceId: string, pointId: string, dueAt: number): LimitStep | undefined {
    const id = limitId(deviceId, pointId, rule.id);
    const before = this.#states.get(id);
    if (before === undefined) return undefined;
    const step = limitDue(rule, before, dueAt);
    this.#states.set(id, step.state);
    return step;
  }
}
