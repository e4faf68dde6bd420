import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels, limitDue, nextLimit, type Level, type LimitRule, type LimitState } from '@fengsui/alarm';
import fc from 'fast-check';
import { createLimitHazards, terminalLimitRules, type LimitHazardsConfig } from './limit-hazards.ts';
import { overloadRules } from './overload.ts';
import type { HazardEvent } from './hazard-event.ts';

const circuits = [
  { prefix: 'c1', ratedA: 16 },
  { prefix: 'c2', ratedA: 10 },
];
const brief = ({ kind, point, active, level, at }: HazardEvent) => [kind, point, active, level, at];

test('a current beyond 1.45 times the rated one for three seconds is an overload at level alarm', () => {
  const hazards = createLimitHazards({ circuits });
  assert.deepEqual(hazards.read({ at: 0, pointId: 'c1.currentA', value: 30 }), []);
  assert.equal(hazards.dueAt(), 3_000);
  assert.deepEqual(hazards.read({ at: 2_000, pointId: 'c1.currentA', value: 31 }), []);
  const [event, ...more] = hazards.read({ at: 3_000, pointId: 'c1.currentA', value: 32 });
  assert.deepEqual(more, []);
  assert.deepEqual(event, {
    kind: 'overload',
    point: 'c1',
    pointId: 'c1.currentA',
    active: true,
    level: 'alarm',
    at: 3_000,
    value: 32,
    limit: 1.45 * 16,
  });
  assert.deepEqual(hazards.active(), [event]);
});

test('an inrush shorter than the on-delay is no hazard', () => {
  const hazards = createLimitHazards({ circuits });
  const currents = [2, 90, 60, 30, 20, 8, 8, 8];
  const events = currents.flatMap((value, i) => hazards.read({ at: i * 500, pointId: 'c1.currentA', value }));
  assert.deepEqual([...events, ...hazards.due(1e9)], []);
});

test('a falling hazard is told at its lower level first and as inactive when every limit is left', () => {
  const hazards = createLimitHazards({ circuits: [] });
  const told: unknown[] = [];
  const heat = (at: number, value: number) =>
    told.push(...hazards.read({ at, pointId: 't1.temperatureC', value }).map(brief));
  heat(0, 90);
  heat(3_000, 90); // both limits at once: one event, the highest
  heat(10_000, 75);
  heat(20_000, 75);
  heat(30_000, 40);
  heat(40_000, 40);
  assert.deepEqual(told, [
    ['overTemperature', 't1', true, 'alarm', 3_000],
    ['overTemperature', 't1', true, 'warning', 20_000],
    ['overTemperature', 't1', false, 'warning', 40_000],
  ]);
  assert.deepEqual(hazards.active(), []);
});

test('an inactive event carries the limit it passed last and the value now', () => {
  const rules: LimitRule[] = terminalLimitRules.map((rule) => ({ ...rule, onDelayMs: 0, offDelayMs: 0 }));
  const hazards = createLimitHazards({ circuits: [], rules });
  hazards.read({ at: 1, pointId: 'c1.residualCurrentMa', value: 320 });
  assert.deepEqual(hazards.read({ at: 2, pointId: 'c1.residualCurrentMa', value: 20 }), [
    {
      kind: 'residualCurrent',
      point: 'c1',
      pointId: 'c1.residualCurrentMa',
      active: false,
      level: 'warning',
      at: 2,
      value: 20,
      limit: 300,
    },
  ]);
});

test('when no reading comes the delays end by the clock, at their own instants and in their order', () => {
  const hazards = createLimitHazards({ circuits });
  hazards.read({ at: 0, pointId: 'c1.residualCurrentMa', value: 600 });
  hazards.read({ at: 500, pointId: 'c2.currentA', value: 50 });
  assert.equal(hazards.dueAt(), 3_500);
  assert.deepEqual(hazards.due(3_499), []);
  assert.deepEqual(hazards.due(60_000).map(brief), [
    ['overload', 'c2', true, 'alarm', 3_500],
    ['residualCurrent', 'c1', true, 'alarm', 5_000],
  ]);
});

test('circuits and points do not disturb each other, and points without a rule are ignored', () => {
  const hazards = createLimitHazards({ circuits });
  for (let at = 0; at <= 5_000; at += 1_000) {
    hazards.read({ at, pointId: 'c1.currentA', value: 30 });
    assert.deepEqual(hazards.read({ at, pointId: 'c2.currentA', value: 5 }), []);
    assert.deepEqual(hazards.read({ at, pointId: 'c3.currentA', value: 500 }), []);
    assert.deepEqual(hazards.read({ at, pointId: 'c1.voltageV', value: 400 }), []);
  }
  assert.deepEqual(hazards.active().map(brief), [['overload', 'c1', true, 'alarm', 3_000]]);
});

test('readings that are not newer or not finite are ignored', () => {
  const hazards = createLimitHazards({ circuits });
  hazards.read({ at: 0, pointId: 'c1.currentA', value: 30 });
  hazards.read({ at: 0, pointId: 'c1.currentA', value: 1 });
  hazards.read({ at: 1_000, pointId: 'c1.currentA', value: NaN });
  const [event] = hazards.due(3_000);
  assert.deepEqual([event?.level, event?.value], ['alarm', 30]);
});

test('restored after a restart, a hazard that is over by now is told as inactive', () => {
  const before = createLimitHazards({ circuits });
  before.read({ at: 0, pointId: 'c1.currentA', value: 30 });
  before.due(3_000);
  const kept = JSON.parse(JSON.stringify(before.state())) as ReturnType<typeof before.state>;
  const hazards = createLimitHazards({ circuits }, kept);
  assert.deepEqual(hazards.active(), before.active());
  assert.deepEqual(hazards.due(1e9), [], 'nothing is guessed from the time that passed');
  // The clock of the terminal may even have gone back meanwhile.
  assert.deepEqual(hazards.read({ at: -9_000, pointId: 'c1.currentA', value: 3 }), []);
  assert.deepEqual(hazards.due(1_000).map(brief), [['overload', 'c1', false, 'alarm', 1_000]]);
});

