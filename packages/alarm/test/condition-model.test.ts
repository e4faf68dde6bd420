import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  alarmIdOf,
  conditionKeyOf,
  isActive,
  levels,
  next,
  normalCondition,
  priorities,
  type Condition,
  type ConditionEvent,
  type Refusal,
  type Step,
} from '../src/index.ts';
import { lives, runs } from './condition-events.ts';
import { ConditionOracle } from './condition-oracle.ts';

const key = conditionKeyOf('d1', 't1.temperatureC', 'overTemperature');

type Told = {
  readonly event: ConditionEvent;
  readonly before: Condition;
  readonly outcome: Step | Refusal;
  readonly after: Condition;
};

/** Lives through the events; refused acts leave the condition as it was. */
function live(events: readonly ConditionEvent[]): readonly Told[] {
  let condition = normalCondition(key);
  return events.map((event) => {
    const before = condition;
    const outcome = next(before, event);
    if (!('refused' in outcome)) condition = outcome.condition;
    return { event, before, outcome, after: condition };
  });
}

function holds(property: (told: readonly Told[]) => void): void {
  fc.assert(
    fc.property(lives, (events) => property(live(events))),
    runs,
  );
}

const changesOf = ({ outcome }: Told) => ('refused' in outcome ? [] : outcome.changes);
const isHidden = ({ state }: Condition) =>
  state === 'shelved' || state === 'suppressedByDesign' || state === 'outOfService';

test('a condition agrees with an oracle of independent flags after every event of any life', () => {
  holds((told) => {
    const oracle = new ConditionOracle();
    for (const { event, outcome, after } of told) {
      const done = oracle.tell(event);
      assert.equal(done, !('refused' in outcome), `${event.kind} in ${after.state}`);
      const alarm = after.alarm;
      assert.deepEqual(
        {
          state: after.state,
          sources: Object.keys(after.sources).sort(),
          latching: after.latching,
          alarm: alarm && {
            id: alarm.id,
            count: alarm.count,
            level: levels.indexOf(alarm.level) + 1,
            fire: alarm.category === 'fire',
            priority: priorities.indexOf(alarm.priority) + 1,
            live: alarm.origin === 'live',
            acknowledged: alarm.acknowledgedAt !== undefined,
          },
        },
        {
          state: oracle.state,
          sources: [...oracle.saying].sort(),
          latching: oracle.latched,
          alarm: oracle.alive && {
            id: alarmIdOf(key, oracle.alive.entryId),
            count: oracle.alive.count,
            level: oracle.alive.level,
            fire: oracle.alive.fire,
            priority: oracle.alive.priority,
            live: oracle.alive.live,
            acknowledged: oracle.alive.acknowledged,
          },
        },
      );
    }
  });
});

test('the lives that the properties try reach every state and every kind of change', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(lives, (events) => {
      for (const told of live(events)) {
        seen.add(told.after.state);
        for (const change of changesOf(told)) seen.add(change.kind);
        if ('refused' in told.outcome) seen.add(told.outcome.refused.code);
      }
    }),
    { numRuns: Math.max(runs.numRuns, 1_000), seed: 1 },
  );
  const everything = [
    'normal unacknowledged acknowledged returnedUnacknowledged latchedUnacknowledged latchedAcknowledged',
    'shelved suppressedByDesign outOfService',
    'raised escalated reraised returned acknowledged unshelved suppressed unsuppressed removedFromService',
    'returnedToService inspected ended',
    'noAlarm shelveRefused notAnnunciated notAcknowledged notLatched latched reasonRequired',
  ];
  assert.deepEqual(
    everything.flatMap((line) => line.split(' ')).filter((word) => !seen.has(word)),
    [],
  );
});

test('a condition has one alarm alive at most, and no id comes back after its alarm ended', () => {
  holds((told) => {
    const over = new Set<string>();
    for (const { before, outcome, after } of told) {
      if ('refused' in outcome) continue;
      if (before.alarm && after.alarm) assert.equal(after.alarm.id, before.alarm.id);
      if (outcome.ended) {
        assert.equal(after.alarm, undefined);
        assert.ok(outcome.ended.clearedAt !== undefined);
        over.add(outcome.ended.id);
      } else if (before.alarm) assert.ok(after.alarm, 'an alarm does not vanish without an end');
      if (after.alarm) assert.ok(!over.has(after.alarm.id));
    }
  });
});

test('the changes of an alarm form a chain from the state before to the state after', () => {
  holds((told) => {
    for (const one of told) {
      let state = one.before.state;
      for (const change of changesOf(one)) {
        assert.equal(change.from, state);
        state = change.to;
      }
      assert.equal(one.after.state, state);
      const kinds = changesOf(one).map((change) => change.kind);
      assert.equal(kinds.includes('raised'), !one.before.alarm && changesOf(one).some((c) => c.alarmId !== undefined));
      assert.equal(kinds.includes('ended'), 'ended' in one.outcome);
    }
  });
});

test('a replay of the same events from stored JSON gives the same conditions, changes and ids', () => {
  holds((told) => {
    let stored = JSON.stringify(normalCondition(key));
    for (const { event, outcome, after } of told) {
      const again = next(JSON.parse(stored) as Condition, JSON.parse(JSON.stringify(event)) as ConditionEvent);
      assert.deepEqual(again, outcome);
      stored = JSON.stringify(after);
      assert.deepEqual(JSON.parse(stored), after);
    }
  });
});

