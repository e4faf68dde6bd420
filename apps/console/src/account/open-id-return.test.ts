import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdReturn } from './open-id-return.ts';

test('what the provider sent back is taken from the address, with what it was for', () => {
  assert.deepEqual(openIdReturn('?code=a%2Fb&state=link.x&iss=http%3A%2F%2Flocalhost'), {
    state: 'link.x',
    parameters: { code: 'a/b', iss: 'http://localhost' },
    kind: 'link',
  });
  assert.equal(openIdReturn('?state=logIn.y&error=access_denied')?.kind, 'logIn');
});

test('an address without a state is nobody’s return', () => {
  for (const search of ['', '?', '?code=x', '?state=']) assert.equal(openIdReturn(search), undefined);
});
