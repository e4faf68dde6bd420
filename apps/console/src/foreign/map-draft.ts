import { levels, type Level } from '@fengsui/alarm';
import {
  draftMapping,
  leavesOf,
  proposeFields,
  timeFormatOf,
  type DeviceModel,
  type DraftCase,
  type Leaf,
  type Mapping,
  type Pick,
  type Proposal,
  type TimeFormat,
} from '@fengsui/protocol';
import type { WaitingMessage } from './foreign-api.ts';

/** A waiting message as the screen shows it. */
export type Example = {
  readonly topic?: string;
  readonly topicLevels: readonly string[];
  /** The parsed JSON, or the text itself. */
  readonly value: unknown;
  readonly isText: boolean;
};

/** One value that was pointed at, and what it shall become. */
export type PickedValue = {
  readonly kind: 'value';
  readonly pick: Pick;
  readonly point: string;
  readonly scale: string;
};
export type PickedCondition = {
  readonly kind: 'condition';
  readonly pick: Pick;
  readonly point: string;
  /** Each value of the message, as written in JSON, in the order it was met. */
  readonly cases: readonly { readonly word: string; readonly means: CaseMeaning }[];
};
export type Picked = PickedValue | PickedCondition;

/** `unset`: nobody has said yet what it means. */
export type CaseMeaning =
  'unset' | 'ignore' | { readonly kind: string; readonly level: Level; readonly active: boolean };

export type MapDraft = {
  readonly device?: Pick;
  /** The platform's id → ours. */
  readonly table: Readonly<Record<string, string>>;
  readonly picked: readonly Picked[];
  readonly time?: { readonly pick: Pick; readonly format: TimeFormat };
  readonly key?: Pick;
};

export const emptyDraft: MapDraft = { table: {}, picked: [] };

export function exampleOf({ topic, text }: WaitingMessage): Example | undefined {
  if (text === undefined) return undefined;
  const about = { ...(topic !== undefined && { topic }), topicLevels: topic?.split('/') ?? [] };
  try {
    return { ...about, value: JSON.parse(text) as unknown, isText: false };
  } catch {
    return { ...about, value: text, isText: true };
  }
}

export const pickId = (pick: Pick): string =>
  'place' in pick ? JSON.stringify(pick.place) : `topic ${pick.topicLevel}`;

