import type { GbProfile } from '../profile.ts';
import { gbPartTypes } from './part-types.ts';
import { gbSystemTypes } from './system-types.ts';
import type { GbCodeRange, GbWord } from './word.ts';

export type GbCodeWord = {
  readonly code: number;
  readonly zh?: string;
  readonly en?: string;
  readonly range?: GbCodeRange;
};

/** Words of a system type by the standard or the profile; only its range when neither names it. */
export function gbSystemTypeWord(code: number, profile?: GbProfile): GbCodeWord {
  return wordOf(code, gbSystemTypes, profile?.systemTypes);
}

/** Words of a component type by the standard or the profile; only its range when neither names it. */
export function gbPartTypeWord(code: number, profile?: GbProfile): GbCodeWord {
  return wordOf(code, gbPartTypes, profile?.partTypes);
}

function wordOf(
  code: number,
  standard: readonly GbWord[],
  ofMake: readonly Omit<GbCodeWord, 'range'>[] = [],
): GbCodeWord {
  const word = standard.find((row) => row.code === code) ?? ofMake.find((row) => row.code === code);
  return word ?? { code, range: code >= 128 ? 'userDefined' : 'reserved' };
}
