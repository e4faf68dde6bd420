import {
  defaultLimitRules,
  isBeyondLimit,
  levels,
  limitDue,
  limitOfRule,
  matchesPoint,
  nextLimit,
  type LimitRule,
  type LimitState,
  type LimitStep,
} from '@fengsui/alarm';
import type { DeviceModel } from '@fengsui/protocol';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import type { ReportShape } from './report-shape.ts';

export const limitId = (deviceId: string, pointId: string, ruleId: string): string =>
  `${deviceId}/${pointId}/${ruleId}`;

type MutableState = { -readonly [Key in keyof LimitState]: LimitState[Key] };

/** A limit that is not at rest. */
export type StandingLimit = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly ruleId: string;
  readonly state: LimitState;
};

/** The centre's limits on points: which rules watch a point, and how far each of them is. */
export class LimitWatch {
  readonly #rules: readonly LimitRule[];
  readonly #ruleById: ReadonlyMap<string, LimitRule>;
  /** Rules name points: the answer is the same for all devices of a model in its version, in venues that are alike. */
  #rulesOfModel = new WeakMap<DeviceModel, Map<string, ReadonlyMap<string, readonly LimitRule[]>>>();
  /** A shape belongs to a model in its version, as the rules do. */
  #rulesOfShape = new WeakMap<ReportShape, Map<string, readonly (readonly LimitRule[])[]>>();
  #revision = 0;
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

  rulesOf(modelId: string, pointId: string, venueId: string): readonly LimitRule[] {
    const model = this.#registry.model(modelId);
    if (model === undefined) return [];
    const venue = this.#venueKey(venueId);
    let byVenue = this.#rulesOfModel.get(model);
    if (byVenue === undefined)
      this.#rulesOfModel.set(model, (byVenue = new Map<string, ReadonlyMap<string, readonly LimitRule[]>>()));
    let ofModel = byVenue.get(venue);
    if (ofModel === undefined) {
      const place = this.#registry.rulePlace(venueId, modelId);
      const limits = [...this.#registry.rules.limitsFor(this.#rules, place), ...this.#registry.modelLimits(modelId)];
      // Worst first: a value beyond two limits at once raises at the worse level, not at one that escalates at once.
      const rules = limits.sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level));
      ofModel = new Map(model.points.map(({ id }) => [id, rules.filter((rule) => matchesPoint(rule, id))]));
      byVenue.set(venue, ofModel);
    }
    return ofModel.get(pointId) ?? [];
  }

  /** Of each point of a report, in its order. */
  rulesOfShape(modelId: string, shape: ReportShape, venueId: string): readonly (readonly LimitRule[])[] {
    const venue = this.#venueKey(venueId);
    let byVenue = this.#rulesOfShape.get(shape);
    if (byVenue === undefined)
      this.#rulesOfShape.set(shape, (byVenue = new Map<string, readonly (readonly LimitRule[])[]>()));
    let rules = byVenue.get(venue);
    if (rules === undefined) {
      rules = shape.points.map((point, i) =>
        (shape.columns[i] as number) < 0 ? [] : this.rulesOf(modelId, point, venueId),
      );
      byVenue.set(venue, rules);
    }
    return rules;
  }

  /** The rule as it stands for the device; of a part behind a transmission device, whatever models it is scoped to. */
  rule(id: string, { venueId, model, gb }: Pick<DeviceRecord, 'venueId' | 'model' | 'gb'>): LimitRule | undefined {
    const place = this.#registry.rulePlace(venueId, gb === undefined ? model : undefined);
    const own = this.#registry.rules.on(id, place);
    if (own !== undefined) return limitOfRule(own.rule);
    const ofProduct = this.#ruleById.get(id);
    if (ofProduct !== undefined) return ofProduct;
    return this.#registry.modelLimits(id.slice(0, id.indexOf(':'))).find((rule) => rule.id === id);
  }

  /** The limits of the product. */
  get ofProduct(): readonly LimitRule[] {
    return this.#rules;
  }

  /** Every limit that is not at rest. */
  standing(): readonly StandingLimit[] {
    const found = [...this.#restored].map(([id, state]): StandingLimit => {
      const [deviceId = '', pointId = '', ...rest] = id.split('/');
      return { deviceId, pointId, ruleId: rest.join('/'), state };
    });
    for (const [ruleId, points] of this.#states)
      for (const [pointId, devices] of points)
        for (const [deviceId, state] of devices)
          if (state.phase !== 'inside') found.push({ deviceId, pointId, ruleId, state });
    return found.filter(({ state }) => state.phase !== 'inside');
  }

  /** Puts a limit where it is said to be. */
  settle({ deviceId, pointId, ruleId }: Omit<StandingLimit, 'state'>, state: LimitState): void {
    this.#restored.delete(limitId(deviceId, pointId, ruleId));
    this.#statesOf({ id: ruleId }, pointId).set(deviceId, { ...state });
  }

  /** Venues with the same key have the same rules. As long as nobody wrote any, all have. */
  #venueKey(venueId: string): string {
    const { rules } = this.#registry;
    if (rules.revision !== this.#revision) {
      this.#revision = rules.revision;
      this.#rulesOfModel = new WeakMap();
      this.#rulesOfShape = new WeakMap();
    }
    if (!rules.isAnyOn) return '';
    const venue = this.#registry.venue(venueId);
    return venue === undefined ? '' : `${venue.class}/${venue.organisationId}`;
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

  #statesOf(rule: Pick<LimitRule, 'id'>, pointId: string): Map<string, MutableState> {
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
