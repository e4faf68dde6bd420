import type { Row, SqlValue, Store } from '../store/store.ts';

export type RowsOf = {
  /** A statement up to where its conditions stand: `select … from …`. */
  readonly select: string;
  readonly where?: string;
  readonly params?: readonly SqlValue[];
  /** What follows the conditions. */
  readonly order?: string;
  /** The partition of a row, as SQL; default: its own. */
  readonly partition?: string;
  /** The device a row is of, as SQL: such a row goes where the device is now, not where it was when it was written. */
  readonly deviceId?: string;
};

/** Rows of these partitions; without partitions all there are, and the statement has nothing more in it. */
export function readShare(
  store: Store,
  partitions: readonly number[] | undefined,
  { select, where, params = [], order, partition = 'partition', deviceId }: RowsOf,
): Promise<readonly Row[]> {
  const present = deviceId === undefined ? '' : `(select d.partition from device d where d.id = ${deviceId})`;
  const of = present === '' ? partition : `coalesce(${present}, ${partition})`;
  const conditions = [where, partitions && `${of} = any($${params.length + 1}::int2[])`].filter(
    (one) => one !== undefined,
  );
  const parts = [
    select,
    ...(conditions.length === 0 ? [] : [`where ${conditions.join(' and ')}`]),
    ...(order === undefined ? [] : [order]),
  ];
  return store.query(parts.join(' '), partitions === undefined ? params : [...params, partitions]);
}
