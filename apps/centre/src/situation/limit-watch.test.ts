import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLimit, type LimitRule, type LimitState } from '@fengsui/alarm';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import { limitId, LimitWatch } from './limit-watch.ts';

const rule: LimitRule = {
  id: 'hot',
  kind: 'overTemperature',
  level: 'alarm',
  point: 't*.temperatureC',
  direction: 'above',
  threshold: 85,
  deadband: 5,
  onDelayMs: 30,
  offDelayMs: 20,
  source: 'ours',
};

const samples = fc.array(
  fc.record({
    device: fc.constantFrom('D1', 'D2'),
    point: fc.constantFrom('t1.temperatureC', 't2.temperatureC'),
    stepMs: fc.integer({ min: -20, max: 40 }),
    value: fc.constantFrom(20, 79, 80, 81, 85, 86, 120),
  }),
  { maxLength: 60 },
);

test('values that stay inside are passed over, and every other is judged as if none had been', () => {
  fc.assert(
    fc.property(samples, fc.boolean(), (steps, isRestored) => {
      const watch = new LimitWatch(new Registry(), [rule]);
      const expected = new Map<string, LimitState>();
      if (isRestored) {
        const state: LimitState = { phase: 'beyond', lastAt: 5 };
        watch.restore(limitId('D1', 't1.temperatureC', rule.id), state);
        expected.set('D1/t1.temperatureC', state);
      }
      let now = 1_000;
      for (const { device, point, stepMs, value } of steps) {
        now += stepMs;
        const key = `${device}/${point}`;
        const before = expected.get(key);
        const at = Math.max(now, (before?.lastAt ?? -Infinity) + 1);
        const oracle = nextLimit(rule, before, { at, value });
        expected.set(key, oracle.state);
        if (watch.staysInside(rule, device, point, now, value)) {
          assert.equal(oracle.change, undefined);
          assert.deepEqual(oracle.state, { phase: 'inside', lastAt: at });
          assert.equal(before?.phase, 'inside');
          continue;
        }
        const step = watch.sample(rule, device, point, now, value);
        assert.deepEqual(
          { state: step.state, change: step.change, dueAt: step.dueAt, at: step.at },
          { state: oracle.state, change: oracle.change, dueAt: oracle.dueAt, at },
        );
      }
    }),
    propertySettings(500),
  );
});
