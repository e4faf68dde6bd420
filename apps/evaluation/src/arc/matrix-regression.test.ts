import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runArcTask, type ArcModelKind } from './arc-task.ts';

// Runs of the matrix that an earlier rule told too late or never; what they are shows what the rule must find.
const runs: readonly (readonly [row: string, model: ArcModelKind, isSustained: boolean, seed: number, what: string])[] =
  [
    ['R2', 'cassie', false, 43, 'contacts that part within the half-cycle that counts'],
    ['R2', 'mayr', false, 42, 'arcs that strike in the end of the half-cycle before'],
    ['R4', 'mayr', false, 55, 'both'],
    ['M2', 'mayr', false, 49, 'a supply that makes up for three missed pulses at once'],
    ['M2', 'static', true, 51, 'an arc that stays out for seven half-cycles at its begin'],
  ];

for (const [row, model, isSustained, seed, what] of runs) {
  test(`${row}, ${model}, seed ${seed}: ${what}, told in time`, () => {
    const outcome = runArcTask({ kind: 'arc', row, caseId: 'inLoad', model, isSustained, seed, sampleRateHz: 6400 });
    assert.ok(outcome.kind === 'arc' && outcome.isAsked);
    assert.ok(outcome.inTime, `after ${outcome.delayMs} ms, limit ${outcome.limitMs} ms`);
  });
}
