import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecogniser, encodeModel, featureVector, fingerprintOf, shippedModel } from '../src/index.ts';
import { directRecognition, type ModelFileBody } from './direct-recognition.ts';
import { readGoldenVectors } from './golden-vectors.ts';

test('the shipped model file, read and computed by fingerprint.md alone, gives the types, families, unknown scores and names of the recogniser', (context) => {
  const model = shippedModel();
  const { body } = JSON.parse(encodeModel(model)) as { body: ModelFileBody };
  const recogniser = createRecogniser(model);
  const names = new Set<string>();
  let compared = 0;
  for (const { id, input } of readGoldenVectors().vectors) {
    const fingerprint = fingerprintOf(input);
    if (fingerprint.kind !== 'fingerprint') continue;
    const recognition = recogniser.recognise(fingerprint);
    const direct = directRecognition(body, [...featureVector(fingerprint)], fingerprint.noiseRatio ?? 0);
    for (const { type, probability } of recognition.types) near(direct.types.get(type), probability, `${id} ${type}`);
    for (const { family, probability } of recognition.families) {
      near(direct.families.get(family), probability, `${id} ${family}`);
    }
    near(direct.unknownScore, recognition.unknownScore, `${id} unknownScore`);
    assert.equal(direct.named, recognition.named?.name, id);
    names.add(String(direct.named));
    compared++;
  }
  assert.equal(compared, 192);
  assert.ok(names.size > 2 && names.has('undefined'), 'unknown loads and several names are among the vectors');
  context.diagnostic([...names].join(', '));
});

function near(actual: number | undefined, expected: number, place: string): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-6, `${place}: ${actual}, expected ${expected}`);
}
