import type { Incident } from '@fengsui/protocol';

/** An incident for tests; says nothing of a real one. */
export const sampleIncident = (more: Partial<Incident>): Incident => ({
  ...{ id: 'i1', number: 1, revision: 1, state: 'open', venueId: 'V1', origin: 'simulated' },
  openedAt: '2026-11-21T03:00:00Z',
  alarms: [
    {
      ...{ alarmId: 'a1', deviceId: 'd1', pointId: '', kind: 'smoke', category: 'fire', priority: 'P1' },
      ...{ raisedAt: '2026-11-21T03:00:00Z', receivedAt: '2026-11-21T03:00:00Z' },
    },
  ],
  ...{ alarmCount: 1, callCount: 0, stepCount: 1, procedure: [], acts: [] },
  ...more,
});
