import type { CopyType, Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import type { Place } from '../kept.ts';
import { storableJson } from '../storable-json.ts';

export type Columns = readonly (readonly [name: string, type: CopyType])[];

export const placeColumns: Columns = [
  ['partition', 'int2'],
  ['venue_id', 'text'],
  ['origin', 'text'],
];

export function copyStep(table: string, columns: Columns, rows: Effects['telemetry']): Step[] {
  return rows.length === 0 ? [] : [{ kind: 'copy', table, columns, rows }];
}

/** Column-wise parameters of `unnest`: one statement for any number of rows. */
export const column = <Item, Value>(items: readonly Item[], pick: (item: Item) => Value): Value[] => items.map(pick);

export type UpsertColumn = readonly [name: string, type: string, values: readonly number[] | readonly string[]];

/**
 * One statement that writes any number of rows; `updated` are the columns that change when the key is there already.
 * Values that SQL cannot unnest as what they are (boolean, jsonb, int8[]) go as text and are cast row by row.
 */
export function upsert(
  table: string,
  key: readonly string[],
  columns: readonly UpsertColumn[],
  updated: readonly string[],
): Step[] {
  if (columns[0]?.[2].length === 0) return [];
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(
    ([, type], index) => `$${index + 1}::${type.startsWith('int') && !type.endsWith('[]') ? type : 'text'}[]`,
  );
  return [
    {
      kind: 'sql',
      sql:
        `insert into ${table} (${names}) select ${columns.map(([name, type]) => `${name}::${type}`).join(', ')} ` +
        `from unnest(${arrays.join(', ')}) as rows (${names}) ` +
        `on conflict (${key.join(', ')}) do update set ${updated.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      params: columns.map(([, , values]) => values),
    },
  ];
}

export function placesOf<Item>(items: readonly Item[], placeOf: (item: Item) => Place): readonly UpsertColumn[] {
  const places = items.map(placeOf);
  return [
    ['partition', 'int2', column(places, ({ partition }) => partition)],
    ['venue_id', 'text', column(places, ({ venueId }) => venueId)],
    ['origin', 'text', column(places, ({ origin }) => origin)],
  ];
}

/** Upserts a table whose rows are a key, a place and a JSON document. */
export function docSteps<Item extends { readonly place: Place }>(
  table: string,
  key: string,
  items: ReadonlyMap<string, Item>,
  docOf: (item: Item) => unknown,
): Step[] {
  const rows = [...items];
  return upsert(
    table,
    [key],
    [
      [key, 'text', column(rows, ([id]) => id)],
      ...placesOf(rows, ([, { place }]) => place),
      ['doc', 'jsonb', column(rows, ([, item]) => storableJson(docOf(item)))],
    ],
    ['partition', 'venue_id', 'origin', 'doc'],
  );
}