/** `data[0].imei`; a level of the topic by its number as people count. */
export function pickWords(pick: Pick): string {
  if ('topicLevel' in pick) return `topic ${pick.topicLevel + 1}`;
  return pick.place.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}${path === '' ? '' : '.'}${step}`),
    '',
  );
}

/** What a pick finds in a message: in a list, in each of its elements. As written in JSON, without repeats. */
export function wordsAt(pick: Pick, examples: readonly Example[]): readonly string[] {
  const found = new Set<string>();
  for (const { value, topicLevels } of examples) {
    if ('topicLevel' in pick) {
      const level = topicLevels[pick.topicLevel];
      if (level !== undefined) found.add(level);
      continue;
    }
    for (const leaf of leavesOf(value)) if (isSamePlace(leaf, pick)) found.add(String(leaf.value));
  }
  return [...found].slice(0, 100);
}

const isSamePlace = (leaf: Leaf, pick: { readonly place: Leaf['place'] }): boolean =>
  leaf.place.length === pick.place.length &&
  leaf.value !== null &&
  leaf.place.every(
    (step, index) => step === pick.place[index] || (typeof step === 'number' && typeof pick.place[index] === 'number'),
  );

export type Proposals = {
  readonly device?: { readonly pick: Pick; readonly word: string };
  readonly time?: { readonly pick: Pick; readonly format: TimeFormat; readonly word: string };
  readonly key?: { readonly pick: Pick; readonly word: string };
  /** By pickId. */
  readonly others: ReadonlyMap<string, Proposal>;
};

/** What the message seems to say; nothing of it is taken before a person does. */
export function proposalsOf({ value, topicLevels, isText }: Example): Proposals {
  const found = isText ? [] : proposeFields(value);
  const of = (role: Proposal['role']): Proposal | undefined => found.find((one) => one.role === role);
  const about = (one: Proposal) => ({ pick: { place: one.place }, word: String(one.value) });
  const [device, time, key] = [of('device'), of('time'), of('key')];
  const level = topicLevels.findIndex((word) => /\d/.test(word));
  const ownTopic = level < 0 ? undefined : { pick: { topicLevel: level }, word: topicLevels[level] ?? '' };
  const proposed = device === undefined ? ownTopic : about(device);
  const others = found.filter(({ role }) => role === 'value' || role === 'condition');
  return {
    ...(proposed !== undefined && { device: proposed }),
    ...(time?.format !== undefined && { time: { ...about(time), format: time.format } }),
    ...(key !== undefined && { key: about(key) }),
    others: new Map(others.map((one) => [pickId({ place: one.place }), one])),
  };
}

/** Adds what was pointed at, as what it looks like; pointed at again it is taken away. */
export function togglePick(
  draft: MapDraft,
  pick: Pick,
  examples: readonly Example[],
  proposal: Proposal | undefined,
  model: DeviceModel | undefined,
): MapDraft {
  const known = draft.picked.some((one) => pickId(one.pick) === pickId(pick));
  if (known) return { ...draft, picked: draft.picked.filter((one) => pickId(one.pick) !== pickId(pick)) };
  const words = wordsAt(pick, examples);
  const looksLikeNumber = words.length > 0 && words.every((word) => /^[+-]?\d+([.]\d+)?$/.test(word));
  const isValue =
    proposal === undefined
      ? looksLikeNumber && !words.every((word) => /^[012]$/.test(word))
      : proposal.role === 'value';
  return { ...draft, picked: [...draft.picked, isValue ? asValue(pick, proposal, model) : asCondition(pick, words)] };
}

export function asValue(pick: Pick, proposal: Proposal | undefined, model: DeviceModel | undefined): PickedValue {
  const points = model?.points.map(({ id }) => id) ?? [];
  const likely = points.find((id) => proposal?.quantity !== undefined && id.endsWith(`.${proposal.quantity}`));
  return { kind: 'value', pick, point: likely ?? (points.length === 1 ? (points[0] ?? '') : ''), scale: '1' };
}

export const asCondition = (pick: Pick, words: readonly string[]): PickedCondition => ({
  kind: 'condition',
  pick,
  point: '',
  cases: words.map((word) => ({ word, means: 'unset' })),
});

export const changePicked = (draft: MapDraft, index: number, picked: Picked): MapDraft => ({
  ...draft,
  picked: draft.picked.map((one, position) => (position === index ? picked : one)),
});

/** What is still open; empty when the mapping can be tried. */
export const draftGaps = ['device', 'table', 'picked', 'point', 'scale', 'cases', 'lists'] as const;
export type DraftGap = (typeof draftGaps)[number];

export function gapsOf(draft: MapDraft): readonly DraftGap[] {
  const gaps = new Set<DraftGap>();
  if (draft.device === undefined) gaps.add('device');
  else if (Object.values(draft.table).every((ours) => ours === '')) gaps.add('table');
  if (draft.picked.length === 0) gaps.add('picked');
  for (const one of draft.picked) {
    if (one.kind === 'value') {
      if (one.point === '') gaps.add('point');
      const scale = Number(one.scale);
      if (one.scale.trim() === '' || !Number.isFinite(scale) || scale === 0) gaps.add('scale');
    } else if (one.cases.every(({ means }) => means === 'unset')) gaps.add('cases');
  }
  if (gaps.size === 0 && mappingOf(draft, 'x', undefined, false) === undefined) gaps.add('lists');
  return [...gaps];
}

/** The mapping of a draft without gaps. */
export function mappingOf(
  draft: MapDraft,
  name: string,
  topic: string | undefined,
  isText: boolean,
): Mapping | undefined {
  const { device, time, key, picked } = draft;
  if (device === undefined) return undefined;
  const known = Object.entries(draft.table).filter(([, ours]) => ours !== '');
  // Its ids are ours: what is registered later is read without another mapping.
  const isOwn = known.length === Object.keys(draft.table).length && known.every(([theirs, ours]) => theirs === ours);
  return draftMapping({
    name,
    ...(topic !== undefined && { topic }),
    ...(isText && { isText }),
    device,
    ...(!isOwn && { table: Object.fromEntries(known) }),
    ...(time !== undefined && { time }),
    ...(key !== undefined && { key: [key] }),
    values: picked.flatMap((one) =>
      one.kind === 'value' ? [{ pick: one.pick, point: one.point, scale: Number(one.scale) }] : [],
    ),
    conditions: picked.flatMap((one) =>
      one.kind === 'value'
        ? []
        : [{ pick: one.pick, cases: casesOf(one), ...(one.point !== '' && { point: one.point }) }],
    ),
  });
}

/** What nobody gave a meaning waits when it comes. */
const casesOf = ({ cases }: PickedCondition): Record<string, DraftCase> =>
  Object.fromEntries(
    cases.flatMap(({ word, means }): [string, DraftCase][] =>
      means === 'unset'
        ? []
        : means === 'ignore'
          ? [[word, 'ignore']]
          : [[word, { kind: means.kind, ...(means.active ? { level: means.level } : { active: false }) }]],
    ),
  );

export { levels, timeFormatOf };
