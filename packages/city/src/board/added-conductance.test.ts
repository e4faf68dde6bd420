import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedConductance } from './added-conductance.ts';

test('a resistance beside a reactive load reaches the current asked for', () => {
  // 220 V, 3 A in phase, 4 A across: to reach 13 A the in-phase part must be √(169 − 16) A.
  const conductance = addedConductance({ currentSquared: 25, powerW: 660, voltageSquared: 48_400 }, 13);
  assert.ok(Math.abs(conductance - (Math.sqrt(153) - 3) / 220) < 1e-12);
});

test('a circuit that is above the target, or unmeasured, gets nothing', () => {
  assert.equal(addedConductance({ currentSquared: 400, powerW: 4400, voltageSquared: 48_400 }, 10), 0);
  assert.equal(addedConductance({ currentSquared: 0, powerW: 0, voltageSquared: 0 }, 10), 0);
});
