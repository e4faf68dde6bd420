import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { cityScenarioNames } from './city-scenario.ts';
import { createScenarioBoard } from './create-scenario-board.ts';
import { isCitySource, parseCitySource } from './parse-city-source.ts';

const START = Date.UTC(2026, 10, 21, 2);

/** Rms current of a circuit in each second. */
function currentPerSecond(source: string, seconds: number, circuit = 0): number[] {
  const scenario = parseCitySource(source);
  const board = createScenarioBoard(scenario, START);
  return Array.from({ length: seconds }, () =>
    rms(board.next(scenario.sampleRateHz).circuits[circuit]?.currentA ?? new Float64Array()),
  );
}

test('a source gives every field, defaults where nothing is said', () => {
  assert.deepEqual(parseCitySource('city:overload?seed=7&circuits=3&ratedA=20&speed=10&after=8&circuit=c2'), {
    name: 'overload',
    seed: 7,
    circuitCount: 3,
    ratedA: 20,
    mainsHz: 50,
    nominalV: 220,
    sampleRateHz: 6400,
    speed: 10,
    courseSpeed: 1,
    circuit: 'c2',
    afterMs: 8000,
    faultDurationMs: Infinity,
    riseMs: 0,
    ratio: 1.6,
    toMa: 600,
    toMilliohm: 60,
  });
  assert.ok(isCitySource('city:normal') && !isCitySource('/data/city.csv'));
});

test('errors name the bad scenario, key or value and what would be right', () => {
  const bad = (source: string, message: RegExp): void => assert.throws(() => parseCitySource(source), message);
  bad('file.csv', /expected city:<scenario>/);
  bad('city:flood', /scenario is "flood", expected one of normal, idle, overload/);
  bad('city:overload?amps=3', /unknown key "amps", expected one of seed, circuits, ratedA/);
  bad('city:normal?ratio=2', /unknown key "ratio"/);
  bad('city:overload?ratio=banana', /ratio is "banana", expected a number from 0\.1 to 8/);
  bad('city:normal?circuits=2.5', /circuits is "2\.5", expected an integer from 1 to 8/);
  bad('city:normal?seed=', /seed is ""/);
  bad('city:normal?seed=1&seed=2', /key "seed" is given twice/);
  bad('city:leakage?circuit=c3', /circuit is "c3", expected c1 to c2/);
});

test('every scenario yields a board that runs', () => {
  for (const name of cityScenarioNames) {
    const board = createScenarioBoard(parseCitySource(`city:${name}?circuits=2`), START);
    const block = board.next(640);
    assert.deepEqual(board.circuits, ['c1', 'c2']);
    assert.ok(block.voltageV.every(Number.isFinite) && block.circuits[1]?.currentA.every(Number.isFinite) === true);
  }
});

for (const ratedA of [6, 16, 63]) {
  test(`overload at ${ratedA} A: below the rating before, above 1.45 times it after`, () => {
    const currents = currentPerSecond(`city:overload?seed=3&ratedA=${ratedA}&after=2&circuits=1`, 6);
    assert.ok(
      currents.slice(0, 2).every((a) => a > 0.1 * ratedA && a < 0.9 * ratedA),
      currents.join(),
    );
    assert.ok(
      currents.slice(3).every((a) => a > 1.45 * ratedA && a < 1.9 * ratedA),
      currents.join(),
    );
  });
}

test('only the circuit named has the fault', () => {
  const currents = currentPerSecond('city:overload?after=1&circuit=c2', 4, 0);
  assert.ok(
    currents.every((a) => a < 0.9 * 16),
    currents.join(),
  );
});

test('the tour shows five loads one after the other with nothing between', () => {
  const currents = currentPerSecond('city:loads?after=1&circuits=1', 27);
  const isOn = currents.map((a) => a > 0.3);
  const expected = Array.from({ length: 27 }, (_, s) => s >= 1 && s < 26 && (s - 1) % 5 < 4);
  assert.deepEqual(isOn, expected);
});
