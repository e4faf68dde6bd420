import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { conditionId, conditionKeyOf } from './condition-key.ts';

test('a point and its prefix name one condition', () => {
  assert.deepEqual(conditionKeyOf('d1', 't1.temperatureC', 'overTemperature'), {
    deviceId: 'd1',
    prefix: 't1',
    kind: 'overTemperature',
  });
  assert.deepEqual(conditionKeyOf('d1', 't1', 'k'), conditionKeyOf('d1', 't1.temperatureC', 'k'));
  assert.equal(conditionKeyOf('d1', 'a.b.c', 'k').prefix, 'a');
  assert.equal(conditionKeyOf('d1', '', 'fault').prefix, '');
});

test('the id of a plain key is readable', () => {
  assert.equal(conditionId({ deviceId: 'demo-0001', prefix: 'c1', kind: 'arc' }), 'demo-0001/c1/arc');
});

test('two keys never share an id', () => {
  const part = fc.string({ unit: fc.constantFrom('a', '/', '%', '2', 'F', '5'), maxLength: 5 });
  const keys = fc.record({ deviceId: part, prefix: part, kind: part });
  fc.assert(
    fc.property(keys, keys, (one, other) => {
      const isSame = one.deviceId === other.deviceId && one.prefix === other.prefix && one.kind === other.kind;
      assert.equal(conditionId(one) === conditionId(other), isSame);
    }),
    { numRuns: 5_000 },
  );
  const parts = (id: string) => id.split('/').map((text) => decodeURIComponent(text));
  fc.assert(
    fc.property(keys, (key) => assert.deepEqual(parts(conditionId(key)), [key.deviceId, key.prefix, key.kind])),
  );
});
