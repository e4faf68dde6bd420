import assert from 'node:assert/strict';
import test from 'node:test';
import { prefixOfPoint, quantityOfPoint, unitOfAlarm, unitOfPoint } from './alarm-quantity.ts';

test('a point id splits into its prefix and its quantity', () => {
  assert.deepEqual([prefixOfPoint('c1.currentA'), quantityOfPoint('c1.currentA')], ['c1', 'currentA']);
  assert.deepEqual([prefixOfPoint('c1'), quantityOfPoint('c1')], ['c1', undefined]);
});

test('an alarm that names only a prefix gets the unit of what its kind watches', () => {
  assert.equal(unitOfAlarm({ kind: 'overTemperature', pointId: 't1' }), '℃');
  assert.equal(unitOfAlarm({ kind: 'overTemperature', pointId: 't1.temperatureC' }), '℃');
  assert.equal(unitOfAlarm({ kind: 'residualCurrent', pointId: 'c1' }), 'mA');
});

test('the named point wins over the kind, and an unknown pair has no unit', () => {
  assert.equal(unitOfAlarm({ kind: 'heat', pointId: 'smoke.obscurationPctPerM' }), '%/m');
  assert.equal(unitOfAlarm({ kind: 'tamper', pointId: 'c1' }), undefined);
  assert.equal(unitOfPoint('x.unheardOf'), undefined);
});

test('what an engine measures never has the unit of the point', () => {
  assert.equal(unitOfAlarm({ kind: 'overload', pointId: 'c1.currentA', measure: 'thermalStateRatio' }), undefined);
  assert.equal(unitOfAlarm({ kind: 'overload', pointId: 'c1.currentA', measure: 'unheardOf' }), undefined);
});
