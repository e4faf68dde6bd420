import type { Level, Priority } from '@fengsui/alarm';
import type { ReportContext } from './report-context.ts';

export type RaiseContext = Pick<ReportContext, 'situation' | 'effects' | 'device' | 'place' | 'entryId'> & {
  readonly report: { readonly meta: { readonly receivedAt: number } };
};

/** What of a rule an alarm says. */
type Raised = {
  readonly id: string;
  readonly kind: string;
  readonly level: Level;
  readonly priority?: Priority;
  /** That the value is compared with. */
  readonly threshold?: number;
};

/** A rule of the centre raises. */
export function raiseSource(
  { situation, effects, device, place, report, entryId }: RaiseContext,
  { id, kind, level, priority, threshold }: Raised,
  pointId: string,
  at: number,
  /** Absent when the centre was restarted meanwhile and no longer knows it: the alarm is raised all the same. */
  value: number | undefined,
): void {
  const { classification } = situation.registry.classify(device.model, kind, level);
  const event = {
    kind: 'sourceActive',
    source: `rule:${id}`,
    ruleId: id,
    level,
    pointId,
    at,
    receivedAt: report.meta.receivedAt,
    entryId,
    origin: place.origin,
    classification: priority === undefined ? classification : { ...classification, priority },
    ...(value !== undefined && { value }),
    ...(threshold !== undefined && { limit: threshold }),
    ...(situation.isIdentitySuspect(device.id) && ({ identitySuspect: true } as const)),
  } as const;
  situation.tell(place, device.id, pointId, kind, event, effects);
}

/** A rule of the centre has nothing more to say. */
export function clearSource(
  { situation, effects, device, place }: Pick<RaiseContext, 'situation' | 'effects' | 'device' | 'place'>,
  { id, kind }: Pick<Raised, 'id' | 'kind'>,
  pointId: string,
  at: number,
): void {
  const event = { kind: 'sourceInactive', source: `rule:${id}`, at, live: true } as const;
  situation.tell(place, device.id, pointId, kind, event, effects);
}
