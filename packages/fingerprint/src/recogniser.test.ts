import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyEnrolment, teach } from './device/teaching.ts';
import type { EnrolledDevices } from './device/enrolled-devices.ts';
import { createRecogniser } from './recogniser.ts';
import { FORMULA_TYPES, formulaDevice, formulaFingerprint, formulaRows } from './test-loads/formula-loads.ts';
import type { FormulaDevice } from './test-loads/formula-loads.ts';
import { trainModel } from './training/train-model.ts';

const card = { title: 'formula loads', data: 'formulas', split: 'by device', licence: 'none' };
const model = trainModel(formulaRows(24), { id: 'formula', version: '1', seed: 5, card, treeCount: 30 });

/** Devices that the model has not seen. */
const unseen = FORMULA_TYPES.flatMap((type) => [100, 101, 102, 103, 104].map((index) => formulaDevice(type, index)));

test('devices never seen are told by family and by type, and names given are right', () => {
  const recogniser = createRecogniser(model);
  let named = 0;
  for (const device of unseen) {
    const recognition = recogniser.recognise(formulaFingerprint(device, 1));
    assert.equal(recognition.families[0]?.family, device.family);
    assert.equal(recognition.types[0]?.type, device.type);
    if (recognition.named !== undefined) {
      named++;
      assert.ok([device.type, device.family].includes(recognition.named.name));
    }
  }
  assert.ok(named >= 0.7 * unseen.length, `${named} of ${unseen.length} named`);
});

test('probabilities fall from the first to the last and sum to one', () => {
  const { families, types } = createRecogniser(model).recognise(formulaFingerprint(unseen[0] as FormulaDevice, 1));
  for (const shares of [families, types].map((list) => list.map(({ probability }) => probability))) {
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => b - a),
    );
  }
});

test('a load unlike all that was learned is unknown: no name, a high unknown score', () => {
  // Leading by a quarter turn with a second-largest third harmonic: no type of the model comes near.
  const strange: FormulaDevice = {
    family: 'electronic',
    type: 'none',
    peakA: 3,
    lagRad: -1.5,
    third: 0.8,
    fifth: -0.6,
  };
  const recognition = createRecogniser(model).recognise(formulaFingerprint(strange, 1));
  assert.equal(recognition.named, undefined);
  assert.ok(recognition.unknownScore > 0.9);
});

function enrolled(devices: readonly FormulaDevice[], confirmations: number): EnrolledDevices {
  let all = emptyEnrolment();
  devices.forEach((device, index) => {
    for (let draw = 0; draw < confirmations; draw++) {
      const fingerprint = formulaFingerprint(device, 50 + draw);
      all = teach(all, { kind: 'confirm', deviceId: `d${index}`, name: `device ${index}`, fingerprint, at: draw });
    }
  });
  return all;
}

test('after one to three confirmations the very device is named among others of its type', () => {
  for (const confirmations of [1, 2, 3]) {
    const recogniser = createRecogniser(model, enrolled(unseen, confirmations));
    let right = 0;
    let wrong = 0;
    unseen.forEach((device, index) => {
      for (const draw of [1, 2, 3]) {
        const { named } = recogniser.recognise(formulaFingerprint(device, draw));
        if (named?.level !== 'device') continue;
        if (named.name === `device ${index}`) right++;
        else wrong++;
      }
    });
    assert.ok(right >= 0.7 * 3 * unseen.length, `${right} right of ${3 * unseen.length}`);
    assert.ok(wrong <= 0.03 * (right + wrong), `${wrong} wrong`);
  }
});

test('a device that is not enrolled is not given the name of one that is', () => {
  const recogniser = createRecogniser(model, enrolled(unseen.slice(0, 5), 3));
  for (const device of unseen.slice(5)) {
    assert.notEqual(recogniser.recognise(formulaFingerprint(device, 1)).named?.level, 'device');
  }
});

