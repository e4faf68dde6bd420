import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Registry } from '../registry/registry.ts';
import { localDay, turnOf } from './rule-dates.ts';
import type { RuleDesk } from './rule-desk.ts';

/** How late a version may begin or end, after midnight; ours. */
const LOOK_EVERY_MS = 5_000;

type RuleCalendarOptions = {
  readonly registry: Registry;
  readonly desk: RuleDesk;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly log: Log;
};

/**
 * Versions begin on their first day and are over after their last: a change like a person's, so that all processes and
 * what follows a restart have it. What was due while nothing ran is done first of all.
 */
export class RuleCalendar {
  readonly #options: RuleCalendarOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Nothing is due as long as neither has changed. */
  #seen: { readonly day: string; readonly revision: number } | undefined;
  #isLooking = false;

  constructor(options: RuleCalendarOptions) {
    this.#options = options;
  }

  start(): void {
    const look = (): void => {
      this.look().catch((error: unknown) => {
        this.#options.log.warn('rules: not begun or ended on their day', { error: String(error) });
      });
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    const { registry, desk, clock, timeZone } = this.#options;
    const day = localDay(clock.now(), timeZone);
    const { revision } = registry.rules;
    if (this.#isLooking || (this.#seen?.day === day && this.#seen.revision === revision)) return;
    this.#isLooking = true;
    try {
      const due = registry.rules.all().filter((version) => turnOf(version, day) !== undefined);
      for (const { rule } of due) await desk.turn(rule.id, rule.version);
      this.#seen = { day, revision };
    } finally {
      this.#isLooking = false;
    }
  }
}
