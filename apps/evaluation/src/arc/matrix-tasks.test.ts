import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arcMatrix, nuisanceClasses } from '@fengsui/city';
import { matrixTasks } from './matrix-tasks.ts';

const classes = nuisanceClasses.map(({ id }) => id);
const plan = { seed: 7, sampleRateHz: 6400, seeds: 2, seconds: 60, silentSeconds: 9_000, episodes: 0, classes };
const rows = arcMatrix.filter(({ kind }) => kind === 'silent');

test('a silence of more than an hour is several runs with seeds of their own, and all of its seconds are run', () => {
  const tasks = matrixTasks({ ...plan, rows }).filter((task) => task.kind === 'silent');
  const cases = new Set(tasks.map(({ row, caseId }) => `${row} ${caseId}`));
  assert.ok(cases.size >= rows.length, `${cases.size} cases`);
  for (const one of cases) {
    const runs = tasks.filter(({ row, caseId }) => `${row} ${caseId}` === one);
    assert.deepEqual(
      runs.map(({ seed, seconds }) => [seed, seconds]),
      [
        [7, 3600],
        [8, 3600],
        [9, 1800],
      ],
    );
  }
});

test('episodes are drawn in chunks, each with a seed of its own', () => {
  const tasks = matrixTasks({ ...plan, rows: [], episodes: 250 }).filter((task) => task.kind === 'episodes');
  const drawn = new Map<string, number[]>();
  for (const { classId, seed, count } of tasks) {
    const seeds = Array.from({ length: count }, (_, n) => seed + n);
    drawn.set(classId, [...(drawn.get(classId) ?? []), ...seeds]);
  }
  assert.ok(drawn.size >= 10, 'the issue asks for ten load classes or more');
  for (const seeds of drawn.values()) assert.deepEqual([seeds.length, new Set(seeds).size], [250, 250]);
});
