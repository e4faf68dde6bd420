import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { cityScenarioNames } from './city-scenario.ts';
import { loadTypes } from '../population/load-types.ts';
import { createScenarioBoard, scenarioBoardSpec } from './create-scenario-board.ts';
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

test('the tour shows one load of every type, one after the other with nothing between', () => {
  const source = 'city:loads?after=1&circuits=1&on=1&off=1&ratedA=16';
  const loads = scenarioBoardSpec(parseCitySource(source)).circuits[0]?.loads ?? [];
  assert.deepEqual(
    loads.map(({ id }) => id),
    loadTypes.map(({ type }) => type),
  );
  const board = createScenarioBoard(parseCitySource(source), START);
  const halfSecond = (): number => rms(board.next(3200).circuits[0]?.currentA ?? new Float64Array());
  for (const { id } of loads) {
    // The first half after a switch-off still has the last half-wave of the load before.
    halfSecond();
    // The linear-phase filter rings a few frames ahead of an inrush.
    assert.ok(halfSecond() < 0.15, `something is on before ${id}`);
    assert.ok(Math.max(halfSecond(), halfSecond()) > 0.02, `${id} draws nothing`);
  }
});

test('a circuit of 6 A is not shown a load that would trip its breaker', () => {
  const loads = scenarioBoardSpec(parseCitySource('city:loads?ratedA=6')).circuits[0]?.loads ?? [];
  assert.ok(loads.length > 15 && loads.every(({ powerW }) => powerW < 6 * 220));
});

test('the load asked for is switched on and off at the times asked for', () => {
  const currents = currentPerSecond('city:load?type=vacuumCleaner&after=2&on=2&off=3&circuits=1', 9);
  const isOn = currents.map((a) => a > 1);
  assert.deepEqual(isOn, [false, false, true, true, false, false, false, true, true]);
});

test('words of a source are checked against their list', () => {
  assert.equal(parseCitySource('city:eBike?model=lithium72V30AhFast').chargerModel, 'lithium72V30AhFast');
  assert.equal(parseCitySource('city:eBike').chargerModel, undefined);
  assert.equal(parseCitySource('city:arc').arcKind, 'series');
  const bad = (source: string, message: RegExp): void => assert.throws(() => parseCitySource(source), message);
  bad('city:eBike?model=48V', /model is "48V", expected one of leadAcid48V12Ah/);
  bad('city:load?type=toaster', /type is "toaster", expected one of kettle/);
  bad('city:prohibited?type=laptop', /type is "laptop", expected one of immersionHeater/);
  bad('city:arc?kind=blue', /kind is "blue", expected one of series, parallel, earth, neighbour/);
  bad('city:normal?type=kettle', /unknown key "type"/);
});

test('an e-bike charger of the model asked for draws its power on top of everyday', () => {
  const [before = NaN, ...rest] = currentPerSecond('city:eBike?model=lithium72V30AhFast&after=1&circuits=1&seed=4', 4);
  // 590 W at a power factor of 0.5 to 0.65 beside loads in phase.
  const added = (rest.at(-1) ?? NaN) - before;
  assert.ok(added > 2 && added < 5.5, `added ${added} A`);
});

test('a dormitory without and with an immersion heater differs by a resistive step', () => {
  const currents = currentPerSecond('city:prohibited?after=2&circuits=1', 5);
  assert.ok((currents[4] ?? NaN) - (currents[1] ?? NaN) > 1, currents.join());
});

test('a pulsing hob swings the current between two levels at its period', () => {
  const scenario = parseCitySource('city:pulsingHob?after=0&circuits=1&period=0.4&duty=0.5');
  const board = createScenarioBoard(scenario, START);
  board.next(6400 * 2);
  const current = board.next(5120).circuits[0]?.currentA ?? new Float64Array();
  const cycles = Array.from({ length: 40 }, (_, n) => rms(current.subarray(128 * n, 128 * (n + 1))));
  const high = Math.max(...cycles);
  const low = Math.min(...cycles);
  assert.ok(high - low > 2, `${low} to ${high} A`);
  const middle = (high + low) / 2;
  const rises = cycles.filter((a, n) => n > 0 && a > middle && (cycles[n - 1] ?? 0) <= middle);
  assert.equal(rises.length, 2);
});

test('a series arc lowers the current of its circuit and leaves the other alone', () => {
  const arc = currentPerSecond('city:arc?after=2&circuits=2&bursts=1', 5);
  const other = currentPerSecond('city:arc?after=2&circuits=2&bursts=1&circuit=c2', 5);
  assert.ok((arc[4] ?? NaN) < 0.97 * (arc[1] ?? NaN), arc.join());
  assert.ok(Math.abs((other[4] ?? NaN) / (other[1] ?? NaN) - 1) < 0.05, other.join());
});
