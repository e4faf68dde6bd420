import { limitOfRule, type LimitRule, type Rule, type RuleScope } from '@fengsui/alarm';
import type { RuleState, RuleTrial } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';

/** A version of a rule and what was done to it; instants are epoch ms. */
export type RuleVersion = {
  readonly rule: Rule;
  readonly state: RuleState;
  readonly author: string;
  /** Why it may be less sensitive than what it takes the place of. */
  readonly reason?: string;
  readonly trial?: Omit<RuleTrial, 'at' | 'from' | 'examples'> & {
    readonly at: number;
    readonly from: number;
    readonly examples: readonly (Omit<RuleTrial['examples'][number], 'at'> & { readonly at: number })[];
  };
  readonly reviewer?: string;
  /** Who has switched it on before its first day, on which it begins by itself. */
  readonly scheduledBy?: string;
  /** Oldest first. */
  readonly lines: readonly RuleLine[];
};

export type RuleLine = {
  readonly at: number;
  readonly by: string;
  readonly to: RuleState | 'scheduled';
  readonly note?: string;
};

/** What of a device decides which rules watch it. */
export type RulePlace = {
  readonly model: string | undefined;
  readonly venueClass: string | undefined;
  /** The owner of its venue and everything above it. */
  readonly organisations: readonly string[];
};

/** Whether devices of the place are in the scope. A jurisdiction is an organisation with all that is under it. */
export function isInRuleScope({ models, venueClasses, jurisdictions }: RuleScope, place: RulePlace): boolean {
  return (
    (models === undefined || place.model === undefined || models.includes(place.model)) &&
    (venueClasses === undefined || (place.venueClass !== undefined && venueClasses.includes(place.venueClass))) &&
    (jurisdictions === undefined || place.organisations.some((id) => jurisdictions.includes(id)))
  );
}

/** Rules that people wrote, beside those of the product and of device models; a part of the registry. */
export class RuleBook {
  readonly #versions = new Map<string, Map<number, RuleVersion>>();
  #revision = 0;
  #isAnyOn = false;
  #isAnyMore = false;

  async load(store: Store): Promise<void> {
    for (const { doc } of await store.query('select doc from rule_version')) this.put(doc as RuleVersion);
  }

  put(version: RuleVersion): void {
    const { id, version: number } = version.rule;
    const ofId = this.#versions.get(id) ?? new Map<number, RuleVersion>();
    ofId.set(number, version);
    this.#versions.set(id, ofId);
    this.#revision++;
    const on = this.all().filter(({ state }) => state === 'on');
    this.#isAnyOn = on.length > 0;
    this.#isAnyMore = on.some(({ rule }) => isMoreThanLimit(rule));
  }

  /** Another after every change: what was made of the rules before is old. */
  get revision(): number {
    return this.#revision;
  }

  /** False as long as the rules are those of the product and of models, whatever the place. */
  get isAnyOn(): boolean {
    return this.#isAnyOn;
  }

  /** Whether any that is on is more than a limit. */
  get isAnyMore(): boolean {
    return this.#isAnyMore;
  }

  find(id: string, version: number): RuleVersion | undefined {
    return this.#versions.get(id)?.get(version);
  }

  /** Newest first. */
  versionsOf(id: string): readonly RuleVersion[] {
    return [...(this.#versions.get(id)?.values() ?? [])].sort((a, b) => b.rule.version - a.rule.version);
  }

  /** By id, newest version first. */
  all(): readonly RuleVersion[] {
    return [...this.#versions.keys()].sort().flatMap((id) => this.versionsOf(id));
  }

  /** The newest version of the id that is on for the place. */
  on(id: string, place: RulePlace): RuleVersion | undefined {
    return this.versionsOf(id).find(({ state, rule }) => state === 'on' && isInRuleScope(rule.scope, place));
  }

  /** What of the place is more than a limit on a point. */
  moreThanLimitsFor(place: RulePlace): readonly Rule[] {
    return [...this.#versions.keys()].flatMap((id) => {
      const version = this.on(id, place);
      return version !== undefined && isMoreThanLimit(version.rule) ? [version.rule] : [];
    });
  }

  /** Limits of the place: those of the product, each as it stands there, and those that people added. */
  limitsFor(limits: readonly LimitRule[], place: RulePlace): readonly LimitRule[] {
    if (!this.#isAnyOn) return limits;
    const own = new Map<string, RuleVersion>();
    for (const id of this.#versions.keys()) {
      const version = this.on(id, place);
      if (version !== undefined) own.set(id, version);
    }
    const kept = limits.filter(({ id }) => !own.has(id));
    return [...kept, ...[...own.values()].flatMap(({ rule }) => limitOfRule(rule) ?? [])];
  }
}

const isMoreThanLimit = (rule: Rule): boolean => rule.test.kind !== 'off' && limitOfRule(rule) === undefined;
