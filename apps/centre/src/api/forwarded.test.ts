import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forwardedHeader, readForwarded } from './forwarded.ts';

const isKey = (key: string): boolean => key === 'right';
const from = { address: '2001:db8::7', host: '消防.example' };

test('who is forwarded with the key is believed, also with a name beyond ASCII', () => {
  assert.deepEqual(readForwarded(forwardedHeader('right', from), isKey), from);
});

test('without the key, or malformed, nobody is forwarded', () => {
  const headers = [
    forwardedHeader('wrong', from),
    'right',
    'right ',
    'right 10.0.0.1 a b',
    'right 10.0.0.1 %',
    '',
    undefined,
  ];
  for (const header of [...headers, ['right 10.0.0.1 a']])
    assert.equal(readForwarded(header, isKey), undefined, JSON.stringify(header));
});
