import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HazardEvent } from '../hazard-event.ts';
import { createSupplyHazards, type SupplyHazards, type SupplySettings, type SupplyState } from './supply-hazards.ts';

const board: SupplySettings = { phases: { L1: 'c1', L2: 'c4', L3: 'c7' }, nominalV: 220, ratedA: 32 };

function run(
  supply: SupplyHazards,
  fromMs: number,
  seconds: number,
  voltagesV: readonly number[],
  currentsA?: readonly number[],
): HazardEvent[] {
  const events: HazardEvent[] = [];
  for (let ms = 200; ms <= seconds * 1_000; ms += 200) {
    events.push(...supply.read({ at: fromMs + ms, voltagesV, ...(currentsA && { currentsA }) }));
  }
  return events;
}
const brief = (events: readonly HazardEvent[]): unknown[] =>
  events.map(({ kind, point, level, active }) => [kind, point, level, active]);

/** 220 V with the star point moved by `ratio` towards L2: L2 falls, the others rise; magnitudes by the cosine law. */
const shifted = (ratio: number): number[] => {
  const far = 220 * Math.sqrt(1 + ratio + ratio ** 2);
  return [far, 220 * (1 - ratio), far];
};

/** What each picture of the supply is called, and nothing else. */
const scenarios: readonly { name: string; voltagesV: readonly number[]; seconds: number; expected: unknown[] }[] = [
  { name: 'a sound supply', voltagesV: [221, 219, 220], seconds: 1_200, expected: [] },
  { name: 'a supply at 230 V', voltagesV: [230, 231, 229], seconds: 1_200, expected: [] },
  {
    name: 'a dead supply',
    voltagesV: [0.4, 0.2, 0.3],
    seconds: 1_200,
    expected: [['underVoltage', 'c1', 'attention', true]],
  },
  { name: 'one phase lost', voltagesV: [220, 3, 220], seconds: 1_200, expected: [['phaseLoss', 'c1', 'alarm', true]] },
  {
    name: 'one phase lost, a motor feeds back',
    voltagesV: [218, 119, 219],
    seconds: 60,
    expected: [['phaseLoss', 'c1', 'alarm', true]],
  },
  { name: 'two phases lost', voltagesV: [0.5, 1, 221], seconds: 60, expected: [['phaseLoss', 'c1', 'alarm', true]] },
  {
    name: 'a neutral lost, little load',
    voltagesV: shifted(0.1),
    seconds: 60,
    expected: [['neutralLoss', 'c1', 'warning', true]],
  },
  {
    name: 'a neutral lost, much load on one phase',
    voltagesV: shifted(0.45),
    seconds: 60,
    expected: [
      ['neutralLoss', 'c1', 'alarm', true],
      ['overVoltage', 'c1', 'alarm', true],
    ],
  },
  { name: 'a dip of half a second', voltagesV: [140, 220, 220], seconds: 0.6, expected: [] },
  {
    name: 'one phase low',
    voltagesV: [186, 220, 220],
    seconds: 100,
    expected: [
      ['underVoltage', 'c1', 'warning', true],
      ['imbalance', 'c1', 'warning', true],
    ],
  },
  {
    name: 'all phases low',
    voltagesV: [160, 160, 160],
    seconds: 100,
    expected: [['underVoltage', 'c1', 'alarm', true]],
  },
  {
    name: 'all phases high',
    voltagesV: [250, 250, 250],
    seconds: 100,
    expected: [['overVoltage', 'c1', 'warning', true]],
  },
];

for (const { name, voltagesV, seconds, expected } of scenarios) {
  test(`${name} is told as what it is and nothing else`, () => {
    const supply = createSupplyHazards(board);
    run(supply, 0, 60, [220, 220, 220]);
    const events = run(supply, 60_000, seconds, voltagesV);
    const sorted = (rows: readonly unknown[]): unknown[] => rows.map((row) => JSON.stringify(row)).sort();
    assert.deepEqual(sorted(brief(events)), sorted(expected));
  });
}

test('dips of one phase of any depth down to 60 % are never called a lost neutral', () => {
  for (let depth = 0.05; depth <= 0.4; depth += 0.01) {
    const supply = createSupplyHazards(board);
    run(supply, 0, 60, [222, 221, 220]);
    const events = run(supply, 60_000, 20, [222 * (1 - depth), 221, 220]);
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'neutralLoss'),
      [],
      `depth ${depth}`,
    );
  }
});

test('a star point displaced in any direction is a lost neutral and never a lost phase or under-voltage', () => {
  const direction = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
  const distance = fc.double({ min: 0.1, max: 0.48, noNaN: true });
  fc.assert(
    fc.property(distance, direction, (ratio, angleRad) => {
      const supply = createSupplyHazards(board);
      run(supply, 0, 10, [224, 224, 224]);
      const voltagesV = [0, 1, 2].map((k) => {
        const phase = (2 * Math.PI * k) / 3;
        const [x, y] = [Math.cos(phase) - ratio * Math.cos(angleRad), Math.sin(phase) - ratio * Math.sin(angleRad)];
        return 224 * Math.hypot(x, y);
      });
      const kinds = new Set(run(supply, 10_000, 70, voltagesV).map(({ kind }) => kind));
      assert.ok(kinds.has('neutralLoss'));
      assert.deepEqual(
        [...kinds].filter((kind) => kind !== 'neutralLoss' && kind !== 'overVoltage'),
        [],
      );
    }),
    { numRuns: 50 },
  );
});

