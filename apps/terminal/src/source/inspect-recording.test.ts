import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectRecording } from './inspect-recording.ts';

test('a recording is measured as its closed form says, over whole cycles', () => {
  const at = (shape: (angle: number) => number): Float64Array =>
    Float64Array.from({ length: 6400 }, (_, frame) => shape((2 * Math.PI * 50 * frame) / 6400));
  // 230 V; 10 A lagging by 60° with 30 % third harmonic; 18 mA residual.
  const inspection = inspectRecording({
    sampleRateHz: 6400,
    mainsHz: 50,
    channels: [
      { name: 'voltageV', unit: 'V', values: at((x) => 230 * Math.SQRT2 * Math.sin(x)) },
      {
        name: 'currentA',
        unit: 'A',
        values: at((x) => 10 * Math.SQRT2 * (Math.sin(x - Math.PI / 3) + 0.3 * Math.sin(3 * x))),
      },
      { name: 'residualCurrentMa', unit: 'mA', values: at((x) => 18 * Math.SQRT2 * Math.sin(x)) },
    ],
  });
  assert.deepEqual([inspection.frames, inspection.durationMs, inspection.findings], [6400, 1000, []]);
  const [circuit] = inspection.circuits;
  assert.ok(circuit);
  const near = (value: number | null, expected: number): void => {
    assert.ok(Math.abs((value ?? NaN) - expected) <= 1e-3 * Math.abs(expected), `${value}, ${expected} expected`);
  };
  near(circuit.voltageV, 230);
  near(circuit.currentA, 10 * Math.sqrt(1.09));
  near(circuit.residualCurrentMa, 18);
  near(circuit.activePowerW, 1150);
  near(circuit.reactivePowerVar, 2300 * Math.sin(Math.PI / 3));
  near(circuit.apparentPowerVa, 2300 * Math.sqrt(1.09));
  near(circuit.powerFactor, 0.5 / Math.sqrt(1.09));
  near(circuit.currentThdPct, 30);
  near(circuit.frequencyHz, 50);
  const [voltage] = inspection.channels;
  near(voltage?.rms ?? null, 230);
  near(voltage?.crestFactor ?? null, Math.SQRT2);
});

test('too few samples per cycle is a finding and leaves the circuits unmeasured', () => {
  const values = Float64Array.from({ length: 1000 }, (_, frame) => 300 * Math.sin((2 * Math.PI * 50 * frame) / 1000));
  const { circuits, findings } = inspectRecording({
    sampleRateHz: 1000,
    mainsHz: 50,
    channels: [
      { name: 'voltageV', unit: 'V', values },
      { name: 'currentA', unit: 'A', values },
    ],
  });
  assert.deepEqual(circuits, []);
  assert.ok(findings.some(({ kind }) => kind === 'lowSampleRate'));
});
