import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level } from '@fengsui/alarm';
import { groupHazards } from './group-hazards.ts';
import type { EvidencedEvent } from './evidenced-event.ts';

const item = (point: string, level: Level, at: string): EvidencedEvent => ({
  event: { deviceId: 'D', venueId: 'V', origin: 'live', kind: 'arc', point, at, receivedAt: at, level },
  evidence: { schema: 'hazard/1', features: [] },
});

test('steps of one hazard are one course, led by its highest and newest level', () => {
  const items = [
    item('c1', 'attention', 't1'),
    item('c2', 'warning', 't2'),
    item('c1', 'alarm', 't3'),
    item('c1', 'warning', 't4'),
    item('c1', 'alarm', 't5'),
  ];
  const courses = groupHazards(items);
  assert.deepEqual(
    courses.map(({ leading, steps }) => [leading.event.point, leading.event.at, steps.length]),
    [
      ['c1', 't5', 4],
      ['c2', 't2', 1],
    ],
  );
});
