import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmonicPercents, trajectoryPoints } from './shape-overlay.ts';

const wave = (amplitude: number, phase = 0): number[] =>
  Array.from({ length: 16 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 16 + phase));

test('a resistor is the diagonal whatever its size, an inductor the circle', () => {
  const at = (points: string, index: number) => points.split(' ')[index];
  for (const amplitude of [0.1, 30]) {
    const resistor = trajectoryPoints({ voltageV: wave(325), currentA: wave(amplitude), harmonics: [] }, 100, 10);
    assert.deepEqual([at(resistor, 0), at(resistor, 4), at(resistor, 12)], ['50.0,50.0', '90.0,10.0', '10.0,90.0']);
  }
  const inductor = trajectoryPoints({ voltageV: wave(325), currentA: wave(1, -Math.PI / 2), harmonics: [] }, 100, 10);
  assert.deepEqual([at(inductor, 0), at(inductor, 4)], ['50.0,90.0', '90.0,50.0']);
});

test('a current of nothing draws nothing', () => {
  assert.equal(trajectoryPoints({ voltageV: wave(325), currentA: wave(0), harmonics: [] }, 100, 10), '');
});

test('harmonics are per cent of the fundamental, unknown ones stay unknown', () => {
  const harmonics = [
    { order: 3, ratio: 0.8, phaseRad: 0 },
    { order: 15, ratio: 0.02, phaseRad: 0 },
  ];
  const percents = harmonicPercents({ voltageV: wave(1), currentA: wave(1), harmonics });
  assert.equal(percents.length, 14);
  assert.deepEqual([percents[0], percents[1], percents[13]], [undefined, 80, 2]);
});
