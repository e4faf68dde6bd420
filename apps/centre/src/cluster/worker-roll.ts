/** `number`: of its last word that was followed. */
export type KnownWorker = {
  readonly holder: string;
  heardAt: number;
  number: number | undefined;
  hasLeft: boolean;
};

/** A worker that says nothing for so long is gone, paused or cut off; it says something ten times a second. */
const DEAD_MS = 4_000;
/** The bus carried nothing for so long: workers come back to it at other times than this centre. */
const GAP_MS = 1_000;

/** The workers that have ever been heard of and were not struck off, by session; and which of them are there. */
export class WorkerRoll {
  readonly #deadMs: number;
  readonly #workers = new Map<string, KnownWorker>();
  /** When the bus carried something last: while it does not, nobody's silence means anything. */
  #carriedAt = performance.now();
  /** Since when it does without a gap: silence of before means nothing either. */
  #carriesSince = -Infinity;

  constructor(deadMs = DEAD_MS) {
    this.#deadMs = deadMs;
  }

  carried(now = performance.now()): void {
    if (now - this.#carriedAt > GAP_MS) this.#carriesSince = now;
    this.#carriedAt = now;
  }

  /** What was silent before this is not counted as silence: nobody listened. */
  begin(): void {
    this.#carriedAt = performance.now();
  }

  get(session: string): KnownWorker | undefined {
    return this.#workers.get(session);
  }

  /** Of one that is not known yet it begins with now. */
  note(session: string, holder: string): KnownWorker {
    let known = this.#workers.get(session);
    if (known === undefined) {
      known = { holder, heardAt: performance.now(), number: undefined, hasLeft: false };
      this.#workers.set(session, known);
    }
    return known;
  }

  left(session: string): void {
    const known = this.#workers.get(session);
    if (known !== undefined) known.hasLeft = true;
  }

  strike(session: string): void {
    this.#workers.delete(session);
  }

  sessions(): string[] {
    return [...this.#workers.keys()];
  }

  alive(): string[] {
    return this.sessions().filter((session) => this.#isAlive(session));
  }

  gone(): string[] {
    return this.sessions().filter((session) => !this.#isAlive(session));
  }

  /** For people. */
  nameOf(session: string): string {
    return session === '' ? 'the centre' : (this.#workers.get(session)?.holder ?? session);
  }

  #isAlive(session: string): boolean {
    const known = this.#workers.get(session);
    if (known === undefined || known.hasLeft) return false;
    return this.#carriedAt - Math.max(known.heardAt, this.#carriesSince) <= this.#deadMs;
  }
}
