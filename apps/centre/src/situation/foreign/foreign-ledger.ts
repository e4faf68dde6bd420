import type { ForeignIdentity } from '../../journal/foreign-meta.ts';

/** Identities remembered of all sources together: at 10 statements a second, five and a half hours. The oldest go first. */
const KEPT = 200_000;

type Kept = { readonly value: string; readonly keptUntil: number };

/** What foreign platforms have said already, for as long as it may come again. */
export class ForeignLedger {
  readonly #kept = new Map<string, Kept>();
  readonly #limit: number;

  constructor(limit = KEPT) {
    this.#limit = limit;
  }

  restore(key: string, value: string, keptUntil: number): void {
    this.#kept.set(key, { value, keptUntil });
  }

  /** Whether any of them was said by `at`. */
  isKnown(identities: readonly ForeignIdentity[], at: number): boolean {
    return identities.some(({ key, value }) => {
      const kept = this.#kept.get(key);
      return kept !== undefined && kept.value === value && kept.keptUntil > at;
    });
  }

  /** @returns keys that were forgotten for it. */
  record(identities: readonly ForeignIdentity[], at: number): string[] {
    for (const { key, value, keptUntil } of identities) {
      this.#kept.delete(key);
      this.#kept.set(key, { value, keptUntil });
    }
    const forgotten: string[] = [];
    for (const [key, { keptUntil }] of this.#kept) {
      if (keptUntil > at && this.#kept.size <= this.#limit) break;
      this.#kept.delete(key);
      forgotten.push(key);
    }
    return forgotten;
  }
}
