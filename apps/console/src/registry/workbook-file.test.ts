import assert from 'node:assert/strict';
import test from 'node:test';
import { sheetOfFile, typeOfFile } from './workbook-file.ts';

test('a CSV is the sheet it is named after, in both languages', () => {
  assert.equal(sheetOfFile('Devices-2026.csv'), 'devices');
  assert.equal(sheetOfFile('城西设备.csv'), 'devices');
  assert.equal(sheetOfFile('city.csv'), undefined);
  assert.equal(typeOfFile('a.CSV'), 'text/csv');
  assert.match(typeOfFile('a.xlsx'), /spreadsheetml/);
});
