import assert from 'node:assert/strict';
import test from 'node:test';
import { captureCsv } from './capture-csv.ts';
import { captureRecordOf } from './capture-record.ts';

test('one circuit is exported in the form the terminal replays', () => {
  const record = captureRecordOf({
    sampleRateHz: 6400,
    mainsHz: 50,
    channels: [
      { point: 'c1.voltageV', unit: 'V', values: [1.5, -2] },
      { point: 'c1.currentA', unit: 'A', values: [0.25] },
    ],
  });
  assert.equal(captureCsv(record), '# sampleRateHz=6400 mainsHz=50\nvoltageV,currentA\n1.5,0.25\n-2,\n');
});

test('several circuits keep their whole point ids, and an assumed frequency is not written down', () => {
  const record = captureRecordOf({
    sampleRateHz: 6400,
    channels: [
      { point: 'c1.currentA', unit: 'A', values: [1] },
      { point: 'c2.currentA', unit: 'A', values: [2] },
    ],
  });
  assert.equal(captureCsv(record), '# sampleRateHz=6400\nc1.currentA,c2.currentA\n1,2\n');
});
