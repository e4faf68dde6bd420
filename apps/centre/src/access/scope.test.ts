import assert from 'node:assert/strict';
import { test } from 'node:test';
import { house } from '../situation/entries.fixture.ts';
import { Registry } from '../registry/registry.ts';
import { isInScope, narrow, scopeParameter, type Scope } from './scope.ts';

const all: Scope = { venues: 'all' };
const one: Scope = { venues: ['V1'] };
const none: Scope = { venues: [] };

test('a scope holds its venues; an empty one holds nothing', () => {
  assert.deepEqual(
    [all, one, none].map((scope) => [isInScope(scope, 'V1'), isInScope(scope, 'V2'), isInScope(scope, '')]),
    [
      [true, true, true],
      [true, false, false],
      [false, false, false],
    ],
  );
});

test('narrowing never widens', () => {
  assert.deepEqual(narrow(all, undefined), all);
  assert.deepEqual(narrow(all, ['V1', 'V2']), { venues: ['V1', 'V2'] });
  assert.deepEqual(narrow(one, undefined), one);
  assert.deepEqual(narrow(one, ['V1', 'V2']), one);
  assert.deepEqual(narrow(one, ['V2']), none);
  assert.deepEqual(narrow(one, []), none);
  assert.deepEqual(narrow(none, ['V1']), none);
});

test('as a parameter null is everything, and an empty list nothing', () => {
  assert.deepEqual([all, one, none].map(scopeParameter), [null, ['V1'], []]);
});

test('the registry shows a scope its venues, their devices and their owners', () => {
  const registry = new Registry();
  for (const change of house) registry.apply(change);
  registry.apply({
    kind: 'organisationPut',
    organisation: { id: 'O2', kind: 'platformCompany', name: 'O2', demo: false },
  });
  const seen = (scope: Scope) => [
    registry.organisations(scope).map(({ id }) => id),
    registry.venues(scope).map(({ id }) => id),
    registry.devices(scope).map(({ id }) => id),
  ];
  assert.deepEqual(seen(all), [
    ['O1', 'O2'],
    ['V1', 'V2'],
    ['D1', 'D2', 'S1', 'D9'],
  ]);
  assert.deepEqual(seen({ venues: ['V2'] }), [['O1'], ['V2'], ['D9']]);
  assert.deepEqual(seen(none), [[], [], []]);
});
