import type { FaultTime } from './fault-time.ts';

export type ListedFault<F> = { readonly id: string; readonly fault: F };

/** The faults of one board, room or device: planned ones and injected ones, each with an id to clear it by. */
export class FaultList<F extends Required<FaultTime> & { readonly kind: string }> {
  #faults: { readonly id: string; readonly fault: F; endMs: number }[] = [];
  #count = 0;

  add(fault: F): string {
    const id = `${fault.kind}-${++this.#count}`;
    this.#faults.push({ id, fault, endMs: fault.atMs + fault.durationMs });
    return id;
  }

  /**
   * Ends faults at `nowMs`: the one with this id, every one of this kind, or all when nothing is named; returns how many.
   */
  clear(idOrKind: string | undefined, nowMs: number): number {
    const ending = this.#faults.filter(
      ({ id, fault, endMs }) => endMs > nowMs && (idOrKind === undefined || id === idOrKind || fault.kind === idOrKind),
    );
    for (const entry of ending) entry.endMs = nowMs;
    return ending.length;
  }

  /** Faults under way at `nowMs`. Forgets those that ended; time must not run backwards. */
  activeAt(nowMs: number): readonly ListedFault<F>[] {
    if (this.#faults.length === 0) return this.#faults;
    this.#faults = this.#faults.filter(({ endMs }) => endMs > nowMs);
    return this.#faults.filter(({ fault }) => fault.atMs <= nowMs);
  }
}
