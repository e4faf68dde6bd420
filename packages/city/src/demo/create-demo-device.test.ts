import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDemoBoard, createDemoDevice } from './create-demo-device.ts';
import { createDemoCity } from './create-demo-city.ts';
import type { DemoDeviceEntry, DemoModel } from './demo-device-entry.ts';

const START = Date.UTC(2026, 10, 21, 2);
const city = createDemoCity(1);

function entryOf(model: DemoModel, waveform = false): DemoDeviceEntry {
  const entry = city.devices.find((device) => device.model === model && device.simulation.waveform === waveform);
  assert.ok(entry);
  return entry;
}

test('each model has the points of its model and no other', () => {
  const points = (model: DemoModel): string[] => Object.keys(createDemoDevice(entryOf(model), 1, START).at(START));
  assert.deepEqual(points('generic-smoke'), ['smoke.obscurationPctPerM']);
  assert.deepEqual(points('generic-heat'), ['heat.temperatureC']);
  assert.deepEqual(points('generic-gas'), ['gas.lelPct']);
  const quantities =
    'voltageV currentA residualCurrentMa activePowerW reactivePowerVar powerFactor frequencyHz thdCurrentPct energyKwh';
  const entry = entryOf('generic-terminal');
  assert.ok(entry.simulation.kind === 'terminal');
  const expected = entry.simulation.circuits.flatMap(({ id }) => [
    ...quantities.split(' ').map((quantity) => `${id}.${quantity}`),
    `${id.replace('c', 't')}.temperatureC`,
  ]);
  assert.deepEqual(points('generic-terminal'), expected);
});

test('the electrical values of every summarised terminal agree with each other through a day', () => {
  const terminals = city.devices.filter(({ simulation }) => simulation.kind === 'terminal');
  for (const entry of terminals.filter((_, i) => i % 10 === 0)) {
    assert.ok(entry.simulation.kind === 'terminal');
    const device = createDemoDevice(entry, 1, START);
    for (let hour = 0; hour < 24; hour += 2) {
      const values = device.at(START + hour * 3_600_000);
      for (const { id, ratedA } of entry.simulation.circuits) {
        const of = (quantity: string): number => values[`${id}.${quantity}`] ?? NaN;
        const apparentVa = of('voltageV') * of('currentA');
        const near = (value: number, expected: number, what: string): void =>
          assert.ok(
            Math.abs(value - expected) < 0.005 * apparentVa + 0.2,
            `${entry.id} ${id} ${what}: ${value}, ${expected}`,
          );
        near(of('activePowerW'), apparentVa * of('powerFactor'), 'P = S · PF');
        // S² = P² + Q² + D², D = V · I1 · THD with a sinusoidal voltage.
        const fundamentalVa = Math.hypot(of('activePowerW'), of('reactivePowerVar'));
        near(apparentVa, fundamentalVa * Math.sqrt(1 + (of('thdCurrentPct') / 100) ** 2), 'S');
        assert.ok(
          of('currentA') > 0 && of('currentA') < 0.9 * ratedA,
          `${entry.id} ${id}: ${of('currentA')} of ${ratedA} A`,
        );
        assert.ok(of('voltageV') > 198 && of('voltageV') < 235.4, `${of('voltageV')} V: within +7 % −10 %`);
        assert.ok(Math.abs(of('frequencyHz') - 50) <= 0.02);
        assert.ok(of('residualCurrentMa') > 1 && of('residualCurrentMa') < 60);
        const temperatureC = values[`${id.replace('c', 't')}.temperatureC`] ?? NaN;
        assert.ok(temperatureC > 20 && temperatureC < 50, `${temperatureC} °C`);
      }
    }
  }
});

test('the energy counter rises by exactly the power shown and starts at some hundred kWh or more', () => {
  const device = createDemoDevice(entryOf('generic-terminal'), 1, START);
  let values = device.at(START);
  const startKwh = values['c1.energyKwh'] ?? NaN;
  assert.ok(startKwh > 100 && startKwh < 100_000, `${startKwh} kWh`);
  let expectedKwh = startKwh;
  for (let s = 1; s <= 1800; s++) {
    expectedKwh += (values['c1.activePowerW'] ?? NaN) / 3_600_000;
    const before = values['c1.energyKwh'] ?? NaN;
    values = device.at(START + s * 1000);
    assert.ok((values['c1.energyKwh'] ?? NaN) >= before);
  }
  assert.ok(Math.abs((values['c1.energyKwh'] ?? NaN) - expectedKwh) < 0.0015);
});

test('a meter goes on from the reading given', () => {
  const energyKwh = { 'c1.energyKwh': 12_345.678 };
  const values = createDemoDevice(entryOf('generic-terminal'), 1, START, { energyKwh }).at(START);
  assert.equal(values['c1.energyKwh'], 12_345.678);
});

test('values do not depend on how often the device is asked', () => {
  const entry = entryOf('generic-terminal');
  const often = createDemoDevice(entry, 1, START);
  for (let s = 0; s < 600; s += 3) often.at(START + s * 1000);
  assert.deepEqual(often.at(START + 600_000), createDemoDevice(entry, 1, START).at(START + 600_000));
});

test('a device refuses faults it cannot have, time running backwards and the wrong path', () => {
  const terminal = createDemoDevice(entryOf('generic-terminal'), 1, START);
  assert.throws(() => terminal.inject({ kind: 'gasLeak' }), /fault is "gasLeak", expected one of overload/);
  assert.throws(() => terminal.inject({ kind: 'overload', circuit: 'c8' }), /circuit is "c8", expected one of c1/);
  terminal.at(START + 9000);
  assert.throws(() => terminal.at(START), /expected time not to run backwards/);
  const smoke = createDemoDevice(entryOf('generic-smoke'), 1, START);
  assert.throws(() => smoke.inject({ kind: 'overload', circuit: 'c1' }), /watches a room/);
  assert.throws(() => createDemoDevice(entryOf('generic-terminal', true), 1, START), /is on the waveform path/);
  assert.throws(() => createDemoBoard(entryOf('generic-smoke'), 1, START), /has no waveforms/);
});

test('an injected fault shows and clears', () => {
  const terminal = createDemoDevice(entryOf('generic-terminal'), 1, START);
  terminal.at(START + 1000);
  const id = terminal.inject({ kind: 'risingLeakage', circuit: 'c1', toMa: 400, riseMs: 0 });
  assert.equal(terminal.at(START + 2000)['c1.residualCurrentMa'], 400);
  assert.equal(terminal.clear(id), 1);
  assert.ok((terminal.at(START + 3000)['c1.residualCurrentMa'] ?? NaN) < 60);
});
