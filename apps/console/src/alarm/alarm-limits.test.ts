import assert from 'node:assert/strict';
import test from 'node:test';
import type { Point } from '@fengsui/protocol';
import { limitsOfAlarms, withAlarmLimits } from './alarm-limits.ts';
import { sampleAlarm } from './sample-alarm.ts';

const overload = sampleAlarm({ pointId: 'c2', value: 42.5, limit: 36.25 });

test('the limit a terminal reports with its alarm belongs to the quantity of the alarm and to its circuit', () => {
  const expected = [{ kind: 'overload', threshold: 36.25, level: 'alarm', direction: 'above' }];
  assert.deepEqual(limitsOfAlarms([overload], 'd1', 'c2.currentA'), expected);
  assert.deepEqual(limitsOfAlarms([overload], 'd1', 'c2.voltageV'), []);
  assert.deepEqual(limitsOfAlarms([overload], 'd1', 'c1.currentA'), []);
  assert.deepEqual(limitsOfAlarms([overload], 'd2', 'c2.currentA'), []);
});

test('a value under its limit makes it a lower limit, and an alarm without a limit adds none', () => {
  const under = sampleAlarm({ kind: 'underVoltage', pointId: 'c1', value: 180, limit: 187, level: 'warning' });
  assert.deepEqual(limitsOfAlarms([under, sampleAlarm()], 'd1', 'c1.voltageV'), [
    { kind: 'underVoltage', threshold: 187, level: 'warning', direction: 'below' },
  ]);
});

test('a limit the point has already is not repeated', () => {
  const point: Point = {
    id: 'c2.currentA',
    unit: 'A',
    family: 'electricity',
    limits: [{ kind: 'overload', level: 'warning', direction: 'above', threshold: 36.25 }],
  };
  assert.equal(withAlarmLimits(point, 'd1', [overload]), point);
  assert.equal(withAlarmLimits({ ...point, limits: [] }, 'd1', [overload]).limits.length, 1);
});
