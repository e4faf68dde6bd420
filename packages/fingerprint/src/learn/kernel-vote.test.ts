import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelVotes, trainKernelVote } from './kernel-vote.ts';
import { trainingSetOf } from './training-set.ts';

test('votes fall with e to the minus distance over bandwidth, times weight', () => {
  // Standard deviation of −1, 1 with equal weights is 1: distances stay as they are.
  const set = trainingSetOf([[-1], [1]], [0, 1], 2);
  const out = new Float64Array(2);
  kernelVotes(trainKernelVote(set, { bandwidth: 0.5 }), [0.5], out);
  const [a, b] = [Math.exp(-1.5 / 0.5), Math.exp(-0.5 / 0.5)];
  assert.ok(Math.abs((out[0] ?? NaN) - a / (a + b)) < 1e-9);
});

test('a far row in one wild column still votes by the others', () => {
  const rows = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const set = trainingSetOf(rows, [0, 0, 1, 1], 2);
  const out = new Float64Array(2);
  kernelVotes(trainKernelVote(set, { bandwidth: 0.3 }), [1, 1e9], out);
  assert.ok((out[1] ?? NaN) > 0.8);
});

test('bandwidths that cannot be are refused', () => {
  assert.throws(() => trainKernelVote(trainingSetOf([[0]], [0], 1), { bandwidth: 0 }), /bandwidth 0/);
});
