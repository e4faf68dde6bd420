import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm, Incident } from '@fengsui/protocol';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { dueStep, incidentOf, incidentOrder, nextActOf } from './incident-order.ts';
import { sampleIncident } from './sample-incident.ts';

const numbered = (number: number, owner?: string): Incident =>
  sampleIncident({ number, ...(owner !== undefined && { owner }) });

test('nobody’s come first, the newest of them at the front; then one’s own, then the others’, the oldest first', () => {
  const all = [numbered(1, 'wang'), numbered(2), numbered(3, 'zhang'), numbered(4), numbered(5, 'zhang')];
  assert.deepEqual(
    incidentOrder(all, 'zhang').map(({ number }) => number),
    [4, 2, 3, 5, 1],
  );
});

test('the next act goes by the procedure, and is nobody’s but the owner’s', () => {
  const verdict = { word: 'true', means: 'call', by: 'zhang', at: '2026-11-21T03:01:00Z' } as const;
  const mine = sampleIncident({ owner: 'zhang', state: 'owned' });
  const heard = { ...mine, lastWordAt: '2026-11-21T03:00:30Z' };
  const confirmed: Incident = { ...heard, state: 'confirmed', verdict };
  const told: Incident = { ...confirmed, toldAt: '2026-11-21T03:01:02Z' };
  const report = { messageId: 'm', kind: 'alert', madeAt: '2026-11-21T03:01:00Z', failedCount: 0 } as const;
  const sent: Incident = { ...confirmed, report };
  assert.equal(nextActOf(sampleIncident({}), 'zhang'), 'take');
  assert.equal(nextActOf(mine, 'zhang'), 'call');
  assert.equal(nextActOf(mine, 'wang'), undefined);
  assert.equal(nextActOf({ ...mine, offeredTo: 'wang' }, 'wang'), 'take');
  assert.equal(nextActOf(heard, 'zhang'), 'verify');
  assert.equal(nextActOf(confirmed, 'zhang'), 'tell');
  assert.equal(nextActOf(told, 'zhang'), 'close');
  assert.equal(nextActOf(sent, 'zhang'), 'tell');
  assert.equal(nextActOf({ ...sent, report: { ...report, deliveredAt: '2026-11-21T03:01:02Z' } }, 'zhang'), 'close');
  assert.equal(nextActOf({ ...heard, state: 'dismissed', verdict: { ...verdict, word: 'false' } }, 'zhang'), 'close');
  const cancelled: Incident = { ...sent, state: 'dismissed', report: { ...report, kind: 'cancel' } };
  assert.equal(nextActOf(cancelled, 'zhang'), 'tell', 'who was told of a fire is told that it is none');
  assert.equal(nextActOf({ ...told, state: 'closed' }, 'zhang'), undefined);
});

test('an alarm beyond those that are named belongs to the incident of its venue, unless that names all it has', () => {
  const alarm: Alarm = sampleAlarm({ id: 'other', category: 'fire' });
  const { venueId, origin } = alarm;
  assert.equal(incidentOf([sampleIncident({ venueId, origin, alarmCount: 1 })], alarm), undefined);
  assert.equal(incidentOf([sampleIncident({ venueId, origin, alarmCount: 2 })], alarm)?.venueId, venueId);
  assert.equal(incidentOf([sampleIncident({ venueId: 'elsewhere', origin, alarmCount: 2 })], alarm), undefined);
});

test('of the steps whose time runs the one that ends next counts', () => {
  const from = '2026-11-21T03:00:00Z';
  const procedure = [
    { step: 'displayed', limitMs: 10_000, from, doneAt: from },
    { step: 'verified', limitMs: 180_000, from },
    { step: 'firstWord', limitMs: 30_000, from },
    { step: 'reported', limitMs: 3_000 },
  ] as const;
  assert.deepEqual(dueStep(sampleIncident({ procedure: [...procedure] })), {
    step: 'firstWord',
    dueAt: Date.parse(from) + 30_000,
  });
  assert.equal(dueStep(sampleIncident({ procedure: [] })), undefined);
});
