import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportText } from './report-text.ts';
import { bar, knownMetrics, type Report } from './suite.ts';

const report: Report = {
  suite: 'plaid',
  split: 'by house',
  train: 'a',
  test: 'b',
  recordings: 12,
  groups: 3,
  skipped: [{ id: 'r7', reason: 'h1 is missing' }],
  seed: 1,
  model: { id: 'm', schemaVersion: 1 },
  metrics: knownMetrics({ typeAccuracy: 0.83456, unknownAuroc: undefined, loss: NaN, bias: { '0.4': 0.1 } }),
  baseline: { typeAccuracy: 0.79 },
  bars: [bar('typeAccuracy', 0.83456, 0.81, 0.85), bar('unknownAuroc', undefined, 0.75, 0.85)],
  perLabel: { Fan: { count: 3, f1: NaN } },
};

test('a metric that was not measured is absent, not 0', () => {
  assert.deepEqual(Object.keys(report.metrics), ['typeAccuracy', 'bias']);
});

test('bars say met, missed, and not measured', () => {
  const text = reportText(report);
  assert.match(text, /typeAccuracy +0\.8346, at least 0\.81, aim 0\.85: met/);
  assert.match(text, /unknownAuroc +–, at least 0\.75, aim 0\.85: MISSED: not measured/);
  assert.match(text, /r7: h1 is missing/);
  assert.match(text, /Fan {2}3 {6}–/);
});

test('where less is better, the bar is a ceiling', () => {
  assert.deepEqual(bar('wrongNameRate', 0.02, 0.03, 0.01, { lowerIsBetter: true }), {
    metric: 'wrongNameRate',
    value: 0.02,
    atLeast: 0.03,
    aim: 0.01,
    met: true,
    lowerIsBetter: true,
  });
  assert.equal(bar('wrongNameRate', 0.031, 0.03, 0.01, { lowerIsBetter: true }).met, false);
});
