import assert from 'node:assert/strict';
import test from 'node:test';
import { returnPath } from './return-path.ts';

test('the log-in returns to the page that was asked for', () => {
  assert.equal(returnPath('/devices/d1?range=1h'), '/devices/d1?range=1h');
});

test('a link never leads to another site, nor round in a circle', () => {
  for (const next of [
    undefined,
    '',
    '/',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/login',
    '/founder',
  ])
    assert.equal(returnPath(next), '/desk', String(next));
});
