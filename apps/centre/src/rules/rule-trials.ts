import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { Log } from '../platform/log.ts';
import type { RuleVersion } from './rule-book.ts';
import type { RuleDesk } from './rule-desk.ts';
import { tryRule, type TrialParts, type TrialProgress } from './try-rule.ts';

/** Trials of rules on the past, one at a time: the store has other work. */
export class RuleTrials {
  readonly #parts: TrialParts;
  readonly #desk: RuleDesk;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #running: { readonly id: string; readonly version: number; progress: TrialProgress } | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: TrialParts, desk: RuleDesk, log: Log) {
    this.#parts = parts;
    this.#desk = desk;
    this.#log = log;
  }

  /** Begins a trial; its figure is kept with the version when it ends. */
  start(version: RuleVersion, days: number, now: number, by: string): void {
    const { id, version: number } = version.rule;
    if (this.#running !== undefined)
      throw new RegistryRefusal(
        'ruleTrialRunning',
        `rule ${this.#running.id} version ${this.#running.version} is being tried: one at a time`,
      );
    const running = { id, version: number, progress: { triedDeviceCount: 0, deviceCount: 0, reportCount: 0 } };
    this.#running = running;
    const onProgress = (progress: TrialProgress): void => void (running.progress = { ...progress });
    this.#work = tryRule(this.#parts, version, { days, now, by, signal: this.#stop.signal, onProgress })
      .then((trial) => this.#desk.tried(id, number, trial))
      .then(
        () => undefined,
        (error: unknown) => {
          if (!this.#stop.signal.aborted)
            this.#log.error('a trial of a rule failed', { id, number, error: String(error) });
        },
      )
      .finally(() => void (this.#running = undefined));
  }

  progressOf(id: string, version: number): TrialProgress | undefined {
    return this.#running?.id === id && this.#running.version === version ? this.#running.progress : undefined;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }
}
