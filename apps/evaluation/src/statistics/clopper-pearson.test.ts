import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clopperPearsonLower, clopperPearsonUpper } from './clopper-pearson.ts';
import { incompleteBeta, logGamma } from './incomplete-beta.ts';

function close(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, expected ${expected}`);
}

test('log gamma: factorials, and gamma of one half is √π', () => {
  close(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  close(logGamma(11), Math.log(3628800), 1e-13);
  close(logGamma(101), 363.73937555556349, 1e-13);
});

test('incomplete beta: for whole numbers it is a binomial tail', () => {
  // I_p(k, n − k + 1) = P(X ≥ k) of n trials, summed term by term.
  for (const [n, k, p] of [
    [10, 3, 0.2],
    [25, 20, 0.7],
    [60, 1, 0.01],
    [400, 90, 0.25],
  ] as const) {
    let tail = 0;
    for (let x = k; x <= n; x++) {
      const logChoose = logGamma(n + 1) - logGamma(x + 1) - logGamma(n - x + 1);
      tail += Math.exp(logChoose + x * Math.log(p) + (n - x) * Math.log1p(-p));
    }
    close(incompleteBeta(p, k, n - k + 1), tail, 1e-10);
  }
  assert.equal(incompleteBeta(0, 2, 3), 0);
  assert.equal(incompleteBeta(1, 2, 3), 1);
});

test('no hit in n trials: the closed form 1 − 0.05^(1/n), the rule of three', () => {
  close(clopperPearsonUpper(0, 10), 1 - 0.05 ** 0.1, 1e-12);
  close(clopperPearsonUpper(0, 100_000), 2.99569e-5, 1e-5);
  assert.equal(clopperPearsonUpper(7, 7), 1);
});

test('published two-sided 95 % limits: 10 of 20 is 0.272 … 0.728, 1 of 10 is 0.0025 … 0.4450', () => {
  close(clopperPearsonLower(10, 20, 0.975), 0.2719578, 1e-5);
  close(clopperPearsonUpper(10, 20, 0.975), 0.7280422, 1e-5);
  close(clopperPearsonLower(1, 10, 0.975), 0.002528579, 1e-5);
  close(clopperPearsonUpper(1, 10, 0.975), 0.4450161, 1e-5);
});

test('at the bound, so few hits have exactly the probability left over', () => {
  const p = clopperPearsonUpper(3, 1_000_000);
  const lambda = p * 1_000_000;
  // So many rare trials are a Poisson count; 3 or fewer must have probability 5 %.
  close(Math.exp(-lambda) * (1 + lambda + lambda ** 2 / 2 + lambda ** 3 / 6), 0.05, 1e-4);
});

test('counts that cannot be are refused', () => {
  assert.throws(() => clopperPearsonUpper(3, 2), /3 of 2: expected whole numbers/);
  assert.throws(() => clopperPearsonUpper(0, 0), /0 of 0/);
  assert.throws(() => clopperPearsonUpper(0, 5, 1), /confidence: 1/);
});
