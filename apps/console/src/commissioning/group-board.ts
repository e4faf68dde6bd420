import type { BoardVenue, VenueLifeState } from '@fengsui/protocol';

/** A row of the board: the venues of a wave by where they are. */
export type BoardRow = {
  /** '' = venues of no wave. */
  readonly wave: string;
  readonly count: number;
  readonly cells: Readonly<Record<VenueLifeState, readonly BoardVenue[]>>;
};

/** Waves in the order of their names, numbers by value, Chinese ones too; venues of no wave last. On test first, then by name. */
export function groupBoard(venues: readonly BoardVenue[]): BoardRow[] {
  const byWave = Map.groupBy(venues, ({ wave = '' }) => wave);
  return [...byWave]
    .sort(
      ([a], [b]) =>
        Number(a === '') - Number(b === '') || inDigits(a).localeCompare(inDigits(b), 'zh', { numeric: true }),
    )
    .map(([wave, members]) => ({
      wave,
      count: members.length,
      cells: {
        planned: inState(members, 'planned'),
        installed: inState(members, 'installed'),
        tested: inState(members, 'tested'),
        live: inState(members, 'live'),
      },
    }));
}

const NUMERALS = '一二三四五六七八九';

/** `第十二批` → `第12批`: by its sound 二 would come before 一. */
const inDigits = (wave: string): string =>
  wave.replace(
    /([一二三四五六七八九])?十([一二三四五六七八九])?|[一二三四五六七八九]/g,
    (word, tens?: string, ones?: string) => {
      const valueOf = (numeral: string | undefined, absent: number): number =>
        numeral === undefined ? absent : NUMERALS.indexOf(numeral) + 1;
      return String(word.includes('十') ? valueOf(tens, 1) * 10 + valueOf(ones, 0) : valueOf(word, 0));
    },
  );

const inState = (members: readonly BoardVenue[], state: VenueLifeState): BoardVenue[] =>
  members.filter(({ life }) => life === state).sort(byUrgency);

const byUrgency = (a: BoardVenue, b: BoardVenue): number =>
  Number(b.test?.isRunning ?? false) - Number(a.test?.isRunning ?? false) ||
  a.name.localeCompare(b.name, 'zh', { numeric: true }) ||
  (a.id < b.id ? -1 : 1);
