import type { Lane } from '../journal/entry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { clusterSubjects, type HeldShard, type LeaderWord, type SeatsPlace } from './cluster-words.ts';

export type LeaderNewsOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly epoch: number;
  readonly applied: () => Readonly<Record<Lane, number>>;
  /** Where processes that serve seats find it. */
  readonly seats?: () => SeatsPlace;
  /** Which worker applies what. */
  readonly shares?: () => Readonly<Record<string, readonly HeldShard[]>>;
  readonly everyMs?: number;
};

/** Gateways hold what they know for as current as the last of these. */
export const BEAT_EVERY_MS = 1_000;

/** What the centre that leads tells its other processes: that it is there, how far it has come, what changed in the registry. */
export class LeaderNews {
  readonly #options: LeaderNewsOptions;
  readonly #subject: string;
  #changeNumber = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LeaderNewsOptions) {
    this.#options = options;
    this.#subject = clusterSubjects(options.prefix).leader;
  }

  start(): void {
    this.beat();
    this.#timer = setInterval(() => this.beat(), this.#options.everyMs ?? BEAT_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** To be called after the commit: a gateway that missed it finds it in the store. */
  changed(changes: readonly RegistryChange[]): void {
    if (changes.length === 0) return;
    const { bus, epoch } = this.#options;
    const alone: LeaderWord = { kind: 'changes', epoch, changeNumber: ++this.#changeNumber };
    const whole: LeaderWord = { ...alone, changes };
    if (!bus.publish(this.#subject, whole)) bus.publish(this.#subject, alone);
  }

  /** At once, and every second anyway. */
  beat(): void {
    const { bus, epoch, applied, seats, shares } = this.#options;
    const word: LeaderWord = {
      kind: 'beat',
      epoch,
      changeNumber: this.#changeNumber,
      applied: applied(),
      ...(seats !== undefined && { seats: seats() }),
      ...(shares !== undefined && { shares: shares() }),
    };
    bus.publish(this.#subject, word);
  }
}
