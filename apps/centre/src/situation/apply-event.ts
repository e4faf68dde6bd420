import { localActionKind } from '@fengsui/alarm';
import type { DeviceEvent } from '@fengsui/protocol';
import { followUpdateEvent } from '../rollout/follow-update.ts';
import type { ReportContext } from './report-context.ts';
import { judgeClock, reportTime } from './report-time.ts';
import { isPassedSelfTest, noteSelfTest } from './self-test-watch.ts';

/** Stores a device's event and tells its condition. An unknown kind or point raises all the same. */
export function applyEvent(context: ReportContext, event: DeviceEvent): void {
  const { situation, effects, device, place, report, entryId } = context;
  const { receivedAt, live } = report.meta;
  const time = reportTime(event.at, receivedAt);
  const { classification, unmapped: unknownKind } = situation.registry.classify(
    device.model,
    event.eventKind,
    event.level,
  );
  const isUnmapped = unknownKind === true || !isPointOfModel(context, event.point);
  const identitySuspect = situation.isIdentitySuspect(device.id);
  effects.events.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    event.epoch,
    event.seq ?? null,
    time.at,
    receivedAt,
    time.deviceAt ?? null,
    event.eventKind,
    event.point,
    event.isMomentary ? null : event.active,
    event.level,
    event.confidence ?? null,
    event.captureId ?? null,
    live,
    isUnmapped,
    report.digest,
    event.evidence === undefined ? null : JSON.stringify(event.evidence),
    identitySuspect,
  ]);
  if (isPassedSelfTest(event)) noteSelfTest(context, time.at);
  judgeClock(context, time.isSuspect || event.flags.includes('atInvalid'), event.at);
  if (event.eventKind === 'update')
    followUpdateEvent({ situation, effects, at: receivedAt, entryId }, device.id, event.evidence);
  const isLocalAction = event.eventKind === localActionKind;
  if (event.isMomentary && !isLocalAction) return;
  const statement = event.active
    ? ({
        kind: 'sourceActive',
        source: 'device',
        level: event.level,
        pointId: event.point,
        at: time.at,
        receivedAt,
        entryId,
        origin: place.origin,
        classification,
        ...(isUnmapped && ({ unmapped: true } as const)),
        ...(!live && ({ late: true } as const)),
        ...(identitySuspect && ({ identitySuspect } as const)),
        ...(isLocalAction && { latching: true }),
        ...(event.captureId !== undefined && { captureId: event.captureId }),
        ...(event.confidence !== undefined && { confidence: event.confidence }),
        ...numbersOf(event),
      } as const)
    : ({ kind: 'sourceInactive', source: 'device', at: time.at, ...(live && ({ live: true } as const)) } as const);
  situation.tell(place, device.id, event.point, event.eventKind, statement, effects);
}

/** True for a point, a prefix of one (`c1`), or the device itself (''). */
function isPointOfModel({ situation, device }: ReportContext, point: string): boolean {
  if (point === '') return true;
  const points = situation.registry.model(device.model)?.points ?? [];
  return points.some(({ id }) => id === point || id.startsWith(`${point}.`));
}

/** The terminal's own value and limit, when its evidence has them: shown on the alarm. */
function numbersOf(event: DeviceEvent): { value?: number; limit?: number; measure?: string } {
  const { value, limit, measure } = event.evidence ?? {};
  return {
    ...(typeof value === 'number' && Number.isFinite(value) && { value }),
    ...(typeof limit === 'number' && Number.isFinite(limit) && { limit }),
    ...(typeof measure === 'string' && /^\w{1,64}$/.test(measure) && { measure }),
  };
}
