import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Soak } from './soak.ts';
import { soakVerdict } from './soak-table.ts';

const soak = (change: Partial<Soak>): Soak => ({
  minutes: 60,
  acknowledged: 6_000_000,
  unanswered: 0,
  lost: 0,
  doubled: 0,
  alarms: 720,
  alarmsUnseen: 0,
  residentMb: [500, 501, 500],
  feedMs: [9, 9, 9],
  feedWorstMs: 50,
  backlog: [0, 0, 0],
  growthMbPerH: { slope: 3, error: 2 },
  ...change,
});

test('a memory grows when its slope is above twice the error of it', () => {
  assert.equal(soakVerdict(soak({})), 'nothing lost; memory does not grow');
  assert.equal(
    soakVerdict(soak({ growthMbPerH: { slope: 30, error: 2 } })),
    'nothing lost; memory grows by 30.0 MB an hour',
  );
});

test('whatever is missing stands in the verdict', () => {
  assert.equal(
    soakVerdict(soak({ lost: 3, doubled: 1, alarmsUnseen: 2, unanswered: 4 })),
    '**3 lost**, **1 doubled**, **2 alarms unseen**, 4 unanswered; memory does not grow',
  );
});

test('a few minutes say nothing of the memory', () => {
  assert.equal(soakVerdict(soak({ minutes: 0.5 })), 'nothing lost; too short to judge the memory');
});
