import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantityOf, unitOf } from './quantity.ts';

test('the last word of a name tells quantity and unit', () => {
  const units = ['voltageV', 'c1.currentA', 'c8.residualCurrentMa', 't2.temperatureC', 'flow', 'constructor'].map(
    unitOf,
  );
  assert.deepEqual(units, ['V', 'A', 'mA', '°C', '', '']);
  assert.equal(quantityOf('c1.currentA'), 'currentA');
  assert.equal(quantityOf('IA'), undefined);
});
