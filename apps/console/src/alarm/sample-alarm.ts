import type { Alarm } from '@fengsui/protocol';

/** An alarm for tests: an unacknowledged P2 overload, with `changes` laid over it. */
export function sampleAlarm(changes: Partial<Alarm> = {}): Alarm {
  return {
    id: 'a1',
    kind: 'overload',
    category: 'warning',
    priority: 'P2',
    level: 'alarm',
    state: 'unacknowledged',
    deviceId: 'd1',
    pointId: 'c1',
    venueId: 'v1',
    origin: 'live',
    raisedAt: '2026-11-21T12:00:00.000Z',
    receivedAt: '2026-11-21T12:00:00.200Z',
    count: 1,
    ...changes,
  };
}
