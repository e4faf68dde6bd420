import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargePowerW } from './charge-course.ts';

const HOUR_MS = 3_600_000;

test('constant current: the power rises by 8 per cent over the stage', () => {
  const spec = { kind: 'eBikeCharger', powerW: 150, chemistry: 'leadAcid', constantCurrentMs: 3 * HOUR_MS } as const;
  assert.equal(chargePowerW(spec, 0), 150);
  assert.ok(Math.abs(chargePowerW(spec, 1.5 * HOUR_MS) - 156) < 1e-9);
  assert.ok(Math.abs(chargePowerW(spec, 3 * HOUR_MS) - 162) < 1e-9);
});

test('constant voltage: the power halves every tail · ln 2, then lead-acid floats at 10 W', () => {
  const spec = {
    kind: 'eBikeCharger',
    powerW: 150,
    chemistry: 'leadAcid',
    constantCurrentMs: 0,
    tailMs: HOUR_MS,
  } as const;
  assert.ok(Math.abs(chargePowerW(spec, HOUR_MS * Math.LN2) - 81) < 1e-9);
  assert.equal(chargePowerW(spec, 10 * HOUR_MS), 10);
});

test('a lithium charger cuts off below 3 W, an aged battery never lets the power fall', () => {
  const spec = { kind: 'eBikeCharger', powerW: 300, chemistry: 'lithium' } as const;
  assert.ok(chargePowerW(spec, 8 * HOUR_MS) < 3);
  assert.ok(chargePowerW({ ...spec, isAged: true }, 20 * HOUR_MS) > 300);
});
