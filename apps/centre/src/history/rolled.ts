import type { Lane } from '../journal/entry.ts';
import { column, upsert } from '../situation/commit/upsert.ts';
import type { Step, Store } from '../store/store.ts';
import { SLICES } from './cell.ts';

/** How far the roll-ups of one journal partition go, slice by slice: always SLICES numbers. */
export type Rolled = {
  /** Every row of entries up to these is in. */
  readonly through: Readonly<Record<Lane, number[]>>;
  /** What was stored before these instants is in. */
  readonly at: number[];
};

const zeroes = (): number[] => new Array<number>(SLICES).fill(0);
export const notRolled = (): Rolled => ({ through: { alarm: zeroes(), bulk: zeroes() }, at: zeroes() });

export async function readRolled(store: Store): Promise<Map<number, Rolled>> {
  const rows = await store.query('select partition, bulk, alarm, at from history_rolled');
  return new Map(
    rows.map((row) => [
      row['partition'] as number,
      { through: { bulk: row['bulk'] as number[], alarm: row['alarm'] as number[] }, at: row['at'] as number[] },
    ]),
  );
}

const array = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;

/** Fails the transaction unless the roll-ups of these partitions still go as far: nobody else has added to them. */
export const requireRolledStep = (rolled: ReadonlyMap<number, Rolled>): Step => ({
  kind: 'sql',
  sql: 'select history_require_rolled($1::int2[], $2::text[], $3::text[])',
  params: [
    [...rolled.keys()],
    column([...rolled.values()], ({ through }) => array(through.bulk)),
    column([...rolled.values()], ({ through }) => array(through.alarm)),
  ],
});

export function rolledSteps(rolled: ReadonlyMap<number, Rolled>): Step[] {
  const rows = [...rolled];
  return upsert(
    'history_rolled',
    ['partition'],
    [
      ['partition', 'int2', column(rows, ([partition]) => partition)],
      ['bulk', 'int8[]', column(rows, ([, { through }]) => array(through.bulk))],
      ['alarm', 'int8[]', column(rows, ([, { through }]) => array(through.alarm))],
      ['at', 'int8[]', column(rows, ([, { at }]) => array(at))],
    ],
    ['bulk', 'alarm', 'at'],
  );
}
