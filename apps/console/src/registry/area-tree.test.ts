import assert from 'node:assert/strict';
import test from 'node:test';
import type { Area } from '@fengsui/protocol';
import { areaLines, possibleParents } from './area-tree.ts';

const area = (id: string, parentId?: string): Area => ({
  id,
  venueId: 'V1',
  kind: 'room',
  name: id,
  ...(parentId !== undefined && { parentId }),
});
const areas = [area('F2', 'B'), area('B'), area('F10', 'B'), area('R1', 'F2'), area('lost', 'gone'), area('A')];

test('areas stand under their parents, floor 2 before floor 10, and none is lost', () => {
  assert.deepEqual(
    areaLines(areas).map(({ area: { id }, depth }) => `${'-'.repeat(depth)}${id}`),
    ['A', 'B', '-F2', '--R1', '-F10', 'lost'],
  );
});

test('an area is offered neither itself nor what is below it as its parent', () => {
  assert.deepEqual(
    possibleParents(areas, 'F2').map(({ id }) => id),
    ['A', 'B', 'F10', 'lost'],
  );
  assert.deepEqual(
    possibleParents(areas, 'B').map(({ id }) => id),
    ['A', 'lost'],
  );
  assert.equal(possibleParents(areas, undefined).length, areas.length);
});
