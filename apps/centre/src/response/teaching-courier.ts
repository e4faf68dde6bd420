import { randomUUID } from 'node:crypto';
import { commandLifetimeMs, type LoadJudgement } from '@fengsui/protocol';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { isFinalTeaching, undeliveredJudgements } from '../record/teaching.ts';
import type { Effects } from '../situation/effects.ts';
import type { CommandActMeta } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { Store } from '../store/store.ts';
import type { CommandDesk } from './command-desk.ts';

export type TeachingCourierOptions = {
  readonly store: Store;
  readonly situation: Situation;
  readonly journal: Journal;
  readonly worker: Worker;
  readonly commands: CommandDesk;
  readonly clock: Clock;
  readonly log: Log;
};

/** What one device has still to learn, oldest first, and when it may be told again. */
type Errand = { readonly waiting: Map<string, LoadJudgement>; notBefore: number; failures: number };

const LOOK_EVERY_MS = 2_000;
const ACT_TIMEOUT_MS = 10_000;
/** After a command that was not answered, or was refused for a passing reason. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** A reply may come this long after the command expired. */
const REPLY_MS = commandLifetimeMs + 10_000;

/**
 * Carries what people said of a terminal's loads to the terminal: signed commands `teach`, one after the other in
 * their order, when it is connected. What is delivered is on record as a command with its reply; nothing is kept here
 * that the store does not know.
 */
export class TeachingCourier {
  readonly #options: TeachingCourierOptions;
  readonly #errands = new Map<string, Errand>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TeachingCourierOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const judgement of await undeliveredJudgements(this.#options.store, this.#options.clock.now())) {
      this.#take(judgement);
    }
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Told of every commit. */
  follow({ acts, commands }: Pick<Effects, 'acts' | 'commands'>): void {
    for (const { outcome } of acts) if (outcome.kind === 'judged') this.#take(outcome.judgement);
    for (const command of commands.values()) {
      const { judgementId } = command.args as { readonly judgementId?: string };
      const errand = this.#errands.get(command.deviceId);
      if (command.name !== 'teach' || judgementId === undefined || errand === undefined) continue;
      if (isFinalTeaching(command)) {
        errand.waiting.delete(judgementId);
        Object.assign(errand, { notBefore: 0, failures: 0 });
        if (errand.waiting.size === 0) this.#errands.delete(command.deviceId);
      } else if (command.state !== 'requested' && command.state !== 'sent') this.#pause(errand);
    }
  }

  #take(judgement: LoadJudgement): void {
    const { deviceId, id } = judgement;
    let errand = this.#errands.get(deviceId);
    if (errand === undefined) {
      errand = { waiting: new Map(), notBefore: 0, failures: 0 };
      this.#errands.set(deviceId, errand);
    }
    if (!errand.waiting.has(id)) errand.waiting.set(id, judgement);
  }

  #pause(errand: Errand): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** errand.failures);
    Object.assign(errand, { notBefore: this.#options.clock.now() + pauseMs, failures: errand.failures + 1 });
  }

  #look(): void {
    const { clock, situation, commands, log } = this.#options;
    const now = clock.now();
    for (const [deviceId, errand] of this.#errands) {
      const [judgement] = errand.waiting.values();
      if (judgement === undefined || now < errand.notBefore || situation.isIdentitySuspect(deviceId)) continue;
      if (!commands.isReachable(deviceId)) continue;
      errand.notBefore = now + REPLY_MS;
      this.#send(judgement).catch((error: unknown) => {
        this.#pause(errand);
        log.warn('judgement not sent', { deviceId, error: error instanceof Error ? error.message : String(error) });
      });
    }
  }

  async #send({ id, deviceId, loadEventId, verdict, name, by, at }: LoadJudgement): Promise<void> {
    const { clock, situation, journal, worker, commands } = this.#options;
    const device = situation.registry.device(deviceId);
    if (device === undefined) return;
    const said = { judgementId: id, loadEventId, verdict, ...(name !== undefined && { name }), by, at: Date.parse(at) };
    const now = clock.now();
    const meta: CommandActMeta = {
      ...{ actId: randomUUID(), venueId: device.venueId, by, at: now, isReachable: true },
      act: { kind: 'command', deviceId, name: 'teach', args: said, reason: `judgement of load ${loadEventId}` },
      expiresAt: now + commandLifetimeMs,
    };
    const outcome = worker.outcomeOf(meta.actId, ACT_TIMEOUT_MS);
    const partition = situation.registry.partitionOf(device.venueId);
    const [settled] = await Promise.all([
      outcome,
      journal.append('alarm', [{ kind: 'operatorAct', partition, appendedAt: now, meta }]),
    ]);
    if (settled.kind === 'commanded') await commands.dispatch(settled.command);
  }
}
