/** A code of the standard with its words. */
export type GbWord = {
  readonly code: number;
  readonly zh: string;
  readonly en: string;
};

/** Where a code lies when no table names it. */
export type GbCodeRange = 'reserved' | 'userDefined';

export function words(...rows: readonly (readonly [code: number, zh: string, en: string])[]): readonly GbWord[] {
  return rows.map(([code, zh, en]) => ({ code, zh, en }));
}
