import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceBlock, SourceCircuit } from '../source/sample-source.ts';
import { capturePoints, createCaptureValues } from './capture-channels.ts';

const c1: SourceCircuit = { prefix: 'c1', hasResidual: true };
const c2: SourceCircuit = { prefix: 'c2', hasResidual: false, hasOwnVoltage: true };

const block: SourceBlock = {
  voltageV: Float64Array.of(1),
  circuits: [
    { currentA: Float64Array.of(2), residualCurrentMa: Float64Array.of(3) },
    { voltageV: Float64Array.of(4), currentA: Float64Array.of(5) },
  ],
};

test('a capture has the shared voltage, then per circuit its own voltage, current and residual current', () => {
  assert.deepEqual(capturePoints({ circuits: [c1, c2] }), [
    'c1.voltageV',
    'c1.currentA',
    'c1.residualCurrentMa',
    'c2.voltageV',
    'c2.currentA',
  ]);
  assert.deepEqual(
    createCaptureValues({ circuits: [c1, c2] })(block).map(([value]) => value),
    [1, 2, 3, 4, 5],
  );
});

test('where every circuit has a voltage of its own, no shared one is kept', () => {
  const own = { ...c1, hasOwnVoltage: true, hasResidual: false };
  const phases = {
    voltageV: block.voltageV,
    circuits: [{ voltageV: Float64Array.of(6), currentA: Float64Array.of(7) }],
  };
  assert.deepEqual(capturePoints({ circuits: [own] }), ['c1.voltageV', 'c1.currentA']);
  assert.deepEqual(
    createCaptureValues({ circuits: [own] })(phases).map(([value]) => value),
    [6, 7],
  );
});

test('what a block leaves out is missing, not zero', () => {
  const valuesOf = createCaptureValues({ circuits: [c1] });
  const values = valuesOf({ voltageV: Float64Array.of(1), circuits: [{ currentA: Float64Array.of(2) }] });
  assert.ok(Number.isNaN(values[2]?.[0]));
});