test('even an unknown kind of load is named once it is enrolled here', () => {
  const strange: FormulaDevice = {
    family: 'electronic',
    type: 'none',
    peakA: 3,
    lagRad: -1.5,
    third: 0.8,
    fifth: -0.6,
  };
  const recogniser = createRecogniser(model, enrolled([strange], 2));
  assert.equal(recogniser.recognise(formulaFingerprint(strange, 1)).named?.name, 'device 0');
});

test('a rejected switching is not called that device again', () => {
  const [device] = unseen as [FormulaDevice];
  const taught = teach(enrolled([device], 2), {
    kind: 'reject',
    deviceId: 'd0',
    fingerprint: formulaFingerprint(device, 1),
    at: 9,
  });
  assert.notEqual(createRecogniser(model, taught).recognise(formulaFingerprint(device, 1)).named?.level, 'device');
});

test('reasons carry the value and the usual range of the best family, and say whose range it is', () => {
  const { reasons } = createRecogniser(model).recognise(formulaFingerprint(formulaDevice('pump', 100), 1));
  const displacement = reasons.find(({ feature }) => feature === 'displacementSin');
  assert.ok(displacement !== undefined && displacement.typical !== undefined);
  assert.ok(displacement.value > displacement.typical[0] - 0.1 && displacement.value < displacement.typical[1] + 0.1);
  assert.deepEqual(displacement.typicalOf, { level: 'family', name: 'motor' });
  for (const { typical, typicalOf } of reasons) assert.equal(typical === undefined, typicalOf === undefined);
});

test('of a named device the usual range is that of its own confirmed switchings, and holds the switching named', () => {
  const heaters = [100, 101, 102].map((index) => formulaDevice('heater', index));
  const recogniser = createRecogniser(model, enrolled(heaters, 3));
  heaters.forEach((device, index) => {
    const { named, reasons } = recogniser.recognise(formulaFingerprint(device, 1));
    assert.equal(named?.name, `device ${index}`);
    const power = reasons.find(({ feature }) => feature === 'nominalPowerLog');
    assert.deepEqual(power?.typicalOf, { level: 'device', name: `device ${index}` });
    const [low, high] = power?.typical ?? [NaN, NaN];
    // The closed form: peak current at 311 V peak, as apparent power at 230 V.
    const own = Math.log10((device.peakA / 311) * 230 ** 2);
    assert.ok(low < own && own < high && low < (power?.value ?? NaN) && (power?.value ?? NaN) < high);
    // 10 % of power are 0.041: a range that wide would explain nothing.
    assert.ok(high - low < 0.1, `${low} to ${high}`);
  });
});

test('a heater a sixth stronger than the enrolled one of the same shape does not get its name', () => {
  const enrolledOne: FormulaDevice = { family: 'resistive', type: 'heater', peakA: 8, lagRad: 0, third: 0, fifth: 0 };
  for (const confirmations of [1, 2, 3]) {
    const recogniser = createRecogniser(model, enrolled([enrolledOne], confirmations));
    for (const factor of [1 / 1.16, 1.16]) {
      const stranger = { ...enrolledOne, peakA: factor * enrolledOne.peakA };
      assert.notEqual(recogniser.recognise(formulaFingerprint(stranger, 1)).named?.level, 'device');
    }
    assert.equal(recogniser.recognise(formulaFingerprint(enrolledOne, 1)).named?.level, 'device');
  }
});

test('fingerprints and enrolments of another schema version are refused', () => {
  const fingerprint = formulaFingerprint(unseen[0] as FormulaDevice, 1);
  const foreign = { ...fingerprint, schemaVersion: 2 } as unknown as typeof fingerprint;
  assert.throws(
    () => createRecogniser(model).recognise(foreign),
    /fingerprint of schema version 2; expected the model's 1/,
  );
  assert.throws(
    () => createRecogniser(model, { ...emptyEnrolment(), schemaVersion: 9 }),
    /enrolment of schema version 9/,
  );
});
