import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HazardEvent } from '../hazard-event.ts';
import {
  createThermalOverload,
  type ThermalOverload,
  type ThermalOverloadSettings,
  type ThermalOverloadState,
} from './thermal-overload.ts';

const TAU_S = 240;
const settings: ThermalOverloadSettings = {
  circuit: { prefix: 'c1', ratedA: 20 },
  cable: { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 },
  model: { kind: 'single', tauS: TAU_S },
};
const CAPACITY_A = 24;

/** Readings every 200 ms from `fromMs` on; gives the events. */
function run(
  overload: ThermalOverload,
  fromMs: number,
  seconds: number,
  currentA: number,
  ambientC?: number,
): HazardEvent[] {
  const events: HazardEvent[] = [];
  for (let ms = 0; ms < seconds * 1_000; ms += 200) {
    events.push(...overload.read({ at: fromMs + ms, currentA, ...(ambientC !== undefined && { ambientC }) }));
  }
  return events;
}
const times = (events: readonly HazardEvent[]): unknown[] =>
  events.map(({ level, active, at }) => [level, active, Math.round(at / 1_000)]);

test('from cold a steady overload passes each level at its closed-form time, the forecast first', () => {
  // x² = (30/24)² = 1.5625; θ = 0.8 at 172 s (10 s delay), θ = 1 at 245 s; less than 600 s from the start on, 30 s delay.
  const x2 = (30 / CAPACITY_A) ** 2;
  const reaches = (theta: number): number => TAU_S * Math.log(x2 / (x2 - theta));
  const events = run(createThermalOverload(settings), 0, 300, 30);
  assert.deepEqual(
    events.map((event) => [event.level, event.measure]),
    [
      ['warning', 'timeToLimitS'],
      ['alarm', 'thermalStateRatio'],
    ],
  );
  assert.equal(events[0]?.at, 30_000);
  assert.ok(
    Math.abs((events[1]?.at ?? NaN) / 1_000 - reaches(1)) < 0.5,
    `${events[1]?.at} ms, expected ${reaches(1)} s`,
  );
});

test('a load just below the capacity is worth attention and never more', () => {
  const overload = createThermalOverload(settings);
  // θ∞ = (23/24)² = 0.918; 0.8 is passed at τ ln(0.918/0.118), and held for 10 s.
  const expectedS = TAU_S * Math.log(0.9184 / 0.1184) + 10;
  const [event, ...more] = run(overload, 0, 3_600, 23);
  assert.deepEqual([event?.level, more], ['attention', []]);
  assert.ok(Math.abs((event?.at ?? NaN) / 1_000 - expectedS) < 1);
  assert.equal(event?.evidence?.['reason'], 'neverAtThisLoad');
  assert.equal(event?.evidence?.['forecast'], undefined);
});

test('evidence of a forecast holds the instant of the limit within its band', () => {
  const [event] = run(createThermalOverload(settings), 0, 60, 36);
  const forecast = event?.evidence?.['forecast'] as Record<string, number>;
  const limitS = TAU_S * Math.log(1.5 ** 2 / (1.5 ** 2 - 1));
  assert.ok(Math.abs((forecast['limitAt'] ?? NaN) / 1_000 - limitS) < 2);
  assert.ok((forecast['earliestAt'] ?? NaN) < (forecast['limitAt'] ?? NaN));
  assert.ok((forecast['latestAt'] ?? NaN) > (forecast['limitAt'] ?? NaN));
  assert.ok((event?.confidence ?? 0) > 0.99 && (event?.confidence ?? 2) <= 1);
});

test('motor starts, kettles and lifts stay below every level', () => {
  const overload = createThermalOverload(settings);
  const events: HazardEvent[] = [];
  let at = 0;
  // Each quarter of an hour: 6 s of five times the capacity, then 100 s of 18 A, then 3 A.
  for (let k = 0; k < 40; k++) {
    for (const [seconds, currentA] of [
      [3, 60],
      [100, 18],
      [797, 3],
    ] as const) {
      events.push(...run(overload, at, seconds, currentA));
      at += seconds * 1_000;
    }
  }
  assert.deepEqual(events, []);
});

test('after the load is gone the levels end as the image cools', () => {
  const overload = createThermalOverload(settings);
  run(overload, 0, 300, 30);
  const ratio = overload.ratio();
  const events = run(overload, 300_000, 600, 0);
  const cools = (theta: number): number => 300 + TAU_S * Math.log(ratio / theta);
  assert.deepEqual(times(events), [
    ['attention', true, Math.round(cools(0.95) + 60)],
    ['attention', false, Math.round(cools(0.75) + 60)],
  ]);
});

test('warm air brings the limit nearer: at 50 °C the cable carries 0.707 of its capacity', () => {
  const hot = createThermalOverload(settings);
  run(hot, 0, 3_600, 24 * Math.SQRT1_2, 50);
  assert.ok(Math.abs(hot.ratio() - 1) < 1e-3, `${hot.ratio()}`);
  const inData = createThermalOverload({ ...settings, cable: { ...settings.cable, ambientC: 50 } });
  run(inData, 0, 3_600, 24 * Math.SQRT1_2);
  assert.ok(Math.abs(inData.ratio() - hot.ratio()) < 1e-12);
});

test('over a restart the state is kept as it was: time that nobody saw does not cool', () => {
  const before = createThermalOverload(settings);
  run(before, 0, 400, 30);
  const kept = JSON.parse(JSON.stringify(before.state())) as ThermalOverloadState;
  const overload = createThermalOverload(settings, kept);
  assert.equal(overload.ratio(), before.ratio());
  assert.deepEqual(overload.active(), before.active());
  assert.deepEqual(overload.read({ at: 3_600_000, currentA: 30 }), []);
  assert.equal(overload.ratio(), before.ratio());
  // The same of a gap while it runs, and a clock that went back before the start.
  overload.read({ at: 3_700_000, currentA: 30 });
  assert.equal(overload.ratio(), before.ratio());
  const behind = createThermalOverload(settings, kept);
  run(behind, -5_000_000, 10, 30);
  assert.ok(behind.ratio() > before.ratio());
});

test('readings that are unknown or not newer change nothing', () => {
  const overload = createThermalOverload(settings);
  run(overload, 0, 100, 30);
  const ratio = overload.ratio();
  for (const reading of [
    { at: 200_000, currentA: NaN },
    { at: 10, currentA: 90 },
    { at: NaN, currentA: 90 },
  ]) {
    assert.deepEqual(overload.read(reading), []);
  }
  assert.equal(overload.ratio(), ratio);
});

test('by default the time constant is three times that of the bare conductor, 202 s for 2.5 mm²', () => {
  const { model: _, ...plain } = settings;
  const overload = createThermalOverload(plain);
  run(overload, 0, 202.1, CAPACITY_A);
  assert.ok(Math.abs(overload.ratio() - (1 - Math.exp(-1))) < 0.002);
});

test('settings that make no sense are refused with everything that is wrong', () => {
  const bad: ThermalOverloadSettings = {
    circuit: { prefix: 'c*', ratedA: -1 },
    cable: { ...settings.cable, crossSectionMm2: 3 },
    k: 9,
    model: { kind: 'single', tauS: 0 },
  };
  assert.throws(
    () => createThermalOverload(bad),
    (error: Error) => error.message.split('\n').length === 5 && /k is 9: expected 0.5 to 2/.test(error.message),
  );
});
