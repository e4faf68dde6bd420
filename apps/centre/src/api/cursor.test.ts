import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { decodeCursor, encodeCursor, pageById } from './cursor.ts';
import { ApiError } from './problem.ts';

test('a cursor comes back as what it stands for', () => {
  const position = [1_763_700_000_000, 'a/b 烽燧'];
  assert.deepEqual(decodeCursor(encodeCursor(position), ['number', 'string']), position);
  assert.match(encodeCursor(position), /^[A-Za-z0-9_-]+$/, 'fits a URL as it is');
});

test('whatever is sent as a cursor is one of this list or a 400', () => {
  const others = [
    encodeCursor([1]),
    encodeCursor(['x', 1]),
    encodeCursor([1, 'x', 2]),
    '',
    'x',
    Buffer.from('{}').toString('base64url'),
  ];
  for (const cursor of others) {
    assert.throws(
      () => decodeCursor(cursor, ['number', 'string']),
      (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.status, error.code], [400, 'invalidCursor']);
        return true;
      },
    );
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (cursor) => {
      assert.throws(() => decodeCursor(cursor, ['number', 'string', 'number']), ApiError);
    }),
    propertySettings(300),
  );
});

test('pages by id are the whole list in order, none twice, whatever the size of a page', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 10 }), (ids, limit) => {
      const items = ids.map((id) => ({ id }));
      const seen: string[] = [];
      for (let cursor: string | undefined, pages = 0; pages <= ids.length + 1; pages++) {
        const page = pageById(items, limit, cursor);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
        assert.equal(page.items.length, limit, 'only the last page is short');
      }
      assert.deepEqual(seen, [...ids].sort());
    }),
    propertySettings(300),
  );
});

test('the end of the list has no next cursor, also when the page is just full', () => {
  const items = [{ id: 'b' }, { id: 'a' }];
  assert.deepEqual(pageById(items, 2, undefined), { items: [{ id: 'a' }, { id: 'b' }] });
  assert.deepEqual(pageById(items, 9, encodeCursor(['b'])), { items: [] });
});
