import assert from 'node:assert/strict';
import test from 'node:test';
import { founderToken } from './founder-token.ts';

test('the token stands in the fragment or in the query, the fragment first', () => {
  assert.equal(founderToken('#token=abc-_1', ''), 'abc-_1');
  assert.equal(founderToken('', '?token=q'), 'q');
  assert.equal(founderToken('#token=h', '?token=q'), 'h');
});

test('a link without a token has none', () => {
  for (const [hash, search] of [
    ['', ''],
    ['#', '?'],
    ['#token=', ''],
    ['#other=1', '?x=2'],
  ] as const)
    assert.equal(founderToken(hash, search), undefined);
});
