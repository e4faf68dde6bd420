import type { Finding, FindingKind } from './look.ts';

/** Instants are epoch ms. */
export type Outage = {
  readonly id: string;
  readonly kind: Exclude<FindingKind, 'well'>;
  readonly since: number;
  readonly reason: string;
  /** What people were told last, and when. */
  readonly told: Exclude<FindingKind, 'well'>;
  readonly toldAt: number;
  readonly reminders: number;
};

/** What is held in the state file between looks and between starts. */
export type OutageState = {
  readonly outage?: Outage;
  /** Found once; an outage when it is found again. */
  readonly suspected?: { readonly kind: Exclude<FindingKind, 'well'>; readonly since: number };
};

export type Call = {
  /** The same for every try: a receiver may drop what it has. */
  readonly id: string;
  readonly kind: 'outage' | 'changed' | 'reminder' | 'well' | 'test';
  readonly finding: FindingKind;
  readonly since: number;
  readonly at: number;
  readonly reason: string;
  readonly functions?: Finding['functions'];
};

/** What stands was watched for long enough before it was told; what is held has its own patience. */
const CONFIRMED: readonly FindingKind[] = ['standing', 'held'];
/** What is worse than what people know is told at once. */
const RANK: Readonly<Record<FindingKind, number>> = { well: 0, blind: 0, held: 1, standing: 2, down: 3 };
/** A centre that is being started anew, or writes again within this time, calls nobody. */
const HELD_MS = 30_000;

/**
 * What one more look makes of the outage there is, and whom it has to be told. Pure: the same state, finding and
 * instant give the same answer.
 */
export function follow(
  state: OutageState,
  finding: Finding,
  now: number,
  remindMs: number,
): { readonly state: OutageState; readonly calls: readonly Call[] } {
  const { outage } = state;
  const said = finding.functions === undefined ? {} : { functions: finding.functions };
  if (finding.kind === 'well') {
    if (outage === undefined) return { state: {}, calls: [] };
    const over = { id: `${outage.id}/well`, kind: 'well', finding: 'well', since: outage.since, at: now } as const;
    return { state: {}, calls: [{ ...over, reason: `${finding.reason}; before: ${outage.reason}`, ...said }] };
  }
  const { kind, reason } = finding;
  if (outage === undefined) {
    const { suspected } = state;
    // Down after held is the same trouble; its time counts.
    const since = suspected?.since ?? now;
    const isSure =
      kind === 'standing' || (kind === 'held' ? Math.abs(now - since) >= HELD_MS : suspected !== undefined);
    if (!isSure) return { state: { suspected: { kind, since } }, calls: [] };
    const begun: Outage = { id: String(since), kind, since, reason, told: kind, toldAt: now, reminders: 0 };
    const call = { id: `${begun.id}/outage`, kind: 'outage', finding: kind, since, at: now, reason, ...said } as const;
    return { state: { outage: begun }, calls: [call] };
  }
  const { told, toldAt, since } = outage;
  const isOther = (told === 'blind') !== (kind === 'blind') || RANK[kind] > RANK[told];
  const isDue = Math.abs(now - toldAt) >= remindMs;
  if (!isOther && !isDue) return { state: { outage: { ...outage, kind, reason } }, calls: [] };
  const number = outage.reminders + 1;
  const word = isOther ? 'changed' : 'reminder';
  const goesOn: Outage = { ...outage, kind, reason, told: kind, toldAt: now, reminders: number };
  const call = {
    id: `${outage.id}/${word}/${number}`,
    kind: word,
    finding: kind,
    since,
    at: now,
    reason,
    ...said,
  } as const;
  return { state: { outage: goesOn }, calls: [call] };
}

/** Whether the next look shall come sooner than usual: something was seen that is not sure yet. */
export const isUnsure = ({ suspected }: OutageState): boolean =>
  suspected !== undefined && !CONFIRMED.includes(suspected.kind);
