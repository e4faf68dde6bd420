import { limitDue, nextLimit, type LimitRule, type LimitState } from '@fengsui/alarm';

/** How often a limit would have been entered by samples in their order; delays end when they are due, as by a timer. */
export class RaisedCount {
  readonly #rule: LimitRule;
  #state: LimitState | undefined;
  #value = NaN;
  count = 0;
  /** The first ones: when, and by which value. */
  readonly examples: { readonly at: number; readonly value: number }[] = [];

  constructor(rule: LimitRule) {
    this.#rule = rule;
  }

  sample(at: number, value: number): void {
    this.until(at);
    const step = nextLimit(this.#rule, this.#state, { at, value });
    this.#state = step.state;
    if (Number.isFinite(value)) this.#value = value;
    this.#note(step);
  }

  /** Nothing more has come before `at`. */
  until(at: number): void {
    if (this.#state?.since === undefined) return;
    const step = limitDue(this.#rule, this.#state, at);
    this.#state = step.state;
    this.#note(step);
  }

  #note({ change, changedAt }: { readonly change?: string; readonly changedAt?: number }): void {
    if (change !== 'entered' || changedAt === undefined) return;
    this.count++;
    if (this.examples.length < 20) this.examples.push({ at: changedAt, value: this.#value });
  }
}
