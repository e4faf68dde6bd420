import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecogniser } from '../recogniser.ts';
import { FORMULA_TYPES, formulaDevice, formulaFingerprint, formulaRows } from '../test-loads/formula-loads.ts';
import { trainModel } from '../training/train-model.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { crc32OfText } from './crc32.ts';
import { decodeModel, encodeModel } from './model-file.ts';

const card = { title: 'formula loads', data: 'formulas, 名 included', split: 'by device', licence: 'none' };
const model = trainModel(formulaRows(12), { id: 'formula', version: '1', seed: 5, card, treeCount: 15 });
const text = encodeModel(model);

function refusal(changed: string): string {
  const decoded = decodeModel(changed);
  return decoded.kind === 'refused' ? decoded.reason : 'accepted';
}

test('a model read back recognises as before, to the rounding of the file', () => {
  const decoded = decodeModel(text);
  assert.equal(decoded.kind, 'model');
  if (decoded.kind !== 'model') return;
  assert.deepEqual(decoded.model.card, JSON.parse(JSON.stringify(decoded.model.card)));
  assert.equal(decoded.model.card.data, card.data);
  for (const type of FORMULA_TYPES) {
    const fingerprint = formulaFingerprint(formulaDevice(type, 200), 1);
    const before = createRecogniser(model).recognise(fingerprint);
    const after = createRecogniser(decoded.model).recognise(fingerprint);
    assert.equal(after.types[0]?.type, before.types[0]?.type);
    assert.ok(Math.abs((after.types[0]?.probability ?? NaN) - (before.types[0]?.probability ?? NaN)) < 0.01);
    assert.ok(Math.abs(after.unknownScore - before.unknownScore) < 0.01);
  }
});

test('writing what was read gives the same text', () => {
  const decoded = decodeModel(text);
  assert.ok(decoded.kind === 'model');
  assert.equal(encodeModel(decoded.model), text);
});

test('every kind of damage is refused with its reason', () => {
  assert.match(refusal('{'), /not JSON/);
  assert.match(refusal('[]'), /format is not/);
  assert.match(refusal(text.replace('"formatVersion":1', '"formatVersion":2')), /formatVersion is 2; expected 1/);
  assert.match(
    refusal(text.replace('"typeTemperature":', '"typeTemperature":1')),
    /checksum is [0-9a-f]{8}; the body gives/,
  );
  assert.match(refusal(text.replace('"schemaVersion":1', '"schemaVersion":7')), /checksum/);
  assert.match(refusal(withBody({ schemaVersion: 7 })), /schemaVersion 7; expected 1/);
  assert.match(refusal(withBody({ forest: '????' })), /forest is not base64/);
  assert.match(refusal(withBody({ forest: 'AAAA' })), /forest: tree ensemble/);
  assert.match(
    refusal(
      withBody({
        types: [
          { name: 'a', family: 'steam' },
          { name: 'b', family: 'motor' },
        ],
      }),
    ),
    /types\[0\]/,
  );
  assert.match(refusal(withBody({ features: ['voltage'] })), /features differ at place 0/);
  assert.match(refusal(withBody({ typeTemperature: -1 })), /typeTemperature is -1; expected 0\.01 to 100/);
  assert.match(refusal(withBody({ policy: {} })), /policy\.leastTypeConfidence is absent/);
});

test('no cut of the text is accepted, and none throws', () => {
  for (let at = 0; at < text.length; at += 997) assert.notEqual(refusal(text.slice(0, at)), 'accepted');
});

/** The file with fields of the body replaced and its checksum made to fit. */
function withBody(fields: Record<string, unknown>): string {
  const file = JSON.parse(text) as { body: Record<string, unknown> };
  const body = JSON.stringify({ ...file.body, ...fields });
  const checksum = crc32OfText(body).toString(16).padStart(8, '0');
  return `{"format":"fengsui-fingerprint-model","formatVersion":1,"checksum":"${checksum}","body":${body}}`;
}

test('base64 follows the test vectors of RFC 4648', () => {
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
  vectors.forEach((encoded, length) => {
    const bytes = Uint8Array.from('foobar'.slice(0, length), (letter) => letter.charCodeAt(0));
    assert.equal(toBase64(bytes), encoded);
    assert.deepEqual(fromBase64(encoded), bytes);
  });
  for (const bad of ['Zg=', 'Z===', 'Zm9!', 'Zg==Zg==']) assert.equal(fromBase64(bad), undefined);
});

test('the checksum is CRC-32: its check value over the bytes of the text as UTF-16', () => {
  // 0xcbf43926 is the check value over "123456789"; as UTF-16 little-endian units these nine bytes need one to spare.
  assert.equal(crc32OfText('\u3231\u3433\u3635\u3837'), crcOf([0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38]));
});

/** Bit by bit, after the definition (reflected polynomial 0xedb88320). */
function crcOf(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
