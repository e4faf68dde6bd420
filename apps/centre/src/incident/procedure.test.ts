import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Effects } from '../situation/effects.ts';
import { Registry } from '../registry/registry.ts';
import { Situation } from '../situation/situation.ts';
import { incidentLate } from './follow-incidents.ts';
import { keepIncident } from './keep-incident.ts';
import type { KeptIncident } from './kept-incident.ts';
import { limitOf, type ProcedureLimit } from './procedure-limits.ts';
import { lateTimersOf, standingsOf } from './procedure.ts';

const OPENED_AT = Date.parse('2026-11-21T03:00:00Z');

const incident = (more: Partial<KeptIncident> = {}): KeptIncident => ({
  ...{ id: 'i1', number: 1, revision: 1, state: 'owned', openedAt: OPENED_AT },
  place: { partition: 0, venueId: 'V1', origin: 'live' },
  ...{ alarms: [], alarmCount: 1, callCount: 0, stepCount: 1 },
  ...more,
});
const dueOf = (of: KeptIncident): Readonly<Record<string, number>> =>
  Object.fromEntries<number>(
    [...lateTimersOf(of)].map(([id, { dueAt }]) => [id.split('/').at(-1) ?? '', dueAt - OPENED_AT]),
  );

test('each step has its time from the receipt of the alarm; the report from the verdict, and only of a fire', () => {
  assert.deepEqual(dueOf(incident()), {
    displayed: 10_000,
    acknowledged: 20_000,
    firstWord: 30_000,
    verified: 180_000,
  });
  const verdict = { means: 'call', by: 'zhang', at: OPENED_AT + 40_000 } as const;
  const known = { displayedAt: OPENED_AT + 1, acknowledgedAt: OPENED_AT + 2, firstWordAt: OPENED_AT + 3 };
  assert.deepEqual(dueOf(incident({ ...known, verdict: { ...verdict, word: 'true' } })), { reported: 43_000 });
  assert.deepEqual(dueOf(incident({ ...known, verdict: { ...verdict, word: 'false' } })), {});
  assert.deepEqual(dueOf(incident({ state: 'closed' })), {});
});

test('the fire-command side is told by whichever way came first', () => {
  const report = {
    messageId: 'm',
    kind: 'alert',
    madeAt: OPENED_AT,
    failedCount: 0,
    deliveredAt: OPENED_AT + 900,
  } as const;
  const verdict = { word: 'true', means: 'call', by: 'zhang', at: OPENED_AT } as const;
  const told = { at: OPENED_AT + 500, by: 'zhang', answeredBy: 'seat 4' };
  const doneAt = (of: KeptIncident): number | undefined =>
    standingsOf(of).find(({ step }) => step === 'reported')?.doneAt;
  assert.equal(doneAt(incident({ verdict, report })), OPENED_AT + 900);
  assert.equal(doneAt(incident({ verdict, report, told })), OPENED_AT + 500);
  assert.equal(doneAt(incident()), undefined);
  assert.equal(doneAt(incident({ verdict: { ...verdict, word: 'false' }, report })), undefined);
});

test('a step that is late gets its line once; one that was done just before gets none, and timers end with their step', () => {
  const situation = new Situation(new Registry());
  const opened = keepIncident(situation, new Effects(), incident(), {
    ...{ at: OPENED_AT, kind: 'opened', from: 'open', to: 'open' },
  });
  const effects = new Effects();
  const late = { kind: 'incidentLate', incidentId: 'i1', step: 'firstWord' } as const;
  incidentLate(situation, effects, late, OPENED_AT + 30_000);
  assert.deepEqual(
    effects.incidentSteps.map(({ step: { kind, detail } }) => [kind, detail]),
    [['late', { step: 'firstWord', limitMs: 30_000 }]],
  );
  assert.equal(situation.incidents.get('i1')?.revision, opened.revision, 'nobody has to look again for it');
  assert.deepEqual([...effects.timersSet], [], 'none begins anew');

  const answered = { ...opened, firstWordAt: OPENED_AT + 31_000 };
  const after = new Effects();
  keepIncident(situation, after, answered, { at: OPENED_AT + 31_000, kind: 'called', from: 'owned', to: 'owned' });
  assert.deepEqual([...after.timersEnded], ['incidentLate/i1/firstWord']);
  const nothing = new Effects();
  incidentLate(situation, nothing, late, OPENED_AT + 31_001);
  assert.deepEqual(nothing.incidentSteps, []);
});

test('an incident is measured by the edition that was in force when it was opened', () => {
  const limit = (inForceFrom: string, limitMs: number): ProcedureLimit => ({
    ...{ step: 'reported', limitMs, edition: 'E', clause: '1', inForceFrom, evidence: 'ours' },
  });
  const limits = [limit('2008-01-01', 3_000), limit('2027-05-01', 2_000)];
  assert.equal(limitOf('reported', Date.parse('2027-04-30T23:59:59Z'), limits).limitMs, 3_000);
  assert.equal(limitOf('reported', Date.parse('2027-05-01T00:00:00Z'), limits).limitMs, 2_000);
  assert.throws(() => limitOf('reported', 0, limits), RangeError);
});
