import { isLessSensitive, isLifeSafety, ruleOfLimit, ruleProblems, type LimitRule, type Rule } from '@fengsui/alarm';
import type { RuleDraft, RuleState } from '@fengsui/protocol';
import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { RegistryDesk } from '../registry/registry-desk.ts';
import type { Registry } from '../registry/registry.ts';
import type { RuleVersion } from './rule-book.ts';

/** Changes of rules: drafted, tried on the past, reviewed by another, switched on, taken back. */
export class RuleDesk {
  readonly #desk: RegistryDesk;
  readonly #ofProduct: ReadonlyMap<string, Rule>;

  constructor(desk: RegistryDesk, ofProduct: readonly LimitRule[]) {
    this.#desk = desk;
    this.#ofProduct = new Map(ofProduct.map((limit) => [limit.id, ruleOfLimit(limit)]));
  }

  ofProduct(id: string): Rule | undefined {
    return this.#ofProduct.get(id);
  }

  /** A later version than all there are; that of the product is the first. */
  draft(id: string, { reason, ...draft }: RuleDraft, by: string): Promise<RuleVersion> {
    return this.#desk.change((registry, at) => {
      const known = registry.rules.versionsOf(id);
      const first = this.#ofProduct.get(id) ?? known.at(-1)?.rule;
      const rule: Rule = { ...draft, id, version: (known[0]?.rule.version ?? (first === undefined ? 0 : 1)) + 1 };
      const problems = [...ruleProblems(rule)];
      if (first !== undefined && first.kind !== rule.kind)
        problems.push(`rule ${id}: kind is ${rule.kind}: expected ${first.kind}, as all its versions`);
      if (problems.length > 0) throw new RegistryRefusal('invalidRule', problems.join('\n'));
      if (first !== undefined && isLifeSafety(first) && isLessSensitive(rule, first) && (reason ?? '').trim() === '')
        throw new RegistryRefusal(
          'ruleReasonMissing',
          `rule ${id} would be less sensitive than ${this.#ofProduct.has(id) ? 'that of the product' : 'its first version'}: expected a reason`,
        );
      const version: RuleVersion = {
        rule,
        state: 'draft',
        author: by,
        ...(reason !== undefined && { reason }),
        lines: [{ at, by, to: 'draft' }],
      };
      return { changes: [{ kind: 'rulePut', version }], result: version };
    });
  }

  /** The version, which can still be tried. */
  toTry(registry: Registry, id: string, number: number): RuleVersion {
    const version = versionOf(registry, id, number);
    mustBe(version, ['draft', 'tried'], 'can be tried');
    return version;
  }

  /** Keeps what a trial has found. */
  tried(id: string, number: number, trial: NonNullable<RuleVersion['trial']>): Promise<RuleVersion> {
    return this.#step(id, number, 'tried', trial.by, undefined, (version) => {
      mustBe(version, ['draft', 'tried'], 'can be tried');
      return { trial };
    });
  }

  review(id: string, number: number, by: string, note?: string): Promise<RuleVersion> {
    return this.#step(id, number, 'reviewed', by, note, (version) => {
      mustBeTried(version);
      mustBe(version, ['tried'], 'can be reviewed');
      if (version.author === by)
        throw new RegistryRefusal('ruleReviewNeeded', `${by} wrote it: expected a review by another account`);
      return { reviewer: by };
    });
  }

  switchOn(id: string, number: number, by: string): Promise<RuleVersion> {
    return this.#step(id, number, 'on', by, undefined, (version, at) => {
      mustBeTried(version);
      if (version.state === 'tried')
        throw new RegistryRefusal('ruleReviewNeeded', `rule ${id} version ${number} has not been reviewed`);
      mustBe(version, ['reviewed'], 'can be switched on');
      const { validFrom = '', validTo = '9999-12-31' } = version.rule;
      const today = new Date(at).toISOString().slice(0, 10);
      if (today < validFrom || today > validTo)
        throw new RegistryRefusal(
          'ruleNotValid',
          `rule ${id} version ${number} is valid from ${validFrom} to ${validTo}: today is ${today}`,
        );
      return {};
    });
  }

  /** What was on before it, or the rule of the product, is in force again. */
  retire(id: string, number: number, reason: string, by: string): Promise<RuleVersion> {
    return this.#step(id, number, 'retired', by, reason, (version) => {
      mustBe(version, ['draft', 'tried', 'reviewed', 'on'], 'can be retired');
      return {};
    });
  }

  #step(
    id: string,
    number: number,
    to: RuleState,
    by: string,
    note: string | undefined,
    work: (version: RuleVersion, at: number) => Partial<RuleVersion>,
  ): Promise<RuleVersion> {
    return this.#desk.change((registry, at) => {
      const before = versionOf(registry, id, number);
      const more = work(before, at);
      const line = { at, by, to, ...(note !== undefined && { note }) };
      const version: RuleVersion = { ...before, ...more, state: to, lines: [...before.lines, line] };
      return { changes: [{ kind: 'rulePut', version }], result: version };
    });
  }
}

function versionOf(registry: Registry, id: string, number: number): RuleVersion {
  const version = registry.rules.find(id, number);
  if (version === undefined) throw new RegistryRefusal('unknownRule', `rule ${id} has no version ${number} to change`);
  return version;
}

function mustBeTried({ rule, trial }: RuleVersion): void {
  if (trial === undefined)
    throw new RegistryRefusal(
      'ruleNotTried',
      `rule ${rule.id} version ${rule.version} has not been tried on the past: nobody knows what it would raise`,
    );
}

function mustBe({ rule, state }: RuleVersion, states: readonly RuleState[], what: string): void {
  if (states.includes(state)) return;
  throw new RegistryRefusal(
    'ruleState',
    `rule ${rule.id} version ${rule.version} is ${state}: ${what} what is ${states.join(' or ')}`,
  );
}