test('a neutral that was lost before the terminal started is seen once a phase has risen', () => {
  const events = run(createSupplyHazards(board), 0, 20, shifted(0.3));
  assert.ok(events.some(({ kind, level }) => kind === 'neutralLoss' && level === 'alarm'));
});

test('a dead supply ends what it makes meaningless, and its own end is told once', () => {
  const supply = createSupplyHazards(board);
  run(supply, 0, 60, [220, 220, 220]);
  run(supply, 60_000, 60, [220, 2, 220]);
  const dead = run(supply, 120_000, 60, [0, 0, 0]);
  assert.deepEqual(brief(dead), [
    ['underVoltage', 'c1', 'attention', true],
    ['phaseLoss', 'c1', 'alarm', false],
  ]);
  assert.deepEqual(brief(run(supply, 180_000, 60, [220, 221, 219])), [['underVoltage', 'c1', 'attention', false]]);
  assert.deepEqual(supply.active(), []);
});

test('currents out of balance are told only under load, and only after ten minutes', () => {
  const supply = createSupplyHazards(board);
  assert.deepEqual(run(supply, 0, 1_200, [220, 220, 220], [8, 0.5, 0.5]), [], 'a quarter of the rated current');
  const events = run(supply, 1_200_000, 1_200, [220, 220, 220], [24, 2, 2]);
  assert.deepEqual(brief(events), [['imbalance', 'c1', 'attention', true]]);
  // Mean 9.33, deviation 14.67.
  assert.ok(Math.abs((events[0]?.value ?? NaN) - 157.14) < 0.01);
  assert.ok(Math.abs((events[0]?.at ?? NaN) - 1_800_200) < 300);
});

test('a single-phase board has over- and under-voltage only, at the times of their bands', () => {
  const supply = createSupplyHazards({ circuit: 'c1', nominalV: 220 });
  const events = run(supply, 0, 120, [280]);
  assert.deepEqual(
    events.map(({ level, at }) => [level, at]),
    [['alarm', 3_200]],
  );
  // Each band ends after its own delay: 275 V after 10 s, 242 V after a minute.
  assert.deepEqual(brief(run(supply, 120_000, 70, [0.1])), [
    ['overVoltage', 'c1', 'warning', true],
    ['underVoltage', 'c1', 'attention', true],
    ['overVoltage', 'c1', 'warning', false],
  ]);
});

test('evidence names the voltages, the pattern and what it was compared with', () => {
  const supply = createSupplyHazards(board);
  run(supply, 0, 60, [220, 220, 220]);
  const event = run(supply, 60_000, 10, shifted(0.2)).find(({ level }) => level === 'alarm');
  assert.deepEqual(event?.evidence, {
    schema: 'hazard/1',
    features: [
      { feature: 'c1.voltageV', value: 244.9816, baseline: 220 },
      { feature: 'c4.voltageV', value: 176, baseline: 220 },
      { feature: 'c7.voltageV', value: 244.9816, baseline: 220 },
      { feature: 'neutralShiftRatio', value: 0.2, limit: 0.15 },
      { feature: 'triangleV', value: 220, baseline: 220 },
    ],
    reason: 'neutralLoss',
  });
  assert.ok((event?.confidence ?? 0) > 0.9);
});

test('restored from its JSON it holds what it held, also the triangle it compares with', () => {
  const before = createSupplyHazards(board);
  run(before, 0, 60, [231, 231, 231]);
  run(before, 60_000, 20, [231, 3, 231]);
  const supply = createSupplyHazards(board, JSON.parse(JSON.stringify(before.state())) as SupplyState);
  assert.deepEqual(supply.active(), before.active());
  assert.deepEqual(brief(run(supply, 0, 30, [231, 231, 231])), [['phaseLoss', 'c1', 'alarm', false]]);
});

test('readings that are incomplete change nothing, and settings that make no sense are refused', () => {
  const supply = createSupplyHazards(board);
  for (const voltagesV of [
    [0, 0],
    [NaN, 0, 0],
    [-1, 0, 0],
  ]) {
    assert.deepEqual(run(supply, 0, 60, voltagesV), []);
  }
  assert.throws(() => createSupplyHazards({ nominalV: 220 }), /either circuit .* or phases/);
  const twice = { phases: { L1: 'c1', L2: 'c1', L3: 'c*' }, nominalV: 5, ratedA: 0 };
  assert.throws(
    () => createSupplyHazards(twice),
    (error: Error) => error.message.split('\n').length === 4,
  );
});
