import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { carrierOf, carry, maxSeq, readCarrier, runCount } from './carrier.ts';

const models = ['generic-terminal', 'generic-smoke', 'generic-heat', 'generic-gas'];

test('run and number of a report come back from the value after JSON', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...models),
      fc.integer({ min: 0, max: runCount - 1 }),
      fc.integer({ min: 0, max: maxSeq - 1 }),
      (model, run, seq) => {
        const carrier = carrierOf(model);
        const value = JSON.parse(JSON.stringify(carry(carrier, run, seq))) as number;
        assert.deepEqual(readCarrier(carrier, value), { run, seq });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the largest value a carrier takes stays far below every limit of its model', () => {
  // Limits: over-voltage 242 V, smoke 2.28 %/m, heat 50 °C, gas 20 % LEL.
  const limits = [242, 2.28, 50, 20];
  models.forEach((model, n) => {
    assert.ok(carry(carrierOf(model), runCount - 1, maxSeq - 1) < (limits[n] ?? 0) * 0.96);
  });
});

test('a value that no run sent is none', () => {
  assert.equal(readCarrier(carrierOf('generic-terminal'), 231.5), undefined);
  assert.equal(readCarrier(carrierOf('generic-heat'), 19.9), undefined);
});
