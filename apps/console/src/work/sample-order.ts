import type { WorkOrder } from '@fengsui/protocol';

/** An order for tests. */
export const sampleOrder = (change: Partial<WorkOrder> = {}): WorkOrder => ({
  id: `w${change.number ?? 1}`,
  number: 1,
  revision: 1,
  state: 'open',
  priority: 'P3',
  venueId: 'V1',
  deviceId: 'D1',
  origin: 'live',
  openedAt: '2026-11-22T00:00:00Z',
  faults: [],
  faultCount: 0,
  dueAt: '2026-11-23T00:00:00Z',
  overdue: false,
  escalation: 0,
  failedAttempts: 0,
  photos: [],
  repeatCount: 0,
  acts: ['assign', 'postpone', 'cancel'],
  ...change,
});
