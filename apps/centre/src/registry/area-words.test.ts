import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Area } from '@fengsui/protocol';
import { areaWords } from './area-words.ts';

const areas = new Map<string, Area>(
  [
    { id: 'B', venueId: 'V', kind: 'building', name: '主楼', nameEn: 'Main' } as const,
    { id: 'F', venueId: 'V', kind: 'floor', name: '2 层', parentId: 'B' } as const,
    { id: 'R', venueId: 'V', kind: 'room', name: '厨房', nameEn: 'Kitchen', parentId: 'F' } as const,
  ].map((area) => [area.id, area]),
);
const registry = { area: (id: string) => areas.get(id) };

test('an area is told from the building down, in English with what has no English name as it is', () => {
  assert.deepEqual(areaWords(registry, 'R'), { area: '主楼 2 层 厨房', areaEn: 'Main 2 层 Kitchen' });
  assert.deepEqual(areaWords(registry, undefined), {});
  assert.deepEqual(areaWords(registry, 'gone'), {});
});

test('areas that name each other do not go round for ever', () => {
  const circle = { area: (id: string): Area => ({ id, venueId: 'V', kind: 'room', name: id, parentId: id }) };
  assert.equal(areaWords(circle, 'X').area?.split(' ').length, 12);
});
