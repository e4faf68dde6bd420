import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { SequenceTracker } from './sequence-tracker.ts';

const nothingApplied = (): undefined => undefined;

test('live is what has the highest seq of its epoch so far', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('D1', 'D2'), fc.constantFrom('', 'b7'), fc.nat(9))), (reports) => {
      const tracker = new SequenceTracker(nothingApplied);
      const received: (readonly [string, number])[] = [];
      for (const [deviceId, epoch, seq] of reports) {
        const key = `${deviceId}/${epoch}`;
        const isLower = received.some(([known, before]) => known === key && before > seq);
        assert.equal(tracker.isLive(deviceId, epoch, seq), !isLower);
        received.push([key, seq]);
      }
    }),
    propertySettings(500),
  );
});

test('a report without seq is always live', () => {
  const tracker = new SequenceTracker(nothingApplied);
  tracker.isLive('D1', '', 100);
  assert.equal(tracker.isLive('D1', '', undefined), true);
});

test('after a restart what was applied before counts', () => {
  const tracker = new SequenceTracker((deviceId, epoch) => (deviceId === 'D1' && epoch === 'k' ? 40 : undefined));
  assert.equal(tracker.isLive('D1', 'k', 39), false);
  assert.equal(tracker.isLive('D1', 'k', 40), true);
  assert.equal(tracker.isLive('D1', 'other', 1), true);
});

test('of many epochs the newest four are remembered, an older one is asked of what was applied', () => {
  const asked: string[] = [];
  const tracker = new SequenceTracker((_deviceId, epoch) => {
    asked.push(epoch);
    return epoch === 'e0' ? 7 : undefined;
  });
  for (let i = 0; i < 5; i++) tracker.isLive('D1', `e${i}`, 7);
  assert.equal(tracker.isLive('D1', 'e0', 6), false);
  assert.equal(asked.at(-1), 'e0');
});
