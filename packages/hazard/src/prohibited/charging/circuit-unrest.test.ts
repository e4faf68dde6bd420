import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circuitUnrest, ownUnrest } from './circuit-unrest.ts';
import { normals } from './test-circuit.ts';

/** Thirty means of 20 s of a rest that moves by `deviationW`, white. */
function restOf(deviationW: number, seed: number, count = 30): number[] {
  const normal = normals(seed);
  return Array.from({ length: count }, () => 60 + deviationW * normal());
}

test('a load that moves by two per cent on a circuit at rest is measured at two per cent of itself', () => {
  const normal = normals(3);
  const powersW = Array.from({ length: 400 }, () => 160 + 0.02 * 100 * normal());
  const unrest = circuitUnrest(powersW, restOf(0.05, 4), 100, 60);
  assert.ok(unrest);
  // The deviation of white noise by the median of its second differences: 400 values tell it to a tenth.
  assert.ok(Math.abs(unrest.ratio - 0.02) < 0.003, String(unrest.ratio));
  assert.ok(unrest.errorRatio < 0.003, String(unrest.errorRatio));
});

test('neither the rise of a battery nor its tail leaves unrest', () => {
  const rising = Array.from({ length: 30 }, (_, bin) => 60 + 200 * (1 + 0.0013 * bin));
  const tail = Array.from({ length: 30 }, (_, bin) => 60 + 200 * Math.exp(-bin / 3 / 20));
  for (const powersW of [rising, tail]) {
    assert.ok((circuitUnrest(powersW, restOf(0.02, 5), 200, 60)?.ratio ?? NaN) < 0.0005);
  }
});

test('what moved as much before is not taken for the load’s own', () => {
  const unrest = circuitUnrest(restOf(3, 6), restOf(3, 7), 150, 0);
  assert.ok(unrest);
  assert.ok(unrest.ratio < unrest.errorRatio, `${unrest.ratio} of ${unrest.errorRatio}`);
});

test('steps of a heater beside are not unrest, nor is a load that went off shortly before', () => {
  const heater = Array.from({ length: 30 }, (_, bin) => 200 + (bin >= 8 && bin < 19 ? 1000 : 0) + 0.1 * (bin % 2));
  assert.ok((circuitUnrest(heater, restOf(0.1, 8), 150, 0)?.ratio ?? NaN) < 0.002);
  // Six means are all that is known: 142 W, a mixture, then 12 W.
  const unrest = circuitUnrest(restOf(8, 9), [142.6, 57.4, 11.7, 11.7, 11.7, 11.6], 250, 12);
  assert.ok((unrest?.ratio ?? NaN) > 0.015, String(unrest?.ratio));
  assert.ok((unrest?.errorRatio ?? NaN) < 0.002, String(unrest?.errorRatio));
});

test('too little that is known says nothing', () => {
  assert.equal(circuitUnrest([1, 2, NaN, 4, 5, NaN, 7, 8], restOf(1, 10), 100, 0), undefined);
  assert.equal(circuitUnrest(restOf(1, 11), [50], 100, 0), undefined);
});

/** Thirty means of a pump that is adjusted every minute between 390 W and 250 W, on top of `othersW`; no slope in all. */
function pumping(othersW: number): number[] {
  return Array.from(
    { length: 30 },
    (_, bin) => othersW + (Math.floor(Math.min(bin, 29 - bin) / 3) % 2 === 0 ? 390 : 250),
  );
}

test('a swing beyond half of all that was on before is told as part of the load', () => {
  // Lamps and fans of 60 W, steady: they may swing by 30 W.
  const before = [60, 60.1, 59.9, 60];
  const swing = circuitUnrest(pumping(60), before, 390, 60)?.swingRatio ?? NaN;
  assert.ok(Math.abs(swing - (140 - 30) / 390) < 0.001, String(swing));
  // Where a kilowatt was on, its owner may have turned it down.
  assert.equal(circuitUnrest(pumping(1000), [1000, 1001, 999, 1000], 390, 1000)?.swingRatio, 0);
  // Nor does anything follow where the circuit swung as far before.
  assert.equal(circuitUnrest(pumping(60), [60, 200, 60, 200, 60], 390, 60)?.swingRatio, 0);
});

test('neither constant current nor the tail of a charge swings', () => {
  const rising = Array.from({ length: 30 }, (_, bin) => 20 + 400 * (1 + 0.004 * (bin / 3)));
  // The fastest tail there is: 12 minutes.
  const tail = Array.from({ length: 30 }, (_, bin) => 20 + 400 * Math.exp(-bin / 3 / 12));
  for (const powersW of [rising, tail]) {
    const swing = circuitUnrest(powersW, restOf(0.02, 12).slice(0, 4), 400, 60)?.swingRatio ?? NaN;
    assert.ok(swing < 0.08, String(swing));
  }
});

test('what moves beyond three per cent of the loads that are on now is its own, however restless those were that have gone', () => {
  // A computer of 380 W that moves by 9 W; a kettle of 2 kW beside it scattered by 12 W and has gone, a telephone stayed.
  const normal = normals(13);
  const ownW = Array.from({ length: 400 }, () => 380 + 9 * normal());
  const alone = ownUnrest(ownW, 12, 380, 30);
  assert.ok(Math.abs((alone?.ratio ?? NaN) - 9 / 380) < 0.003, String(alone?.ratio));
  assert.ok((alone?.errorRatio ?? NaN) < 0.003, String(alone?.errorRatio));
  // With a television of 400 W on, which was as restless before, it may be that.
  assert.ok((ownUnrest(ownW, 12, 380, 400)?.ratio ?? NaN) < 0.002);
  // Nor is a load excused that rests by others that rest.
  assert.ok((ownUnrest(ownW, 0.2, 380, 400)?.ratio ?? NaN) > 0.02);
  assert.equal(ownUnrest([380, 381, NaN, 380, 379], 1, 380, 0), undefined);
});
