import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINGERPRINT_SCHEMA_VERSION } from '../current-fingerprint.ts';
import { LOAD_FAMILIES } from '../load-family.ts';
import { createRecogniser } from '../recogniser.ts';
import { formulaFingerprint } from '../test-loads/formula-loads.ts';
import { encodeModel, LARGEST_MODEL_FILE_BYTES } from './model-file.ts';
import { shippedModel } from './shipped-model.ts';
import { shippedModelText } from './shipped-model-text.ts';

test('the shipped model fits the file limit, the fingerprint and every load family', () => {
  const model = shippedModel();
  assert.ok(new TextEncoder().encode(shippedModelText).length <= LARGEST_MODEL_FILE_BYTES);
  assert.equal(model.schemaVersion, FINGERPRINT_SCHEMA_VERSION);
  assert.deepEqual(new Set(model.types.map(({ family }) => family)), new Set(LOAD_FAMILIES));
  assert.equal(encodeModel(model), shippedModelText);
});

test('the card of the shipped model says on what, under which licence and how well', () => {
  const { card } = shippedModel();
  for (const text of [card.title, card.data, card.split, card.licence, card.limits])
    assert.ok(text !== undefined && text !== '');
  assert.ok((card.numbers['familyWrongNameRate'] ?? 1) <= 0.01);
  assert.ok((card.numbers['familyCalibrationError'] ?? 1) <= 0.05);
});

test('a resistor of 2 kW is named as resistive; a rectifier with a capacitor as electronic or a charger', () => {
  const recogniser = createRecogniser(shippedModel());
  const resistor = { family: 'resistive', type: 'any', peakA: 12.9, lagRad: 0, third: 0, fifth: 0 } as const;
  const { families, named } = recogniser.recognise(formulaFingerprint(resistor, 1));
  assert.equal(families[0]?.family, 'resistive');
  assert.equal(named?.name, 'resistive');
  // A narrow peak at the voltage's crest, as behind a bridge and a capacitor: third harmonic against, fifth along.
  const rectifier = { family: 'electronic', type: 'any', peakA: 0.6, lagRad: -0.15, third: -0.8, fifth: 0.5 } as const;
  const other = recogniser.recognise(formulaFingerprint(rectifier, 1));
  assert.ok(['electronic', 'charger'].includes(other.families[0]?.family ?? ''));
});
