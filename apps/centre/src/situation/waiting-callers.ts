import type { Lane } from '../journal/entry.ts';
import type { ActOutcome } from './operator-act.ts';

/** By every process that applies a share of the partitions, or by this one. */
export type Whom = 'all' | 'here';

type Applied = Readonly<Record<Whom, Readonly<Record<Lane, number>>>>;
type Mark = { readonly lane: Lane; readonly sequence: number; readonly by: Whom };

/** Who waits for an entry to be applied: for what became of an act, or for a lane to have come so far. */
export class WaitingCallers {
  readonly #acts = new Map<string, Set<(outcome: ActOutcome) => void>>();
  readonly #marks = new Set<Mark & { readonly resolve: () => void }>();

  get areWaiting(): boolean {
    return this.#marks.size > 0;
  }

  outcomeOf(actId: string, timeoutMs: number): Promise<ActOutcome> {
    return new Promise((resolve, reject) => {
      // The same request may come twice at once: both get the answer.
      const waiting = this.#acts.get(actId) ?? new Set();
      this.#acts.set(actId, waiting);
      const settle = (outcome: ActOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        waiting.delete(settle);
        if (waiting.size === 0 && this.#acts.get(actId) === waiting) this.#acts.delete(actId);
        reject(new Error(`act ${actId} was not applied within ${timeoutMs} ms`));
      }, timeoutMs);
      waiting.add(settle);
    });
  }

  acted(actId: string, outcome: ActOutcome): void {
    for (const settle of this.#acts.get(actId) ?? []) settle(outcome);
    this.#acts.delete(actId);
  }

  reached(mark: Mark, applied: Applied, timeoutMs: number): Promise<void> {
    if (isReached(mark, applied)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting = {
        ...mark,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#marks.delete(waiting);
        reject(new Error(`entry ${mark.lane}:${mark.sequence} was not applied within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#marks.add(waiting);
    });
  }

  advanced(applied: Applied): void {
    for (const waiting of this.#marks) {
      if (!isReached(waiting, applied)) continue;
      this.#marks.delete(waiting);
      waiting.resolve();
    }
  }
}

const isReached = ({ lane, sequence, by }: Mark, applied: Applied): boolean => applied[by][lane] >= sequence;
