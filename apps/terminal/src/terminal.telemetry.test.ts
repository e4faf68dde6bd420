import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overload, runTerminal, startedAt, valuesOf } from '../test/run-terminal.ts';

test('telemetry has rms, power, frequency and a rising energy counter of the closed form, and no NaN', async () => {
  const { uplink } = await runTerminal({
    durationMs: 10_000,
    circuits: [{ currentA: () => 10, residualCurrentMa: () => 18 }, { currentA: () => 0 }],
    temperaturesC: [() => 31.5, () => NaN],
  });
  const telemetry = uplink.telemetry();
  assert.equal(telemetry.length, 10);
  const last = valuesOf(telemetry.at(-1));
  near(last['c1.voltageV'], 230, 1e-4);
  near(last['c1.currentA'], 10, 1e-4);
  near(last['c1.residualCurrentMa'], 18, 1e-4);
  near(last['c1.activePowerW'], 2300, 1e-4);
  near(last['c1.powerFactor'], 1, 1e-4);
  near(last['c1.frequencyHz'], 50, 1e-4);
  near(last['c1.energyKwh'], (2300 * 10) / 3.6e6, 0.01);
  near(last['t1.temperatureC'], 31.5, 1e-9);
  assert.ok(!('c2.powerFactor' in last) && !('c2.residualCurrentMa' in last) && !('t2.temperatureC' in last));
  const energy = telemetry.map((each) => valuesOf(each)['c1.energyKwh'] ?? NaN);
  assert.ok(energy.every((kwh, index) => kwh > (energy[index - 1] ?? 0)));
  const at = telemetry.map(({ rows: [row] }) => row?.at ?? NaN);
  assert.ok(at.every((instant, index) => Math.abs(instant - startedAt - 1000 * (index + 1)) <= 200));
});

test('NaN samples leave gaps in telemetry and break neither a running delay nor a capture', async () => {
  const { uplink } = await runTerminal({
    durationMs: 9000,
    circuits: [{ ratedA: 16, currentA: (ms) => (ms > 4000 && ms < 4001 ? NaN : overload(2000, 9000)(ms)) }],
  });
  assert.equal(uplink.events().length, 1);
  assert.equal(uplink.captures().size, 1);
  assert.ok(uplink.telemetry().every((each) => Object.values(valuesOf(each)).every(Number.isFinite)));
});

function near(value: number | undefined, expected: number, relative: number): void {
  assert.ok(Math.abs((value ?? NaN) / expected - 1) <= relative, `${value}, ${expected} expected`);
}
