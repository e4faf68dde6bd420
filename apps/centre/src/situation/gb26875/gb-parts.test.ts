import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionKeyOf } from '@fengsui/alarm';
import { standardGbProfile, type GbProfile } from '@fengsui/protocol';
import { gbPointOf, isGbPointWithin } from './gb-point.ts';
import { gbQuantityName, watchedAs } from './gb-quantity-name.ts';
import { gbEventTime, isGbClockSuspect } from './gb-time.ts';

const T0 = Date.UTC(2026, 10, 21, 8);

test('a point names device, system or component, and each is a condition of its own', () => {
  const component = { systemType: 1, systemAddress: 1, partType: 17, partAddress: '03000c00' };
  assert.equal(gbPointOf(component), 's1-1-p03000c00');
  assert.equal(gbPointOf({ systemType: 1, systemAddress: 12 }), 's1-12');
  assert.equal(gbPointOf({}), '');
  assert.equal(gbPointOf({ ...component, partType: 18 }), gbPointOf(component), 'reads name no component type');
  const other = gbPointOf({ ...component, partAddress: '03000d00' });
  assert.notEqual(
    conditionKeyOf('U', other, 'fire').prefix,
    conditionKeyOf('U', gbPointOf(component), 'fire').prefix,
    'two detectors are two conditions',
  );
  const value = `${gbPointOf(component)}.temperatureC`;
  assert.equal(conditionKeyOf('U', value, 'overTemperature').prefix, gbPointOf(component));
});

test('a reset reaches the place and what lies in it, not its neighbour of a similar name', () => {
  assert.ok(
    isGbPointWithin('s1-1-p03000c00', 's1-1') && isGbPointWithin('s1-1', 's1-1') && isGbPointWithin('s2-1', ''),
  );
  assert.ok(!isGbPointWithin('s1-12', 's1-1') && !isGbPointWithin('s1-12-p00000000', 's1-1'));
});

test('a quantity has the name of the table, of the profile, or of its code', () => {
  const profile: GbProfile = {
    ...standardGbProfile,
    id: 'make',
    analogTypes: [
      { code: 128, unit: 'mA', step: 1, quantity: 'residualCurrentMa' },
      { code: 9, unit: 'kA', step: 1 },
    ],
  };
  assert.equal(gbQuantityName(3, profile), 'temperatureC');
  assert.equal(gbQuantityName(128, profile), 'residualCurrentMa');
  assert.equal(gbQuantityName(9, profile), 'analog9', 'a code the make uses otherwise is no current in A');
  assert.equal(gbQuantityName(200, profile), 'analog200');
});

test('a value is watched by the limits of its quantity, and heat detectors by theirs', () => {
  assert.equal(watchedAs('temperatureC', 18)?.point, 't1.temperatureC');
  assert.equal(watchedAs('temperatureC', 31)?.point, 'heat.temperatureC');
  assert.equal(watchedAs('lelPct', 11)?.point, 'gas.lelPct');
  assert.equal(watchedAs('residualCurrentMa', 17)?.point, 'c1.residualCurrentMa');
  assert.equal(watchedAs('voltageV', 16)?.point, 'c1.voltageV');
  assert.equal(watchedAs('voltageV', 21), undefined, 'a loop of 24 V has no under-voltage');
  assert.equal(watchedAs('pressureMpa', 92), undefined);
});

test('an event counts at its label unless that is more than ten minutes ahead or before any such device', () => {
  assert.deepEqual(gbEventTime(T0 - 3 * 86_400_000, T0), { at: T0 - 3 * 86_400_000 });
  assert.deepEqual(gbEventTime(T0 + 600_000, T0), { at: T0 + 600_000 });
  assert.deepEqual(gbEventTime(T0 + 601_000, T0), { at: T0, deviceAt: T0 + 601_000 });
  assert.deepEqual(gbEventTime(Date.UTC(2000, 0, 1), T0), { at: T0, deviceAt: Date.UTC(2000, 0, 1) });
  assert.deepEqual(gbEventTime(undefined, T0), { at: T0 });
  assert.ok(isGbClockSuspect(T0 + 601_000, T0) && isGbClockSuspect(T0 - 86_401_000, T0) && !isGbClockSuspect(T0, T0));
});
