import { classify, type centreFaultKinds, type Level } from '@fengsui/alarm';
import type { ReportContext } from './report-context.ts';

type CentreFault = (typeof centreFaultKinds)[number];

/** A fault the centre finds by itself; active until it is told otherwise, a latching one until a person has looked. */
export function raiseFault(
  context: ReportContext,
  kind: CentreFault,
  { level = 'warning', latching = false }: { readonly level?: Level; readonly latching?: boolean } = {},
): void {
  const { situation, effects, device, place, report, entryId } = context;
  const { classification } = classify(kind, level);
  const at = report.meta.receivedAt;
  const event = {
    kind: 'sourceActive',
    source: 'centre',
    level,
    pointId: '',
    at,
    receivedAt: at,
    entryId,
    origin: place.origin,
    classification,
    ...(latching && { latching }),
  } as const;
  situation.tell(place, device.id, '', kind, event, effects);
}

export function clearFault(context: ReportContext, kind: CentreFault): void {
  const { situation, effects, device, place, report } = context;
  const id = `${device.id}//${kind}`;
  if (situation.condition(id) === undefined) return;
  situation.tell(
    place,
    device.id,
    '',
    kind,
    { kind: 'sourceInactive', source: 'centre', at: report.meta.receivedAt, live: true },
    effects,
  );
}

/** Something that happened and is over: it stays visible until acknowledged. */
export function raiseMoment(context: ReportContext, kind: CentreFault): void {
  raiseFault(context, kind);
  clearFault(context, kind);
}
