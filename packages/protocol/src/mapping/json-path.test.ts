import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonPath, placesAt, valueAt, type JsonPath } from './json-path.ts';

const parsed = (text: string): JsonPath => {
  const path = parseJsonPath(text);
  if (typeof path === 'string') throw new Error(path);
  return path;
};

const body = {
  id: 'm1',
  data: {
    items: [
      { name: 'a', list: [1, 2] },
      { name: 'b', list: [3] },
    ],
    'odd.name': { 'x y': 5 },
  },
};

test('a path leads to the value, and to nothing where there is none', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['', body],
    ['id', 'm1'],
    ['$', body],
    ['$.id', 'm1'],
    ['data.items[1].name', 'b'],
    ['data.items[0].list[1]', 2],
    ['data["odd.name"]["x y"]', 5],
    ['$["data"].items[0].name', 'a'],
    ['data.items[7].name', undefined],
    ['data.items.name', undefined],
    ['id.length', undefined],
    ['data.items.length', undefined],
    ['constructor.name', undefined],
    ['__proto__', undefined],
    ['^', undefined],
  ];
  for (const [text, expected] of cases) assert.deepEqual(valueAt(parsed(text), { value: body }), expected, text);
});

test('[*] goes through every element, ^ back out of it and $ to the whole', () => {
  const { places, isCut } = placesAt(parsed('data.items[*].list[*]'), body, 100);
  assert.equal(isCut, false);
  assert.deepEqual(
    places.map((place) => [place.value, valueAt(parsed('^.name'), place), valueAt(parsed('$.id'), place)]),
    [
      [1, 'a', 'm1'],
      [2, 'a', 'm1'],
      [3, 'b', 'm1'],
    ],
  );
  assert.equal(valueAt(parsed('^.^.id'), places[0] ?? { value: 0 }), 'm1');
  const cut = placesAt(parsed('data.items[*].list[*]'), body, 2);
  assert.deepEqual([cut.places.length, cut.isCut], [2, true]);
});

test('what is no path is refused with the place', () => {
  for (const text of ['.a', 'a.', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a b', 'a.[0]', 'a]b', '["a', 'a[*', '$a', '^a', 'a$'])
    assert.equal(typeof parseJsonPath(text), 'string', text);
  assert.equal(typeof parseJsonPath('a'.repeat(201)), 'string');
  assert.equal(typeof parseJsonPath(Array.from({ length: 17 }, () => 'a').join('.')), 'string');
});
