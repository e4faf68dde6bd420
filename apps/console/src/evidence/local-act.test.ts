import assert from 'node:assert/strict';
import test from 'node:test';
import type { DeviceEventRecord } from '@fengsui/protocol';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { localActOf } from './local-act.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const iso = (seconds: number): string => new Date(START + 1000 * seconds).toISOString();
const alarm = sampleAlarm({ kind: 'localAction', receivedAt: iso(0), state: 'latchedUnacknowledged' });

function told(seconds: number, evidence: unknown, point = 'c1'): DeviceEventRecord {
  const at = iso(seconds);
  const place = { deviceId: 'd1', venueId: 'v1', origin: 'live' as const };
  return { ...place, kind: 'localAction', point, at, receivedAt: at, level: 'alarm', evidence };
}

const latch = { circuit: 'c1', openedAt: START, policyId: 'p1', cause: 'arc on c1' };
const because = { kind: 'arc', point: 'c1', at: START - 20 };
const opened = (breaker: string, more: object = {}) => told(0, { act: 'opened', breaker, because, latch, ...more });

test('a circuit is called dead only when its breaker was read back open', () => {
  assert.deepEqual(localActOf(alarm, [opened('open')]), {
    standing: 'dead',
    cause: because,
    actedAt: START,
    policyId: 'p1',
    missing: [],
  });
  const standings = ['closed', 'unknown', 'OPEN', ''].map((breaker) => localActOf(alarm, [opened(breaker)]).standing);
  assert.deepEqual(standings, ['failed', 'unread', 'unread', 'unread']);
  assert.equal(localActOf(alarm, [opened('closed', { failure: 'coil: no answer' })]).failure, 'coil: no answer');
});

test('after a restart what is read back then counts, and whether it had ever opened', () => {
  const again = (breaker?: string) => told(60, { act: 'stillOpen', latch, ...(breaker && { breaker }) });
  const standing = (...events: DeviceEventRecord[]) => localActOf(alarm, events).standing;
  assert.equal(standing(again('open'), opened('open')), 'dead');
  assert.equal(standing(again('closed'), opened('open')), 'reclosed');
  assert.equal(standing(again('closed'), opened('closed')), 'failed');
  assert.equal(standing(again(), opened('open')), 'unread');
  const course = localActOf(alarm, [again('open')]);
  assert.deepEqual([course.cause, course.toldAgainAt], [{ kind: 'arc', point: 'c1' }, START + 60_000]);
});

test('a refusal says what was missing; an act after it counts, and a refusal after that again', () => {
  const refusal = (seconds: number) => told(seconds, { act: 'refused', because, missing: ['clock', 7, 'newWord'] });
  const { standing, missing } = localActOf(alarm, [refusal(0)]);
  assert.deepEqual([standing, missing], ['refused', ['clock', 'newWord']]);
  assert.equal(localActOf(alarm, [opened('open'), refusal(0)].toReversed()).standing, 'dead');
  assert.equal(localActOf(alarm, [refusal(90), opened('open')]).standing, 'refused');
});

test('acts of another circuit, of before, and what nobody understands leave it untold', () => {
  const before = { ...opened('open'), receivedAt: iso(-1) };
  const other = told(1, { act: 'opened', breaker: 'open', latch }, 'c2');
  const strange = [null, undefined, 'opened', [], { act: 'exploded' }, { act: ['opened'] }].map((e) => told(1, e));
  assert.deepEqual(localActOf(alarm, [before, other, ...strange]), { standing: 'untold', missing: [] });
});

test('an alarm that has ended keeps the act it was raised for', () => {
  const later = told(600, {
    act: 'opened',
    breaker: 'closed',
    because,
    latch: { ...latch, openedAt: START + 600_000 },
  });
  assert.equal(localActOf({ ...alarm, state: 'normal' }, [later, opened('open')]).standing, 'dead');
  assert.equal(localActOf(alarm, [later, opened('open')]).standing, 'failed');
});

test('fields of another type are left out, and long words are cut', () => {
  const odd = { act: 'opened', breaker: 5, failure: 'x'.repeat(9_999), because: 'fire', latch: { openedAt: 1e300 } };
  const { standing, cause, actedAt, failure } = localActOf(alarm, [told(2, odd)]);
  assert.deepEqual([standing, cause, actedAt, failure?.length], ['unread', undefined, START + 2_000, 300]);
});
