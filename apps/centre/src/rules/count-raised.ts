import { leadPointOf, nextRule, ruleDue, type Rule, type RuleState, type RuleStep } from '@fengsui/alarm';

/** How often a rule would have been entered by samples in their order; what is due ends then, as by a timer. */
export class RaisedCount {
  readonly #rule: Rule;
  #state: RuleState | undefined;
  #dueAt = Infinity;
  #value = NaN;
  count = 0;
  /** The first ones: when, and by which value of the point that the alarm is at. */
  readonly examples: { readonly at: number; readonly value: number }[] = [];

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  sample(point: string, at: number, value: number): void {
    this.until(at);
    if (Number.isFinite(value) && leadPointOf(this.#rule, point) === point) this.#value = value;
    this.#take(nextRule(this.#rule, this.#state, { point, at, value }));
  }

  /** Nothing more has come before `at`. */
  until(at: number): void {
    while (this.#state !== undefined && this.#dueAt <= at) {
      const step = ruleDue(this.#rule, this.#state, at);
      this.#take(step);
      if (step.change === undefined) return;
    }
  }

  #take({ state, change, changedAt, dueAt }: RuleStep): void {
    this.#state = state;
    this.#dueAt = dueAt ?? Infinity;
    if (change !== 'entered' || changedAt === undefined) return;
    this.count++;
    if (this.examples.length < 20) this.examples.push({ at: changedAt, value: this.#value });
  }
}
