import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArcEvidence } from '@fengsui/protocol';
import { arcMarks } from './arc-marks.ts';

const arc = (windows: [number, number][]): ArcEvidence => ({
  schema: 'arc/1',
  arcKind: 'series',
  stage: 'confirmed',
  halfCycleCount: 14,
  windowMs: 1000,
  currentA: 5,
  features: [],
  windows,
});

// 2 s at 6400 Hz, trigger after 1 s: the axis runs from -1000 to 1000 ms.
const clock = { startAt: 50_000, triggerFrame: 6400, sampleRateHz: 6400, frames: 12_800 };

test('windows lie on the axis of the capture, 0 at its trigger', () => {
  assert.deepEqual(arcMarks([arc([[51_000, 51_040]])], clock), [{ fromMs: 0, toMs: 40 }]);
});

test('what lies outside the capture is cut or left out', () => {
  const marks = arcMarks(
    [
      arc([
        [49_000, 50_010],
        [51_990, 53_000],
        [60_000, 60_010],
      ]),
    ],
    clock,
  );
  assert.deepEqual(marks, [
    { fromMs: -1000, toMs: -990 },
    { fromMs: 990, toMs: 1000 },
  ]);
});

test('stretches that are told twice are shaded once', () => {
  const events = [
    arc([[51_000, 51_040]]),
    arc([
      [51_020, 51_060],
      [51_100, 51_110],
    ]),
  ];
  assert.deepEqual(arcMarks(events, clock), [
    { fromMs: 0, toMs: 60 },
    { fromMs: 100, toMs: 110 },
  ]);
});
