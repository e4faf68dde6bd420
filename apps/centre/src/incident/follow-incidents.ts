import { hash } from 'node:crypto';
import type { AlarmChange, AlarmState, Origin } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { Situation } from '../situation/situation.ts';
import { keepIncident, tellIncident } from './keep-incident.ts';
import type { KeptIncident, KeptIncidentAlarm } from './kept-incident.ts';
import { standingsOf, type IncidentTimerPurpose } from './procedure.ts';

/** A test is no incident, and what is played back was one. */
const HANDLED: ReadonlySet<Origin> = new Set(['live', 'simulated', 'drill']);
/** Changes by which an alarm may begin to need people. */
const BEGINS: ReadonlySet<AlarmChange['kind']> = new Set([
  ...(['raised', 'escalated', 'reraised', 'unshelved', 'unsuppressed', 'returnedToService'] as const),
]);
const IN_VIEW: ReadonlySet<AlarmState> = new Set([
  ...(['unacknowledged', 'acknowledged', 'latchedUnacknowledged', 'latchedAcknowledged'] as const),
]);

/**
 * After each entry: what the alarms it changed mean for incidents. `changesBefore` is how many alarm changes there were
 * before the entry.
 */
export function followIncidents(situation: Situation, effects: Effects, entry: Entry, changesBefore: number): void {
  for (let index = changesBefore; index < effects.alarmChanges.length; index++) {
    const { alarmId = '', change, place } = effects.alarmChanges[index] ?? {};
    const alarm = effects.alarms.get(alarmId)?.alarm;
    if (alarm === undefined || change === undefined || place === undefined) continue;
    if (BEGINS.has(change.kind)) begun(situation, effects, entry, alarm, place);
    else tellKnown(situation, effects, alarm, change, entry.appendedAt);
  }
}

/** 火警, and whatever else is P1: gas at its alarm level. Grey ones ring nobody, and are nobody's to handle. */
const needsPeople = ({ category, priority, state, origin }: Alarm): boolean =>
  (category === 'fire' || priority === 'P1') && HANDLED.has(origin) && IN_VIEW.has(state);

function begun(situation: Situation, effects: Effects, entry: Entry, alarm: Alarm, place: Place): void {
  if (!needsPeople(alarm)) return;
  const { incidents } = situation;
  const at = entry.appendedAt;
  const known = incidents.ofAlarm(alarm.id) ?? incidents.ofVenue(alarm.venueId, alarm.origin);
  if (known !== undefined) {
    tellIncident(situation, effects, known, { kind: 'join', at, alarm: keptAlarm(alarm) });
    return;
  }
  const opened: KeptIncident = {
    // One entry may raise alarms of several origins at a venue.
    id: hash('sha256', `${alarm.venueId}/${alarm.origin}/${entryIdOf(entry)}`, 'hex').slice(0, 12),
    number: incidents.numbers.next(place.partition),
    revision: 1,
    state: 'open',
    place: { partition: place.partition, venueId: alarm.venueId, origin: alarm.origin },
    openedAt: at,
    alarms: [keptAlarm(alarm)],
    alarmCount: 1,
    callCount: 0,
    stepCount: 0,
  };
  const { id: alarmId, deviceId, kind } = alarm;
  keepIncident(situation, effects, opened, {
    ...{ at, kind: 'opened', from: 'open', to: 'open' },
    detail: { alarmId, deviceId, kind },
  });
}

function tellKnown(situation: Situation, effects: Effects, { id }: Alarm, change: AlarmChange, at: number): void {
  const known = situation.incidents.ofAlarm(id);
  if (known === undefined) return;
  if (change.kind === 'ended') tellIncident(situation, effects, known, { kind: 'end', at, alarmId: id });
  if (change.kind === 'acknowledged' && change.by !== undefined)
    tellIncident(situation, effects, known, { kind: 'acknowledge', at: change.at, by: change.by });
}

/** The time of a step is up: it is on record, unless the step was done just before. */
export function incidentLate(
  situation: Situation,
  effects: Effects,
  { incidentId, step }: IncidentTimerPurpose,
  at: number,
): void {
  const known = situation.incidents.get(incidentId);
  if (known === undefined) return;
  const standing = standingsOf(known).find((one) => one.step === step);
  if (standing?.from === undefined || standing.doneAt !== undefined) return;
  tellIncident(situation, effects, known, { kind: 'late', at, step, limitMs: standing.limitMs });
}

function keptAlarm({
  id,
  deviceId,
  pointId,
  kind,
  category,
  priority,
  raisedAt,
  receivedAt,
}: Alarm): KeptIncidentAlarm {
  return {
    ...{ alarmId: id, deviceId, pointId, kind, category, priority },
    raisedAt: Date.parse(raisedAt),
    receivedAt: Date.parse(receivedAt),
  };
}