test('an alarm that was in view unacknowledged ends only after an acknowledgement, or by the end of a shelving while inactive', () => {
  holds((told) => {
    let pending = false;
    for (const one of told) {
      const kinds = changesOf(one).map((change) => change.kind);
      if (kinds.includes('acknowledged') || (kinds.includes('unshelved') && !isActive(one.before))) pending = false;
      if (kinds.includes('ended')) assert.equal(pending, false);
      if (one.after.state === 'unacknowledged' || one.after.state === 'returnedUnacknowledged') pending = true;
      if (!one.after.alarm) pending = false;
    }
  });
});

test('an alarm of category fire or priority P1 is never shelved', () => {
  holds((told) => {
    for (const { after } of told) {
      if (after.state !== 'shelved') continue;
      assert.notEqual(after.alarm?.category, 'fire');
      assert.notEqual(after.alarm?.priority, 'P1');
    }
  });
});

test('a latched alarm ends only by an inspection after an acknowledgement', () => {
  holds((told) => {
    for (const { event, before, outcome, after } of told) {
      if (!before.latching || 'refused' in outcome) continue;
      if (!outcome.ended) {
        assert.equal(after.latching, true);
        continue;
      }
      assert.equal(event.kind, 'inspect');
      assert.equal(before.state, 'latchedAcknowledged');
    }
  });
});

test('an escalation leaves the alarm unacknowledged and in view, unless the device is out of service', () => {
  holds((told) => {
    for (const one of told) {
      if (!changesOf(one).some((change) => change.kind === 'escalated')) continue;
      assert.equal(one.after.alarm?.acknowledgedAt, undefined);
      // Returned: a late statement about what is over by now.
      const expected = ['unacknowledged', 'latchedUnacknowledged', 'returnedUnacknowledged'];
      const state = one.after.state;
      assert.ok(one.before.state === 'outOfService' ? state === 'outOfService' : expected.includes(state), state);
    }
  });
});

test('the urgency of an alarm never falls while it is alive', () => {
  holds((told) => {
    for (const { before, after } of told) {
      if (!before.alarm || !after.alarm) continue;
      assert.ok(levels.indexOf(after.alarm.level) >= levels.indexOf(before.alarm.level));
      assert.ok(priorities.indexOf(after.alarm.priority) <= priorities.indexOf(before.alarm.priority));
      if (before.alarm.category === 'fire') assert.equal(after.alarm.category, 'fire');
      if (before.alarm.origin === 'live') assert.equal(after.alarm.origin, 'live');
    }
  });
});

test('the state is consistent with the sources and the marks of the alarm', () => {
  holds((told) => {
    for (const { after } of told) {
      const { state, alarm } = after;
      if (state === 'unacknowledged' || state === 'acknowledged') assert.ok(isActive(after));
      if (state === 'returnedUnacknowledged') assert.ok(!isActive(after));
      if (isActive(after)) assert.ok(alarm, 'what is active has an alarm');
      if (alarm && !after.latching) assert.equal(alarm.clearedAt === undefined, isActive(after));
      assert.equal(alarm?.shelvedUntil !== undefined, state === 'shelved');
      if (state === 'acknowledged' || state === 'latchedAcknowledged') assert.ok(alarm?.acknowledgedBy !== undefined);
      if (state.endsWith('nacknowledged')) assert.equal(alarm?.acknowledgedAt, undefined);
      if (state === 'normal') assert.deepEqual([alarm, after.sources, after.latching], [undefined, {}, false]);
      else if (state !== 'suppressedByDesign' && state !== 'outOfService') assert.ok(alarm);
      if (after.owesAcknowledgement) assert.ok(isHidden(after) && state !== 'shelved' && alarm);
    }
  });
});

test('an event told twice changes nothing the second time', () => {
  holds((told) => {
    for (const { event, outcome, after } of told) {
      if ('refused' in outcome) continue;
      const again = next(after, event);
      if ('refused' in again) {
        // The act is done: what it asked for no longer applies to an alarm out of view, or over.
        assert.ok(event.kind !== 'sourceActive' && event.kind !== 'sourceInactive');
        continue;
      }
      // A late statement about something over by now is an occurrence of its own each time: intake drops duplicates.
      const isOverByNow = event.kind === 'sourceActive' && !(event.source in after.sources);
      if (!isOverByNow) assert.deepEqual(again.changes, []);
    }
  });
});

test('a late active statement raises or is absorbed, and never ends or silences anything', () => {
  holds((told) => {
    for (const one of told) {
      if (one.event.kind !== 'sourceActive' || one.event.late !== true) continue;
      assert.ok(one.after.alarm);
      assert.ok(!changesOf(one).some((change) => change.kind === 'ended'));
      if (!one.before.alarm) assert.equal(one.after.alarm.late, true);
      for (const source of Object.keys(one.before.sources)) assert.ok(source in one.after.sources);
    }
  });
});

test('an inactive statement older than the newest of its source changes nothing, unless it is live', () => {
  holds((told) => {
    for (const { event, before, outcome } of told) {
      if (event.kind !== 'sourceInactive' || event.live) continue;
      if (event.at < (before.saidAt[event.source] ?? -Infinity))
        assert.deepEqual(outcome, { condition: before, changes: [] });
    }
  });
});
