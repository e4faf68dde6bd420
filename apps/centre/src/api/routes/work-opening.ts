import { conditionId, conditionKeyOf, type Priority } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { deviceInScope } from '../in-scope.ts';
import { ApiError, notFound } from '../problem.ts';
import { findAlarm } from '../../record/alarm-history.ts';
import type { Scope } from '../../access/scope.ts';
import { blindSpots } from '../../situation/blind-spots.ts';
import type { Situation } from '../../situation/situation.ts';
import type { Store } from '../../store/store.ts';
import type { WorkAct } from '../../workorder/work-act.ts';

type Asked = {
  readonly alarmId?: string;
  readonly deviceId?: string;
  readonly priority?: Priority;
  readonly note?: string;
};
type Opening = Extract<WorkAct, { kind: 'workOpen' }>;

/** What a person asks to open, checked against what is known; throws what is wrong with it. */
export async function openingOf(
  { situation, store }: { readonly situation: Situation; readonly store: Store },
  scope: Scope,
  { alarmId, deviceId, priority, note }: Asked,
): Promise<{ readonly venueId: string; readonly act: Opening }> {
  const words = note === undefined ? {} : { note };
  if (alarmId !== undefined) {
    const alarm = await findAlarm(scope, store, alarmId);
    if (alarm === undefined) throw notFound(`alarm ${alarmId}`);
    return {
      venueId: alarm.venueId,
      act: { ...ofAlarm(alarm), ...(priority !== undefined && { priority }), ...words },
    };
  }
  const device = deviceInScope(situation.registry, scope, deviceId ?? '');
  const spot = blindSpots(situation, { venues: [device.venueId] }).find((found) => found.deviceId === device.id);
  if (spot === undefined)
    throw new ApiError(422, 'nothingToRepair', `device ${device.id} has no blind spot; open the order from its alarm`);
  const act = {
    kind: 'workOpen',
    deviceId: device.id,
    blindReasons: spot.reasons,
    priority: priority ?? 'P3',
    ...words,
  } as const;
  return { venueId: device.venueId, act };
}

function ofAlarm(alarm: Alarm): Opening {
  const { id: alarmId, category, deviceId, pointId, kind, priority, raisedAt, clearedAt } = alarm;
  if (category !== 'fault' && category !== 'supervisory')
    throw new ApiError(422, 'notAFault', `alarm ${alarmId} is of category ${category}: expected fault or supervisory`);
  const fault = {
    conditionId: conditionId(conditionKeyOf(deviceId, pointId, kind)),
    alarmId,
    deviceId,
    pointId,
    kind,
    raisedAt: Date.parse(raisedAt),
    ...(clearedAt !== undefined && { clearedAt: Date.parse(clearedAt) }),
  };
  return { kind: 'workOpen', deviceId, fault, priority };
}
