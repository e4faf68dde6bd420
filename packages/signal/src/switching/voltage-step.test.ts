import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVoltageStep } from './voltage-step.ts';

const wave = (amplitude: number, phaseRad = 0): Float64Array =>
  Float64Array.from({ length: 128 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 128 + phaseRad));
const state = (voltageV: number, currentA: number, phaseRad = 0) => ({
  voltageV: wave(Math.SQRT2 * voltageV),
  currentA: wave(Math.SQRT2 * currentA, phaseRad),
});

test('loads that follow the supply by themselves were not switched', () => {
  // A resistor of 10 A at 230 V; the supply falls by 1.5 %.
  assert.ok(isVoltageStep({ before: state(230, 10), after: state(226.5, 9.85) }));
  // Constant power answers the other way; a motor turns its phase a little.
  assert.ok(isVoltageStep({ before: state(230, 10), after: state(226.5, 10.15) }));
  assert.ok(isVoltageStep({ before: state(230, 10, -0.5), after: state(226.5, 9.9, -0.53) }));
});

test('a load of the circuit itself is told although it lowers the voltage through the supply’s 0.4 ohm', () => {
  for (const standing of [0, 5, 25, 60]) {
    const own = 2;
    const voltage = 230 - 0.4 * own;
    assert.ok(!isVoltageStep({ before: state(230, standing), after: state(voltage, standing + own) }), `${standing} A`);
  }
});

test('without a step of the supply nothing is explained by it', () => {
  assert.ok(!isVoltageStep({ before: state(230, 10), after: state(230, 10.05) }));
  assert.ok(!isVoltageStep({ before: state(0, 10), after: state(0, 12) }));
});