test('restored under a configuration that no longer watches a point, its hazard is told as inactive', () => {
  const before = createLimitHazards({ circuits });
  before.read({ at: 0, pointId: 'c1.currentA', value: 30 });
  before.due(3_000);
  const hazards = createLimitHazards({ circuits: [] }, before.state());
  const [event, ...more] = hazards.due(5_000);
  assert.deepEqual([event && brief(event), event?.value, more], [['overload', 'c1', false, 'alarm', 5_000], 30, []]);
});

test('a configuration is refused with everything that is wrong with it', () => {
  const bad: LimitHazardsConfig = {
    circuits: [circuits[0], circuits[0], { prefix: 'c3', ratedA: 0 }].filter((circuit) => circuit !== undefined),
    rules: terminalLimitRules.slice(0, 1).map((rule) => ({ ...rule, threshold: NaN })),
  };
  assert.throws(
    () => createLimitHazards(bad),
    (error: Error) => {
      const lines = error.message.split('\n');
      assert.equal(lines.length, 5);
      assert.match(error.message, /circuit "c3": ratedA is 0/);
      assert.match(error.message, /threshold is NaN/);
      assert.match(error.message, /"overload-alarm-c1": id is taken/);
      return error instanceof RangeError;
    },
  );
});

/**
 * Oracle: each limit by itself, without groups, levels or memory of what was told. What alarm's limits do is their own
 * tests' matter; here it is the highest level over a prefix and the events between that are in question.
 */
test('at every instant the told level of each hazard is the highest one exceeded, and each event is a change of it', () => {
  const rules = terminalLimitRules.map((rule) => ({ ...rule, onDelayMs: rule.onDelayMs / 1_000, offDelayMs: 4 }));
  const bands = (['attention', 'warning', 'alarm'] as const).map((level, i) => ({
    level,
    ratio: [1, 1.13, 1.45][i] ?? NaN,
    deadbandRatio: 0.05,
    onDelayMs: [6, 3, 0][i] ?? NaN,
    offDelayMs: 2,
    source: 'ours',
  }));
  const all = [...rules, ...circuits.flatMap((circuit) => overloadRules(circuit, bands))];
  const points = {
    'c1.currentA': [5, 17, 19, 25],
    'c2.currentA': [5, 10.5, 12, 15],
    'c1.residualCurrentMa': [10, 280, 350, 480, 600],
    't1.temperatureC': [20, 68, 75, 82, 95],
  };
  const moment = fc.record({
    afterMs: fc.integer({ min: 1, max: 3 }),
    reading: fc.option(
      fc.constantFrom(
        ...Object.entries(points).flatMap(([pointId, values]) => values.map((value) => ({ pointId, value }))),
      ),
      { nil: undefined, freq: 4 },
    ),
  });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 80 }), (moments) => {
      const hazards = createLimitHazards({ circuits, rules, overloadBands: bands });
      const states = new Map<string, LimitState>();
      const told = new Map<string, Level>();
      const values = new Map<string, number>();
      let at = 0;
      for (const { afterMs, reading } of moments) {
        at += afterMs;
        if (reading) values.set(reading.pointId, reading.value);
        // Ticks first: what was due by now is decided before the reading, as a punctual caller has it.
        const events = [...hazards.due(at), ...(reading ? hazards.read({ at, ...reading }) : [])];
        const expected = new Map<string, Level>();
        for (const pointId of Object.keys(points)) {
          for (const rule of all) {
            const [head, tail] = rule.point.split('*');
            const covers =
              tail === undefined ? head === pointId : pointId.startsWith(head ?? '') && pointId.endsWith(tail);
            if (!covers) continue;
            const id = `${rule.id} ${pointId}`;
            let state = limitDue(rule, states.get(id) ?? { phase: 'inside' }, at).state;
            if (reading?.pointId === pointId) state = nextLimit(rule, state, { at, value: reading.value }).state;
            states.set(id, state);
            if (state.phase !== 'beyond' && state.phase !== 'leaving') continue;
            const hazard = `${rule.kind} ${pointId.slice(0, 2)}`;
            const known = expected.get(hazard);
            if (!known || levels.indexOf(rule.level) > levels.indexOf(known)) expected.set(hazard, rule.level);
          }
        }
        for (const event of events) {
          const hazard = `${event.kind} ${event.point}`;
          if (event.active) {
            assert.notEqual(event.level, told.get(hazard));
            told.set(hazard, event.level);
          } else {
            assert.equal(event.level, told.get(hazard));
            told.delete(hazard);
          }
          assert.ok(event.at <= at);
        }
        assert.deepEqual(new Map([...told].sort()), new Map([...expected].sort()));
        const active = hazards.active().map((event) => [`${event.kind} ${event.point}`, event.level] as const);
        assert.deepEqual(new Map([...active].sort()), new Map([...expected].sort()));
        const restored = createLimitHazards({ circuits, rules, overloadBands: bands }, hazards.state());
        assert.deepEqual(restored.active(), hazards.active());
        assert.deepEqual(restored.due(at), []);
      }
    }),
    {
      numRuns: Number(process.env['FENGSUI_RUNS'] ?? 1_000),
      ...(process.env['FENGSUI_SEED'] !== undefined && { seed: Number(process.env['FENGSUI_SEED']) }),
    },
  );
});
