import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import { act, event, T0 } from './entries.fixture.ts';
import type { ActOutcome } from './operator-act.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const HOUR_MS = 3_600_000;

function withAlarm(change: object = {}): { readonly feed: SituationFeed; readonly alarm: Alarm } {
  const feed = new SituationFeed();
  feed.alarm(event('D1', { at: T0, kind: 'arc', point: 'c1', active: true, level: 'warning', ...change }));
  const [alarm] = feed.open();
  assert.ok(alarm);
  return { feed, alarm };
}

const cleared = (at: number) =>
  event('D1', { at, kind: 'arc', point: 'c1', active: false, level: 'warning' }, { receivedAt: at });

const codeOf = (outcome: ActOutcome | undefined): string | undefined =>
  outcome?.kind === 'refused' ? outcome.code : outcome?.kind;

test('an acknowledgement names who and when, and its outcome is the whole alarm', () => {
  const { feed, alarm } = withAlarm();
  const { acts } = feed.alarm(act(alarm.id, { kind: 'acknowledge', note: 'on my way' }, { at: T0 + 7_000 }));
  const outcome = acts[0]?.outcome;
  assert.deepEqual(outcome, {
    kind: 'done',
    alarm: {
      ...alarm,
      state: 'acknowledged',
      acknowledgedAt: new Date(T0 + 7_000).toISOString(),
      acknowledgedBy: 'operator1',
    },
  });
});

test('an act that ends the alarm answers with the ended alarm, at its own venue', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(cleared(T0 + 1_000));
  const { acts, alarmChanges } = feed.alarm(act(alarm.id, { kind: 'acknowledge' }, { at: T0 + 2_000 }));
  const outcome = acts[0]?.outcome;
  assert.ok(outcome?.kind === 'done');
  assert.deepEqual([outcome.alarm.state, outcome.alarm.venueId], ['normal', 'V1']);
  assert.deepEqual(
    alarmChanges.map(({ number, change }) => [number, change.kind]),
    [
      [3, 'acknowledged'],
      [4, 'ended'],
    ],
  );
});

test('an act on an alarm that has ended, or never was, is refused', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(cleared(T0 + 1), act(alarm.id, { kind: 'acknowledge' }));
  const again = feed.alarm(act(alarm.id, { kind: 'acknowledge' }, { actId: 'again' }));
  assert.equal(codeOf(again.acts[0]?.outcome), 'alarmEnded');
  const never = feed.alarm(act('nobody', { kind: 'acknowledge' }));
  assert.equal(codeOf(never.acts[0]?.outcome), 'alarmEnded');
});

test('acts that the rules of alarms forbid are refused with their code, and change nothing', () => {
  const { feed, alarm } = withAlarm();
  const refusals: readonly (readonly [Parameters<typeof act>[1], string])[] = [
    [{ kind: 'inspect', note: 'n' }, 'notLatched'],
    [{ kind: 'shelve', until: T0 + 25 * HOUR_MS, reason: 'r' }, 'shelveRefused'],
    [{ kind: 'shelve', until: T0, reason: 'r' }, 'shelveRefused'],
    [{ kind: 'shelve', until: T0 + HOUR_MS, reason: ' ' }, 'shelveRefused'],
  ];
  for (const [index, [wanted, code]] of refusals.entries()) {
    const effects = feed.alarm(act(alarm.id, wanted, { actId: String(index) }));
    assert.equal(codeOf(effects.acts[0]?.outcome), code);
    assert.deepEqual([effects.alarms.size, effects.conditions.size], [0, 0]);
  }
  const fire = withAlarm({ kind: 'smoke', level: 'alarm' });
  const shelved = fire.feed.alarm(act(fire.alarm.id, { kind: 'shelve', until: T0 + HOUR_MS, reason: 'works' }));
  assert.equal(codeOf(shelved.acts[0]?.outcome), 'shelveRefused', 'a fire is never shelved');
});

test('shelving ends when its time is over: the timer brings the alarm back', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(act(alarm.id, { kind: 'shelve', until: T0 + HOUR_MS, reason: 'welding' }));
  assert.deepEqual(
    [feed.open()[0]?.state, feed.open()[0]?.shelvedUntil],
    ['shelved', new Date(T0 + HOUR_MS).toISOString()],
  );
  const [timer] = feed.timers.values();
  assert.equal(timer?.dueAt, T0 + HOUR_MS);
  feed.fire(timer.id);
  assert.deepEqual([feed.open()[0]?.state, feed.open()[0]?.shelvedUntil], ['unacknowledged', undefined]);
  assert.equal(feed.timers.size, 0);
});

test('a shelving ended by hand leaves no timer', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(act(alarm.id, { kind: 'shelve', until: T0 + HOUR_MS, reason: 'welding' }));
  feed.alarm(act(alarm.id, { kind: 'unshelve' }));
  assert.deepEqual([feed.open()[0]?.state, feed.timers.size], ['unacknowledged', 0]);
});

test('shelved anew while the timer of the first shelving was on its way, it ends with the second', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(act(alarm.id, { kind: 'shelve', until: T0 + HOUR_MS, reason: 'welding' }));
  const [first] = feed.timers.values();
  assert.ok(first);
  feed.alarm(
    act(alarm.id, { kind: 'unshelve' }, { at: T0 + HOUR_MS - 20 }),
    act(
      alarm.id,
      { kind: 'shelve', until: T0 + 2 * HOUR_MS, reason: 'still welding' },
      { at: T0 + HOUR_MS - 10, actId: 'second' },
    ),
    {
      kind: 'timerFired',
      partition: 0,
      appendedAt: T0 + HOUR_MS,
      meta: { timerId: first.id, firedAt: T0 + HOUR_MS, purpose: first.purpose },
    },
  );
  assert.equal(feed.open()[0]?.state, 'shelved');
  assert.equal(feed.timers.get(first.id)?.dueAt, T0 + 2 * HOUR_MS, 'otherwise it stays shelved for ever');
  feed.fire(first.id);
  assert.equal(feed.open()[0]?.state, 'unacknowledged');
});

test('the same request twice in one batch is one act', () => {
  const { feed, alarm } = withAlarm();
  const once = act(alarm.id, { kind: 'shelve', until: T0 + HOUR_MS, reason: 'r' });
  const { acts } = feed.alarm(once, once);
  assert.deepEqual(
    acts.map(({ outcome }) => codeOf(outcome)),
    ['done'],
  );
});

test('a higher level sounds again after an acknowledgement', () => {
  const { feed, alarm } = withAlarm();
  feed.alarm(act(alarm.id, { kind: 'acknowledge' }));
  feed.alarm(event('D1', { at: T0 + 1, kind: 'arc', point: 'c1', active: true, level: 'alarm' }));
  const [worse] = feed.open();
  assert.deepEqual(
    [worse?.id, worse?.state, worse?.priority, worse?.acknowledgedBy],
    [alarm.id, 'unacknowledged', 'P2', undefined],
  );
});
