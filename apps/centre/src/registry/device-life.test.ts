import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceLifeStates } from '@fengsui/protocol';
import { admitted, isInPlace, lifeOf, lifeProblem } from './device-life.ts';

test('every pair of states is allowed or refused as the table says, spelled out', () => {
  const allowed = `
    produced>tested produced>retired
    tested>inStock tested>installed tested>retired
    inStock>tested inStock>installed inStock>retired
    installed>active installed>inStock installed>maintenance installed>retired
    active>maintenance active>inStock active>retired
    maintenance>active maintenance>inStock maintenance>retired`
    .trim()
    .split(/\s+/);
  const found = deviceLifeStates.flatMap((from) =>
    deviceLifeStates.filter((to) => lifeProblem(from, to) === undefined).map((to) => `${from}>${to}`),
  );
  assert.deepEqual(found.sort(), allowed.sort());
});

test('a refusal says what may follow', () => {
  assert.equal(lifeProblem('produced', 'active'), 'active cannot follow produced: expected tested, retired');
  assert.equal(
    lifeProblem('retired', 'active'),
    'active cannot follow retired: nothing follows; register a new device',
  );
});

test('a device of before is at work; a retired or revoked one is not let in, whatever else it is', () => {
  assert.equal(lifeOf({}), 'active');
  assert.deepEqual(
    [{}, { life: 'inStock' }, { life: 'maintenance' }, { life: 'retired' }, { life: 'retired', revokedAt: 1 }].map(
      (device) => admitted(device as Parameters<typeof admitted>[0]),
    ),
    ['accepted', 'accepted', 'accepted', 'retired', 'revoked'],
  );
  assert.deepEqual(
    deviceLifeStates.filter((life) => isInPlace({ life })),
    ['installed', 'active', 'maintenance'],
  );
});
