import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEATURES } from '../feature-vector.ts';
import { encodeModel } from '../model/model-file.ts';
import { formulaRows } from '../test-loads/formula-loads.ts';
import { trainModel } from './train-model.ts';
import type { TrainingRow } from './training-row.ts';

const card = { title: 'formula loads', data: 'formulas', split: 'by device', licence: 'none' };
const settings = { id: 'formula', version: '1', seed: 5, card, treeCount: 20 };
const rows = formulaRows(16);

test('the same rows, settings and seed give the same file', () => {
  assert.equal(encodeModel(trainModel(rows, settings)), encodeModel(trainModel(rows, settings)));
});

test('the card tells what was learned from and how held-out devices fared', () => {
  const { numbers, rowCount, groupCount, seed } = trainModel(rows, settings).card;
  assert.deepEqual([rowCount, groupCount, seed], [rows.length, 64, 5]);
  // The four formulas lie far apart: nearly all held-out devices must be right, and the chances must say so.
  assert.ok((numbers['typeAccuracy'] ?? 0) > 0.95);
  assert.ok((numbers['familyAccuracy'] ?? 0) > 0.95);
  assert.ok((numbers['typeCalibrationError'] ?? 1) < 0.1);
});

test('labels that mean nothing are not learned: held-out devices are no better than chance', () => {
  const scrambled = rows.map((row, index) => {
    // Families by device number, not by current: two classes that no feature tells apart.
    const isOdd = Number(row.group.split('/')[1]) % 2 === 1;
    return { ...row, type: isOdd ? 'odd' : 'even', family: isOdd ? ('motor' as const) : ('resistive' as const), index };
  });
  const { numbers } = trainModel(scrambled, settings).card;
  assert.ok((numbers['typeAccuracy'] ?? 1) < 0.65, `${numbers['typeAccuracy']}`);
  assert.ok((numbers['typeNamedShare'] ?? 1) < 0.1, `${numbers['typeNamedShare']} named`);
});

test('a stage of a device is no scatter: kinds with several stages keep the scatter of one', () => {
  const power = FEATURES.findIndex(({ name }) => name === 'nominalPowerLog');
  // Every second heater works at half power in one of its four switchings, which then has no other of its own stage.
  const staged = rows.map((row, index) => {
    const isHalf = row.type === 'heater' && index % 8 === 3;
    return isHalf ? { ...row, vector: row.vector.with(power, (row.vector[power] as number) - Math.log10(2)) } : row;
  });
  const { types, spaceFeatures, deviceSpace } = trainModel(staged, settings);
  const scatter =
    deviceSpace.scatter[types.findIndex(({ name }) => name === 'heater')]?.[spaceFeatures.indexOf('nominalPowerLog')];
  // Without stages these rows scatter by the noise alone, far below a per cent of power (0.0043).
  assert.ok((scatter ?? NaN) < 0.01, `${scatter}`);
});

test('rows that cannot be learned from are refused', () => {
  const [first] = rows as [TrainingRow];
  assert.throws(() => trainModel([], settings), /0 types of load in the rows; expected at least 2/);
  const broken = first.vector.slice();
  broken[0] = NaN;
  assert.throws(() => trainModel([{ ...first, vector: broken }], settings), /training row 0: nominalPowerLog is NaN/);
  assert.throws(
    () => trainModel([first, { ...first, family: 'motor' }], settings),
    /row 1: type heater is motor here and resistive before/,
  );
  assert.throws(() => trainModel([{ ...first, vector: new Float64Array(3) }], settings), /row 0: 3 features; expected/);
});
