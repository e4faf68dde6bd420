import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSampleRing } from './sample-ring.ts';

test('the ring reads back the newest frames however the stream was cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 0, max: 60 })), (capacity, cuts) => {
      const total = cuts.reduce((sum, cut) => sum + cut, 0);
      const stream = Float64Array.from({ length: total }, (_, frame) => frame);
      const mirror = stream.map((frame) => -frame);
      const ring = createSampleRing(2, capacity);
      let from = 0;
      for (const cut of cuts) {
        ring.append([stream, mirror], from, from + cut);
        from += cut;
        const oldest = Math.max(0, from - capacity);
        assert.equal(ring.frames, from);
        assert.equal(ring.oldestFrame, oldest);
        assert.deepEqual(ring.read(oldest, from), [stream.slice(oldest, from), mirror.slice(oldest, from)]);
      }
    }),
  );
});

test('frames that are gone or not there yet are refused, and so is another number of channels', () => {
  const ring = createSampleRing(1, 4);
  ring.append([new Float64Array(6)], 0, 6);
  assert.throws(() => ring.read(1, 3), /frames 1 to 3: expected within 2 to 6/);
  assert.throws(() => ring.read(4, 7), /expected within 2 to 6/);
  assert.throws(() => ring.append([], 0, 0), /0 channels, 1 expected/);
});
