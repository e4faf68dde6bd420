import {
  isLessSensitive,
  isLifeSafety,
  isLowered,
  ruleOfLimit,
  ruleProblems,
  type LimitRule,
  type Rule,
} from '@fengsui/alarm';
import type { RuleDraft, RuleState } from '@fengsui/protocol';
import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { RegistryDesk } from '../registry/registry-desk.ts';
import type { Registry } from '../registry/registry.ts';
import type { RuleLine, RuleVersion } from './rule-book.ts';
import { localDay, turnOf, utcOffsetMinAt } from './rule-dates.ts';

/** Changes of rules: drafted, tried on the past, reviewed by another, switched on, taken back. */
export class RuleDesk {
  readonly #desk: RegistryDesk;
  readonly #ofProduct: ReadonlyMap<string, Rule>;
  readonly #timeZone: string;

  /** @param timeZone of the days on which a version is valid. */
  constructor(desk: RegistryDesk, ofProduct: readonly LimitRule[], timeZone: string) {
    this.#desk = desk;
    this.#timeZone = timeZone;
    this.#ofProduct = new Map(ofProduct.map((limit) => [limit.id, ruleOfLimit(limit)]));
  }

  ofProduct(id: string): Rule | undefined {
    return this.#ofProduct.get(id);
  }

  /** A later version than all there are; that of the product is the first. */
  draft(id: string, { reason, schedule, ...draft }: RuleDraft, by: string): Promise<RuleVersion> {
    return this.#desk.change((registry, at) => {
      const known = registry.rules.versionsOf(id);
      const first = this.#ofProduct.get(id) ?? known.at(-1)?.rule;
      const rule: Rule = {
        ...draft,
        ...(schedule !== undefined && {
          schedule: { ...schedule, utcOffsetMin: schedule.utcOffsetMin ?? utcOffsetMinAt(this.#timeZone, at) },
        }),
        id,
        version: (known[0]?.rule.version ?? (first === undefined ? 0 : 1)) + 1,
      };
      const problems = [...ruleProblems(rule)];
      if (first !== undefined && first.kind !== rule.kind)
        problems.push(`rule ${id}: kind is ${rule.kind}: expected ${first.kind}, as all its versions`);
      if (problems.length > 0) throw new RegistryRefusal('invalidRule', problems.join('\n'));
      const isDuller = isLowered(rule) || (first !== undefined && isLessSensitive(rule, first));
      if (isLifeSafety(rule) && isDuller && (reason ?? '').trim() === '')
        throw new RegistryRefusal(
          'ruleReasonMissing',
          `rule ${id} would be less sensitive or less urgent than ${this.#ofProduct.has(id) ? 'that of the product' : 'its first version, or its kind'}: expected a reason`,
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

  /** Before its first day: it begins then, by itself. */
  switchOn(id: string, number: number, by: string): Promise<RuleVersion> {
    return this.#step(id, number, 'on', by, undefined, (version, at) => {
      mustBeTried(version);
      if (version.state === 'tried')
        throw new RegistryRefusal('ruleReviewNeeded', `rule ${id} version ${number} has not been reviewed`);
      mustBe(version, ['reviewed'], 'can be switched on');
      const { validFrom = '', validTo } = version.rule;
      const today = localDay(at, this.#timeZone);
      if (validTo !== undefined && today > validTo)
        throw new RegistryRefusal(
          'ruleNotValid',
          `rule ${id} version ${number} is valid until ${validTo}: today is ${today}`,
        );
      if (version.scheduledBy !== undefined)
        throw new RegistryRefusal('ruleState', `rule ${id} version ${number} begins on ${validFrom} by itself`);
      return today < validFrom ? { state: 'reviewed', scheduledBy: by } : {};
    });
  }

  /** What was on before it, or the rule of the product, is in force again. */
  retire(id: string, number: number, reason: string, by: string): Promise<RuleVersion> {
    return this.#step(id, number, 'retired', by, reason, (version) => {
      mustBe(version, ['draft', 'tried', 'reviewed', 'on'], 'can be retired');
      return {};
    });
  }

  /** What is due today of what somebody has switched on: it begins, or is over. */
  turn(id: string, number: number): Promise<void> {
    return this.#desk.change((registry, at) => {
      const before = registry.rules.find(id, number);
      const to = before === undefined ? undefined : turnOf(before, localDay(at, this.#timeZone));
      if (before === undefined || to === undefined) return { changes: [], result: undefined };
      const { validFrom, validTo } = before.rule;
      const note = to === 'on' ? `validFrom ${validFrom}` : `validTo ${validTo}`;
      const line: RuleLine = { at, by: 'centre', to, note };
      const version: RuleVersion = { ...before, state: to, lines: [...before.lines, line] };
      return { changes: [{ kind: 'rulePut', version }], result: undefined };
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
      const told = to === 'on' && more.scheduledBy !== undefined ? 'scheduled' : to;
      const line: RuleLine = { at, by, to: told, ...(note !== undefined && { note }) };
      const version: RuleVersion = { ...before, state: to, ...more, lines: [...before.lines, line] };
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
