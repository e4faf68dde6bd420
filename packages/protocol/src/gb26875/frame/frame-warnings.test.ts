import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GbFrame } from './frame.ts';
import { gbFrameWarnings } from './frame-warnings.ts';

const frame: GbFrame = {
  serial: 0,
  version: { major: 1, user: 0 },
  sentAt: Date.parse('2026-03-05T14:07:10+08:00'),
  source: '4d3c2b1a0000',
  destination: '010000000000',
  command: 2,
  unit: { kind: 'empty' },
};

test('a frame as the standard has it gives no warning', () => {
  assert.deepEqual(gbFrameWarnings(frame, '010000000000'), []);
});

test('version, destination, time and a type under the wrong command are warned of', () => {
  const { sentAt: _, ...undated } = frame;
  assert.deepEqual(
    gbFrameWarnings(
      {
        ...undated,
        version: { major: 16, user: 0 },
        destination: '000000000000',
        unit: { kind: 'objects', type: 91, by: 'standard', objects: [{ answerWithinMin: 5 }] },
      },
      '010000000000',
    ),
    ['majorVersion', 'destination', 'sentAt', 'commandOfType'],
  );
});

test('the version of the profile is no deviation', () => {
  const other = { ...frame, version: { major: 2, user: 0 } };
  assert.deepEqual(gbFrameWarnings(other, '010000000000', { id: 'a', name: 'A', version: { major: 2, user: 0 } }), []);
});
