import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCaptureBudget } from './capture-budget.ts';
import type { LoadSwitch } from './circuit-loads.ts';

const switched = (at: number, kind: LoadSwitch['kind'], level?: 'device' | 'type', activePowerW = 100): LoadSwitch =>
  ({
    at,
    kind,
    recognition: level === undefined ? {} : { named: { level } },
    evidence: { switching: { activePowerW } },
  }) as LoadSwitch;

test('three captures at once, then one in ten minutes, per circuit and never for an off', () => {
  const budget = createCaptureBudget();
  const wants = (prefix: string, minute: number) => budget.wants(prefix, switched(minute * 60_000, 'loadOn', 'type'));
  assert.deepEqual([wants('c1', 0), wants('c1', 0), wants('c1', 1), wants('c1', 2)], [true, true, true, false]);
  assert.equal(wants('c2', 2), true);
  assert.equal(wants('c1', 11), true);
  assert.equal(wants('c1', 12), false);
  assert.equal(budget.wants('c3', switched(0, 'loadOff')), false);
  assert.equal(budget.wants('c3', switched(0, 'loadOn', 'type', 12)), false, 'too small to start a fire');
});

test('a device that is known takes no capture from one that is not', () => {
  const budget = createCaptureBudget();
  assert.equal(budget.wants('c1', switched(0, 'loadOn', 'device')), true);
  assert.equal(budget.wants('c1', switched(1, 'loadOn', 'device')), false);
  assert.equal(budget.wants('c1', switched(2, 'loadOn')), true);
});
