import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoardVenue } from '@fengsui/protocol';
import { groupBoard } from './group-board.ts';

const venue = (id: string, life: BoardVenue['life'], wave?: string): BoardVenue => ({
  id,
  name: id,
  life,
  deviceCount: 1,
  signatureCount: 0,
  ...(wave !== undefined && { wave }),
});

test('waves stand in the order of their numbers, venues of no wave last, and every venue stands in one cell', () => {
  const rows = groupBoard([
    venue('a', 'live'),
    venue('b', 'planned', '第10批'),
    venue('c', 'live', '第2批'),
    venue('d', 'tested', '第2批'),
  ]);
  assert.deepEqual(
    rows.map(({ wave, count }) => [wave, count]),
    [
      ['第2批', 2],
      ['第10批', 1],
      ['', 1],
    ],
  );
  assert.deepEqual(
    rows[0]?.cells.tested.map(({ id }) => id),
    ['d'],
  );
});

test('waves numbered in Chinese stand in the order of their numbers', () => {
  const names = ['第二批', '第二十一批', '第十批', '第一批', '第十二批', '第三批'];
  assert.deepEqual(
    groupBoard(names.map((wave, index) => venue(String(index), 'live', wave))).map(({ wave }) => wave),
    ['第一批', '第二批', '第三批', '第十批', '第十二批', '第二十一批'],
  );
});

test('a venue on test stands first in its cell', () => {
  const running = {
    ...venue('z', 'installed'),
    test: { id: 't', isRunning: true, isEndingSoon: false, endsAt: '', points: 1, passed: 0, failed: 0 },
  };
  const [row] = groupBoard([venue('a', 'installed'), running]);
  assert.deepEqual(
    row?.cells.installed.map(({ id }) => id),
    ['z', 'a'],
  );
});
