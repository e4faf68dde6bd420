import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { sendingAct, visibleAct } from './pending-act.ts';

test('an act says sending until the feed shows the alarm changed', () => {
  const raised = sampleAlarm();
  const act = sendingAct(raised);
  assert.equal(visibleAct(act, raised), act);
  assert.equal(visibleAct(act, sampleAlarm({ count: 2 })), act, 'another report is not an answer to the act');
  assert.equal(visibleAct(act, sampleAlarm({ state: 'acknowledged' })), undefined);
});

test('shelving longer is a change too, although the state stays', () => {
  const shelved = sampleAlarm({ state: 'shelved', shelvedUntil: '2026-11-21T13:00:00Z' });
  const act = sendingAct(shelved);
  assert.equal(visibleAct(act, { ...shelved, shelvedUntil: '2026-11-21T14:00:00Z' }), undefined);
});

test('a refusal stays in sight until the alarm changes', () => {
  const raised = sampleAlarm();
  const refused = { ...sendingAct(raised), phase: 'failed' as const, detail: 'category fire is not shelved' };
  assert.equal(visibleAct(refused, raised), refused);
  assert.equal(visibleAct(undefined, raised), undefined);
});
