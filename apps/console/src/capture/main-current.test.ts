import assert from 'node:assert/strict';
import test from 'node:test';
import { captureRecordOf } from './capture-record.ts';
import { mainCurrent } from './main-current.ts';

const record = captureRecordOf({
  sampleRateHz: 1000,
  triggerFrame: 4,
  channels: [
    { point: 'c1.voltageV', unit: 'V', values: [1, -1, 1, -1, 300, -300, 300, -300] },
    { point: 'c1.currentA', unit: 'A', values: [9, -9, 9, -9, 9, -9, 9, -9] },
    { point: 'c2.currentA', unit: 'A', values: [1, -1, 1, -1, 5, -5, 5, -5] },
  ],
});

test('the circuit an alarm names is the one a capture is about', () => {
  assert.equal(mainCurrent(record, 'c1')?.point, 'c1.currentA');
  assert.equal(mainCurrent(record, 'c2.residualCurrentMa')?.point, 'c2.currentA');
});

test('without a name it is the current that changed most at the trigger', () => {
  assert.equal(mainCurrent(record)?.point, 'c2.currentA');
  assert.equal(mainCurrent(record, 'c7')?.point, 'c2.currentA');
});

test('without a trigger it is the first, and without a current there is none', () => {
  assert.equal(mainCurrent({ ...record, triggerFrame: undefined })?.point, 'c1.currentA');
  assert.equal(mainCurrent({ ...record, channels: record.channels.slice(0, 1) }), undefined);
});
