import type { Effects } from '../effects.ts';
import type { Place } from '../kept.ts';
import type { ReportContext } from '../report-context.ts';
import type { Situation } from '../situation.ts';
import type { GbDutyCheck } from './gb-situation.ts';
import { pushGbEvent } from './gb-event.ts';

const MINUTE_MS = 60_000;
export const dutyCheckTimerId = (checkId: string): string => `gbDutyCheck/${checkId}`;

/** An operator asks whether somebody is on duty. A newer check of the device takes the place of the older. */
export function startDutyCheck(
  situation: Situation,
  effects: Effects,
  place: Place,
  asked: Pick<GbDutyCheck, 'id' | 'deviceId' | 'by' | 'askedAt' | 'withinMin' | 'roundId'>,
): GbDutyCheck {
  const check: GbDutyCheck = { ...asked, dueAt: asked.askedAt + asked.withinMin * MINUTE_MS, state: 'asked' };
  keep(situation, effects, place, check);
  effects.setTimer({
    id: dutyCheckTimerId(check.id),
    venueId: place.venueId,
    dueAt: check.dueAt,
    purpose: { kind: 'gbDutyCheck', deviceId: check.deviceId, checkId: check.id },
  });
  return check;
}

/** The device confirmed that it got the question, or the transaction failed. */
export function noteDelivery(
  { situation, effects, device, place, report }: ReportContext,
  actId: string,
  isDone: boolean,
) {
  const check = situation.gb.dutyCheck(device.id);
  if (check?.id !== actId || check.state !== 'asked') return;
  if (isDone) {
    keep(situation, effects, place, { ...check, state: 'delivered', deliveredAt: report.meta.receivedAt });
    return;
  }
  keep(situation, effects, place, { ...check, state: 'notDelivered' });
  effects.endTimer(dutyCheckTimerId(check.id));
}

/** The person at the device answered (type 24, bit 5). */
export function answerDutyCheck(context: ReportContext, operator: number | undefined): void {
  const { situation, effects, device, place, report } = context;
  const check = situation.gb.dutyCheck(device.id);
  if (check === undefined || check.answeredAt !== undefined || check.state === 'notDelivered') return;
  const answeredAt = report.meta.receivedAt;
  const state = answeredAt <= check.dueAt ? 'answered' : 'late';
  keep(situation, effects, place, { ...check, state, answeredAt, ...(operator !== undefined && { operator }) });
  effects.endTimer(dutyCheckTimerId(check.id));
}

/** The time is up. Not one that never arrived: nobody was asked. */
export function dutyCheckDue(situation: Situation, effects: Effects, deviceId: string, checkId: string): void {
  const check = situation.gb.dutyCheck(deviceId);
  const device = situation.registry.device(deviceId);
  if (check?.id !== checkId || device === undefined) return;
  if (check.state !== 'asked' && check.state !== 'delivered') return;
  const state = check.state === 'delivered' ? 'absent' : 'notDelivered';
  keep(situation, effects, situation.placeOf(device), { ...check, state });
}

/** What became of the check, as an event of the device. */
export function pushDutyAnswer(context: ReportContext, operator: number | undefined, order: number): void {
  const check = context.situation.gb.dutyCheck(context.device.id);
  const at = context.report.meta.receivedAt;
  const seconds = check === undefined ? undefined : Math.round((at - check.askedAt) / 1000);
  const evidence = { operator, checkId: check?.id, state: check?.state, afterS: seconds };
  pushGbEvent(context, { kind: 'onDutyAnswer', point: '', at, evidence }, order);
}

function keep(situation: Situation, effects: Effects, place: Place, check: GbDutyCheck): void {
  situation.gb.setDutyCheck(check);
  effects.gbDutyChecks.set(check.id, { place, check });
}
