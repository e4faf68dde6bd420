import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  advanceThermal,
  coldState,
  thermalModelProblems,
  thermalRatio,
  timeToThermalLimitS,
  type ThermalModel,
} from './thermal-image.ts';

const single: ThermalModel = { kind: 'single', tauS: 300 };
const double: ThermalModel = { kind: 'double', conductorTauS: 60, conduitTauS: 1_800, conduitShare: 0.6 };

test('trip times cold and hot are those of IEC 60255-149', () => {
  // Cold: t = τ ln(I² / (I² − (kIb)²)); hot after Ip: t = τ ln((I² − Ip²) / (I² − (kIb)²)). Ib = 24 A, k = 1.05.
  const limit2 = (1.05 * 24) ** 2;
  for (const currentA of [26, 30, 40, 80]) {
    const x2 = currentA ** 2 / limit2;
    const cold = 300 * Math.log(currentA ** 2 / (currentA ** 2 - limit2));
    assert.ok(Math.abs(timeToThermalLimitS(single, coldState, x2) - cold) < 1e-9 * cold);
    const beforeA = 20;
    const warm = { conductor: beforeA ** 2 / limit2, conduit: 0 };
    const hot = 300 * Math.log((currentA ** 2 - beforeA ** 2) / (currentA ** 2 - limit2));
    assert.ok(Math.abs(timeToThermalLimitS(single, warm, x2) - hot) < 1e-9 * hot);
  }
});

test('a load the cable carries for ever never reaches the limit', () => {
  assert.equal(timeToThermalLimitS(single, coldState, 1), Infinity);
  assert.equal(timeToThermalLimitS(double, coldState, 0.99), Infinity);
  assert.equal(timeToThermalLimitS(single, { conductor: 1.2, conduit: 0 }, 0), 0, 'it is there');
});

test('the state goes towards the load exactly, however the time is cut', () => {
  const arbitrary = fc.tuple(
    fc.constantFrom(single, double),
    fc.double({ min: 0, max: 4, noNaN: true }),
    fc.array(fc.double({ min: 0.1, max: 400, noNaN: true }), { minLength: 1, maxLength: 20 }),
  );
  fc.assert(
    fc.property(arbitrary, ([model, x2, steps]) => {
      const cut = steps.reduce((state, seconds) => advanceThermal(model, state, x2, seconds), coldState);
      const seconds = steps.reduce((sum, step) => sum + step, 0);
      const expected =
        model.kind === 'single'
          ? x2 * (1 - Math.exp(-seconds / 300))
          : x2 * (0.4 * (1 - Math.exp(-seconds / 60)) + 0.6 * (1 - Math.exp(-seconds / 1_800)));
      assert.ok(Math.abs(thermalRatio(cut) - expected) < 1e-9 * Math.max(1, expected));
    }),
  );
});

test('with two time constants the predicted instant is the one at which the state is at the limit', () => {
  const arbitrary = fc.tuple(
    fc.double({ min: 0, max: 0.4, noNaN: true }),
    fc.double({ min: 0, max: 0.5, noNaN: true }),
    fc.double({ min: 1.02, max: 9, noNaN: true }),
  );
  fc.assert(
    fc.property(arbitrary, ([conductor, conduit, x2]) => {
      const state = { conductor, conduit };
      const seconds = timeToThermalLimitS(double, state, x2);
      assert.ok(Math.abs(thermalRatio(advanceThermal(double, state, x2, seconds)) - 1) < 1e-5);
    }),
  );
});

test('models that make no sense are named', () => {
  assert.deepEqual([...thermalModelProblems(single), ...thermalModelProblems(double)], []);
  assert.match(thermalModelProblems({ kind: 'single', tauS: 0 }).join(), /tauS is 0: expected 5 to 100000 s/);
  assert.equal(thermalModelProblems({ ...double, conduitShare: 2, conduitTauS: NaN }).length, 2);
});
