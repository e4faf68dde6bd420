import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArcDecision } from './arc-decision.ts';
import { createArcHazard } from './arc-hazard.ts';
import { emptyFeatures } from './half-cycle-features.ts';

/** A half-cycle that ended at `endAt` with so many arcing ones in the second before it. */
const decided = (endAt: number, halfCycleCount: number, isArcing = true): ArcDecision => ({
  startAt: endAt - 10,
  endAt,
  decidedAt: endAt + 2,
  isArcing,
  reason: isArcing ? 'drop' : 'usual',
  features: emptyFeatures(),
  baseline: undefined,
  halfCycleCount,
  erraticCount: halfCycleCount,
  isConfirmed: isArcing && halfCycleCount >= 10,
});

test('a confirmed arc that goes on is told once, and held with the instant it was last confirmed', () => {
  const hazard = createArcHazard('c1');
  assert.equal(hazard.tell(decided(1_000, 10), 0, false)?.at, 1_002);
  assert.equal(hazard.tell(decided(5_000, 40), 0, false), undefined);
  assert.deepEqual([hazard.active()?.level, hazard.active()?.at], ['alarm', 5_002]);
  // Fewer than confirm keep it alive, and confirm nothing.
  assert.equal(hazard.tell(decided(6_000, 6), 0, false), undefined);
  assert.equal(hazard.active()?.at, 5_002);
});

test('an arc kept over a restart is confirmed anew by the half-cycles of the new run alone', () => {
  const before = createArcHazard('c1');
  before.tell(decided(1_000, 12), 0, false);
  const restarted = createArcHazard('c1', before.active());
  restarted.tell(decided(20_000, 0, false), 0, false);
  assert.equal(restarted.active()?.at, 1_002, 'held, for an arc that went out comes back');
  restarted.tell(decided(25_000, 11), 0, false);
  assert.equal(restarted.active()?.at, 25_002);
  assert.equal(restarted.tell(decided(86_000, 0, false), 0, false)?.active, false, '60 s after the last of them');
});
