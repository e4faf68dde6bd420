import type { Level } from '@fengsui/alarm';
import type { TimeFormat } from './foreign-time.ts';
import type { Mapping } from './mapping.ts';
import type { LeafPlace } from './propose-fields.ts';

/** A value of the message, or a level of its topic counted from 0. */
export type Pick = { readonly place: LeafPlace } | { readonly topicLevel: number };

export type DraftCase =
  'ignore' | { readonly kind: string; readonly level?: Level; readonly active?: boolean; readonly point?: string };

/** What a person has pointed at in one message. */
export type MappingDraft = {
  readonly name: string;
  /** The filter of the topics it is for. */
  readonly topic?: string;
  /** The message is no JSON. */
  readonly isText?: boolean;
  readonly device: Pick;
  readonly table?: Readonly<Record<string, string>>;
  readonly time?: { readonly pick: Pick; readonly format: TimeFormat; readonly utcOffset?: string };
  readonly key?: readonly Pick[];
  readonly values: readonly {
    readonly pick: Pick;
    readonly point: string;
    readonly scale?: number;
    readonly offset?: number;
  }[];
  readonly conditions: readonly {
    readonly pick: Pick;
    readonly cases: Readonly<Record<string, DraftCase>>;
    readonly point?: string;
  }[];
};

/**
 * The mapping of what was pointed at. Values inside a list make each of its elements a report; what stands outside of
 * it is reached from the whole message.
 *
 * @returns undefined when values and conditions stand in two lists, neither inside the other.
 */
export function draftMapping(draft: MappingDraft): Mapping | undefined {
  const told = [...draft.values, ...draft.conditions].flatMap(({ pick }) => ('place' in pick ? [pick.place] : []));
  const list = listOf(told);
  if (list === undefined) return undefined;
  const pathOf = (pick: Pick): string => ('place' in pick ? pathIn(list, pick.place) : `@topic[${pick.topicLevel}]`);
  return {
    schemaVersion: 1,
    name: draft.name,
    ...(draft.topic !== undefined && { applies: { topic: draft.topic } }),
    ...(draft.isText === true && { body: 'text' as const }),
    ...(list.length > 0 && { reports: written(list.at(-1) ?? [], list) }),
    device: { path: pathOf(draft.device), ...(draft.table !== undefined && { table: { ...draft.table } }) },
    ...(draft.time !== undefined && {
      time: {
        path: pathOf(draft.time.pick),
        format: draft.time.format,
        ...(draft.time.format === 'local' && { utcOffset: draft.time.utcOffset ?? '+08:00' }),
      },
    }),
    ...(draft.key !== undefined && draft.key.length > 0 && { key: draft.key.map(pathOf) }),
    ...(draft.values.length > 0 && {
      values: draft.values.map(({ pick, point, scale, offset }) => ({
        path: pathOf(pick),
        point,
        ...(scale !== undefined && scale !== 1 && { scale }),
        ...(offset !== undefined && offset !== 0 && { offset }),
      })),
    }),
    ...(draft.conditions.length > 0 && {
      conditions: draft.conditions.map(({ pick, cases, point }) => ({
        path: pathOf(pick),
        cases: { ...cases },
        ...(point !== undefined && { point }),
      })),
    }),
  };
}

/** The lists that are gone through, from the outside in: those of the value that stands deepest. */
function listOf(places: readonly LeafPlace[]): readonly LeafPlace[] | undefined {
  const lists = places.map((place) =>
    place.flatMap((step, index) => (typeof step === 'number' ? [place.slice(0, index)] : [])),
  );
  const deepest = lists.reduce((longest, one) => (one.length > longest.length ? one : longest), []);
  const isInside = lists.every((one) => one.every((list, index) => isSame(list, deepest[index] ?? [])));
  return isInside ? deepest : undefined;
}

/** Two places are one when they differ in the numbers of elements only. */
const isSame = (one: LeafPlace, other: LeafPlace): boolean =>
  one.length === other.length &&
  one.every((step, index) => step === other[index] || (typeof step === 'number' && typeof other[index] === 'number'));

function pathIn(lists: readonly LeafPlace[], place: LeafPlace): string {
  for (let depth = lists.length; depth > 0; depth--) {
    const list = lists[depth - 1] ?? [];
    if (
      place.length > list.length &&
      typeof place[list.length] === 'number' &&
      isSame(list, place.slice(0, list.length))
    )
      return outward(lists.length - depth, written(place.slice(list.length + 1)));
  }
  const path = written(place);
  return lists.length === 0 ? path : path.startsWith('[') || path === '' ? `$${path}` : `$.${path}`;
}

const outward = (levels: number, path: string): string =>
  levels === 0 ? path : `${'^'.repeat(levels)}${path === '' || path.startsWith('[') ? '' : '.'}${path}`;

/** A place as a path; elements of `lists` are all meant, and the place itself when it is the last of them. */
function written(place: LeafPlace, lists: readonly LeafPlace[] = []): string {
  let path = '';
  for (const [index, step] of place.entries()) {
    if (typeof step === 'number') path += lists.length > 0 ? '[*]' : `[${step}]`;
    else if (/^[^.[\]"^$@*\s]+$/.test(step)) path += `${index === 0 || path === '' ? '' : '.'}${step}`;
    else path += `["${step}"]`;
  }
  return lists.length > 0 ? `${path}[*]` : path;
}
