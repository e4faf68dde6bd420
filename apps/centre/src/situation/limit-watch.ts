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
import type { Registry } from '../registry/registry.ts';

export const limitId = (deviceId: string, pointId: string, ruleId: string): string =>
  `${deviceId}/${pointId}/${ruleId}`;

/** The centre's limits on points: which rules watch a point, and how far each of them is. */
export class LimitWatch {
  readonly #rules: readonly LimitRule[];
  readonly #ruleById: ReadonlyMap<string, LimitRule>;
  /** Model id → point id → rules. Rules name points, so the answer is the same for all devices of a model. */
  readonly #rulesOfModel = new Map<string, ReadonlyMap<string, readonly LimitRule[]>>();
  readonly #states = new Map<string, LimitState>();
  readonly #registry: Registry;

  constructor(registry: Registry, rules: readonly LimitRule[] = defaultLimitRules) {
    this.#registry = registry;
    // Worst first: a value beyond two limits at once raises at the worse level, not at one that escalates at once.
    this.#rules = [...rules].sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level));
    this.#ruleById = new Map(rules.map((rule) => [rule.id, rule]));
  }

  rulesOf(modelId: string, pointId: string): readonly LimitRule[] {
    let ofModel = this.#rulesOfModel.get(modelId);
    if (ofModel === undefined) {
      const points = this.#registry.model(modelId)?.points ?? [];
      ofModel = new Map(points.map(({ id }) => [id, this.#rules.filter((rule) => matchesPoint(rule, id))]));
      this.#rulesOfModel.set(modelId, ofModel);
    }
    return ofModel.get(pointId) ?? [];
  }

  rule(id: string): LimitRule | undefined {
    return this.#ruleById.get(id);
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
