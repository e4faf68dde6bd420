import { classify, type centreFaultKinds, type Level } from '@fengsui/alarm';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import type { ReportContext } from './report-context.ts';
import type { Situation } from './situation.ts';

type CentreFault = (typeof centreFaultKinds)[number];

/** Whose fault it is, a device's or something of the centre's, and what it is told with. */
export type FaultGround = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly place: Place;
  readonly bearer: string;
  readonly at: number;
};

type FaultWords = {
  readonly level?: Level;
  readonly latching?: boolean;
  readonly value?: number;
  readonly measure?: string;
  /** The value is a count that goes on: a new one is no new alarm. */
  readonly isRunningCount?: boolean;
};

/** A fault the centre finds by itself; active until it is told otherwise, a latching one until a person has looked. */
export function tellFault(
  { situation, effects, place, bearer, at, entryId }: FaultGround & { readonly entryId: string },
  kind: CentreFault,
  { level = 'warning', latching = false, value, measure, isRunningCount = false }: FaultWords = {},
): void {
  const event = {
    kind: 'sourceActive',
    source: 'centre',
    level,
    pointId: '',
    at,
    receivedAt: at,
    entryId,
    origin: place.origin,
    classification: classify(kind, level).classification,
    ...(value !== undefined && { value }),
    ...(measure !== undefined && { measure }),
    ...(isRunningCount && { isRunningCount }),
    ...(latching && { latching }),
  } as const;
  situation.tell(place, bearer, '', kind, event, effects);
}

/** Nothing when there was none. */
export function endFault({ situation, effects, place, bearer, at }: FaultGround, kind: CentreFault): void {
  if (situation.condition(`${bearer}//${kind}`) === undefined) return;
  const over = { kind: 'sourceInactive', source: 'centre', at, live: true } as const;
  situation.tell(place, bearer, '', kind, over, effects);
}

/** Whether the centre holds it to be so now; an alarm that nobody has acknowledged may outlast it. */
export const isFaultTold = (situation: Situation, bearer: string, kind: CentreFault): boolean =>
  situation.condition(`${bearer}//${kind}`)?.condition.sources['centre'] !== undefined;

const groundOf = ({ situation, effects, device, place, report, entryId }: ReportContext) => ({
  situation,
  effects,
  place,
  bearer: device.id,
  at: report.meta.receivedAt,
  entryId,
});

/** Where a fault stands that is of no venue: seen by who may see every venue. */
export const placeOfCentre = ({ registry }: Situation): Place => ({
  partition: registry.partitionOf(''),
  venueId: '',
  origin: 'live',
});

/** Of the device whose report is applied. */
export function raiseFault(context: ReportContext, kind: CentreFault, words?: FaultWords): void {
  tellFault(groundOf(context), kind, words);
}

export function clearFault(context: ReportContext, kind: CentreFault): void {
  endFault(groundOf(context), kind);
}

/** Something that happened and is over: it stays visible until acknowledged. */
export function raiseMoment(context: ReportContext, kind: CentreFault): void {
  raiseFault(context, kind);
  clearFault(context, kind);
}
