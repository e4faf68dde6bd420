import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredEvidence } from './measured-evidence.ts';

test('evidence holds what is known and leaves out what is not', () => {
  const evidence = measuredEvidence(
    [
      { feature: 'kappaKPerA2', value: 0.123456789, baseline: 0.06, limit: NaN },
      { feature: 'riseAtRatedK', value: NaN },
      { feature: 'timeToLimitS', value: Infinity },
    ],
    { limitAt: 1_763_718_000_123.4, latestAt: Infinity },
    'learning',
  );
  assert.deepEqual(evidence, {
    schema: 'hazard/1',
    features: [{ feature: 'kappaKPerA2', value: 0.1234568, baseline: 0.06 }],
    reason: 'learning',
    forecast: { limitAt: 1_763_718_000_123 },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
});

test('without a forecast there is none', () => {
  assert.deepEqual(measuredEvidence([], {}), { schema: 'hazard/1', features: [] });
});
