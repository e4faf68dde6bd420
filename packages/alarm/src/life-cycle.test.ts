import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifeCycle, lifeCycleEvents, refusalCodes, stateAsFound, type LifeCycleEvent } from './life-cycle.ts';
import {
  conditionKeyOf,
  next,
  normalCondition,
  type Condition,
  type ConditionEvent,
  type SourceActive,
} from './index.ts';
import { alarmStates, type AlarmState } from './words.ts';

const key = conditionKeyOf('d1', 'c1', 'overload');
const told: SourceActive = {
  kind: 'sourceActive',
  source: 'device',
  level: 'warning',
  pointId: 'c1',
  at: 1,
  receivedAt: 1,
  entryId: 'e1',
  origin: 'live',
  classification: { category: 'warning', priority: 'P3' },
};
const by = 'op1';
const reason = 'test';
const note = 'test';

/** How a condition gets into each state. */
const wayTo: Record<AlarmState, readonly ConditionEvent[]> = {
  normal: [],
  unacknowledged: [told],
  acknowledged: [told, { kind: 'acknowledge', by, at: 2 }],
  returnedUnacknowledged: [told, { kind: 'sourceInactive', source: 'device', at: 2 }],
  latchedUnacknowledged: [{ ...told, latching: true }],
  latchedAcknowledged: [
    { ...told, latching: true },
    { kind: 'acknowledge', by, at: 2 },
  ],
  shelved: [told, { kind: 'shelve', until: 99, reason, by, at: 2 }],
  suppressedByDesign: [told, { kind: 'suppress', by, reason, at: 2 }],
  outOfService: [told, { kind: 'removeFromService', by, reason, at: 2 }],
};

/** How each event of the life cycle looks to a condition. */
const eventOf: Record<LifeCycleEvent, ConditionEvent> = {
  activate: { ...told, at: 3, entryId: 'e3' },
  escalate: { ...told, at: 3, entryId: 'e3', level: 'alarm' },
  latch: { ...told, at: 3, entryId: 'e3', latching: true },
  return: { kind: 'sourceInactive', source: 'device', at: 3 },
  acknowledge: { kind: 'acknowledge', by, at: 3 },
  shelve: { kind: 'shelve', until: 99, reason, by, at: 3 },
  unshelve: { kind: 'unshelve', by, at: 3 },
  suppress: { kind: 'suppress', by, reason, at: 3 },
  unsuppress: { kind: 'unsuppress', by, reason, at: 3 },
  removeFromService: { kind: 'removeFromService', by, reason, at: 3 },
  returnToService: { kind: 'returnToService', by, reason, at: 3 },
  inspect: { kind: 'inspect', by, note, at: 3 },
};

/**
 * ISA-18.2 figure of states, drawn again by its letters, one row per state A-I, one column per event in the order of
 * `lifeCycleEvents`. `.` stays · `x` is refused · `?` as found.
 */
const figure = [
  'A: B B E . x x . H . I . x',
  'B: . B E D C G . H . I . x',
  'C: . B E A . G . H . I . x',
  'D: B B E . A G . H . I . x',
  'E: . E E . F x . x . I . x',
  'F: . E E . . x . x . I . A',
  'G: . B E . x x ? H . I . x',
  'H: . B E . x x . . ? I . x',
  'I: . . . . x x . x . . ? x',
];

test('the table is the figure of ISA-18.2, cell by cell', () => {
  const letterOf = (state: AlarmState) => 'ABCDEFGHI'[alarmStates.indexOf(state)];
  const drawn = alarmStates.map((state) => {
    const cells = lifeCycleEvents.map((event) => {
      const outcome = lifeCycle[state][event];
      if (typeof outcome === 'object') return 'x';
      if (outcome === 'unchanged') return '.';
      return outcome === 'asFound' ? '?' : letterOf(outcome);
    });
    return `${letterOf(state)}: ${cells.join(' ')}`;
  });
  assert.deepEqual(drawn, figure);
});

test('a condition does in every state under every event what the table says', () => {
  for (const state of alarmStates) {
    const condition = wayTo[state].reduce<Condition>((before, event) => {
      const step = next(before, event);
      assert.ok(!('refused' in step));
      return step.condition;
    }, normalCondition(key));
    assert.equal(condition.state, state);
    for (const event of lifeCycleEvents) {
      const expected = lifeCycle[state][event];
      const outcome = next(condition, eventOf[event]);
      const actual = 'refused' in outcome ? { refused: outcome.refused.code } : outcome.condition.state;
      const resolved = expected === 'unchanged' ? state : expected === 'asFound' ? 'unacknowledged' : expected;
      assert.deepEqual(actual, resolved, `${state} under ${event}`);
    }
  }
});

test('coming back into view, a condition is found in the state its facts call for', () => {
  const yes = { active: true, latching: true, acknowledged: true, owesAcknowledgement: true };
  assert.equal(stateAsFound(yes), 'latchedAcknowledged');
  assert.equal(stateAsFound({ ...yes, acknowledged: false }), 'latchedUnacknowledged');
  assert.equal(stateAsFound({ ...yes, latching: false }), 'unacknowledged');
  assert.equal(stateAsFound({ ...yes, latching: false, active: false }), 'returnedUnacknowledged');
  assert.equal(stateAsFound({ ...yes, latching: false, active: false, owesAcknowledgement: false }), 'normal');
});

test('every code of refusal is known', () => {
  for (const row of Object.values(lifeCycle)) {
    for (const outcome of Object.values(row)) {
      if (typeof outcome === 'object') assert.ok(refusalCodes.includes(outcome.refused));
    }
  }
});
