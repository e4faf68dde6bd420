import type { Alarm, Incident, Isolation, PresenceRow, ValueRow, WorkOrder } from '@fengsui/protocol';

export type LiveValue = { readonly at: number; readonly value: number };
export type LivePresence = { readonly online: boolean; readonly at: number };

/** What the live feed has told: alarms that have not ended by id, and the newest value and presence of each source. */
export type LiveState = {
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** Alarms that ended while the screen was open, newest last, bounded: rows under the hand still need their words. */
  readonly ended: ReadonlyMap<string, Alarm>;
  /** By `{deviceId}/{pointId}`. */
  readonly values: ReadonlyMap<string, LiveValue>;
  /** By device id. */
  readonly presence: ReadonlyMap<string, LivePresence>;
  /** By id; an order that was closed while the screen was open stays, with its state. */
  readonly workOrders: ReadonlyMap<string, WorkOrder>;
  /** By id: those asked for and active, without the telephone of who watches. */
  readonly isolations: ReadonlyMap<string, Isolation>;
  /** By id: those that are not closed. */
  readonly incidents: ReadonlyMap<string, Incident>;
};

export type LivePayload = {
  readonly alarms?: readonly Alarm[];
  readonly values?: readonly ValueRow[];
  readonly presence?: readonly PresenceRow[];
  readonly workOrders?: readonly WorkOrder[];
  readonly isolations?: readonly Isolation[];
  readonly incidents?: readonly Incident[];
};

const maxEnded = 500;

export const emptyLiveState: LiveState = {
  alarms: new Map(),
  ended: new Map(),
  values: new Map(),
  presence: new Map(),
  workOrders: new Map(),
  isolations: new Map(),
  incidents: new Map(),
};

/** A snapshot is the whole truth: alarms it does not name have ended while nobody listened. */
export function applySnapshot(state: LiveState, snapshot: LivePayload): LiveState {
  const named = new Set((snapshot.alarms ?? []).map(({ id }) => id));
  const vanished = [...state.alarms.values()]
    .filter(({ id }) => !named.has(id))
    .map((alarm): Alarm => ({ ...alarm, state: 'normal' }));
  const fresh = applyBatch({ ...emptyLiveState, ended: state.ended }, snapshot);
  return { ...fresh, ended: remember(fresh.ended, vanished) };
}

/** A batch changes what it names; alarms are whole objects that replace by id, state `normal` ends one. */
export function applyBatch(state: LiveState, batch: LivePayload): LiveState {
  return {
    ...applyAlarms(state, batch.alarms ?? []),
    values: applyValues(state.values, batch.values ?? []),
    presence: applyPresence(state.presence, batch.presence ?? []),
    workOrders: applyWorkOrders(state.workOrders, batch.workOrders ?? []),
    isolations: applyIsolations(state.isolations, batch.isolations ?? []),
    incidents: applyIncidents(state.incidents, batch.incidents ?? []),
  };
}

function applyAlarms(state: LiveState, changed: readonly Alarm[]): Pick<LiveState, 'alarms' | 'ended'> {
  if (changed.length === 0) return state;
  const alarms = new Map(state.alarms);
  const endedNow: Alarm[] = [];
  const ended = new Map(state.ended);
  for (const alarm of changed) {
    if (alarm.state === 'normal') {
      alarms.delete(alarm.id);
      endedNow.push(alarm);
    } else {
      alarms.set(alarm.id, alarm);
      ended.delete(alarm.id);
    }
  }
  return { alarms, ended: remember(ended, endedNow) };
}

function remember(ended: ReadonlyMap<string, Alarm>, more: readonly Alarm[]): ReadonlyMap<string, Alarm> {
  if (more.length === 0) return ended;
  const kept = new Map(ended);
  for (const alarm of more) {
    kept.delete(alarm.id);
    kept.set(alarm.id, alarm);
  }
  for (const id of kept.keys()) {
    if (kept.size <= maxEnded) break;
    kept.delete(id);
  }
  return kept;
}

/** A row older than what is known (it came from a backlog) does not turn the clock back. */
function applyValues(values: LiveState['values'], rows: readonly ValueRow[]): LiveState['values'] {
  if (rows.length === 0) return values;
  const next = new Map(values);
  for (const [deviceId, pointId, at, value] of rows) {
    const key = valueKey(deviceId, pointId);
    const known = next.get(key);
    if (!known || at >= known.at) next.set(key, { at, value });
  }
  return next;
}

function applyPresence(presence: LiveState['presence'], rows: readonly PresenceRow[]): LiveState['presence'] {
  if (rows.length === 0) return presence;
  const next = new Map(presence);
  for (const [deviceId, online, at] of rows) next.set(deviceId, { online, at });
  return next;
}

function applyWorkOrders(known: LiveState['workOrders'], changed: readonly WorkOrder[]): LiveState['workOrders'] {
  if (changed.length === 0) return known;
  const next = new Map(known);
  for (const order of changed) next.set(order.id, order);
  return next;
}

function applyIsolations(known: LiveState['isolations'], changed: readonly Isolation[]): LiveState['isolations'] {
  if (changed.length === 0) return known;
  const next = new Map(known);
  for (const isolation of changed) {
    if (isolation.state === 'asked' || isolation.state === 'active') next.set(isolation.id, isolation);
    else next.delete(isolation.id);
  }
  return next;
}

function applyIncidents(known: LiveState['incidents'], changed: readonly Incident[]): LiveState['incidents'] {
  if (changed.length === 0) return known;
  const next = new Map(known);
  for (const incident of changed) {
    if (incident.state === 'closed') next.delete(incident.id);
    else next.set(incident.id, incident);
  }
  return next;
}

/** Key of {@link LiveState.values}. */
export function valueKey(deviceId: string, pointId: string): string {
  return `${deviceId}/${pointId}`;
}
