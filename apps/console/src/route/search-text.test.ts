import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseSearch, stringifySearch, withSearch } from './search-text.ts';

test('the search part stays readable', () => {
  assert.equal(
    stringifySearch({ category: 'fire,warning', sel: 'd1:a', n: 3, none: undefined }),
    '?category=fire,warning&sel=d1:a',
  );
  assert.equal(stringifySearch({}), '');
});

test('any texts survive the way through the URL', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true }), (search) => {
      if ('__proto__' in search && Object.hasOwn(search, '__proto__')) return;
      assert.deepEqual(parseSearch(stringifySearch(search)), search);
    }),
  );
});

test('a change of one key leaves the others, and undefined takes a key out', () => {
  assert.deepEqual(withSearch({ sel: 'a', q: 'x' }, { sel: undefined, range: '1h' }), { q: 'x', range: '1h' });
});
