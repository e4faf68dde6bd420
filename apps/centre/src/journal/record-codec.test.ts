import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { entryKinds, type NewEntry } from './entry.ts';
import { decodeRecord, encodeRecord, MAX_BODY_BYTES } from './record-codec.ts';

const entries = fc.record(
  {
    kind: fc.constantFrom(...entryKinds),
    partition: fc.integer({ min: 0, max: 255 }),
    appendedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    meta: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
    payload: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  },
  { requiredKeys: ['kind', 'partition', 'appendedAt', 'meta'] },
);

/** As JSON sees it: `__proto__` and prototypes are not what the journal is about. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('an entry comes back from its record as it was', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (entry, sequence) => {
      const outcome = decodeRecord(encodeRecord(entry, sequence), 0, 'bulk');
      assert.ok(outcome.kind === 'entry');
      const { payload, ...rest } = outcome.entry;
      assert.deepEqual(plain(rest), plain({ ...entry, payload: undefined, lane: 'bulk', sequence }));
      assert.deepEqual(payload && new Uint8Array(payload), entry.payload);
    }),
  );
});

test('a record that lacks its last bytes is incomplete, wherever it was cut', () => {
  const record = encodeRecord(
    { kind: 'report', partition: 7, appendedAt: 1, meta: { a: 1 }, payload: new Uint8Array(9) },
    1,
  );
  for (let length = 0; length < record.byteLength; length++) {
    assert.equal(decodeRecord(record.subarray(0, length), 0, 'alarm').kind, 'incomplete', `cut at ${length}`);
  }
});

test('a record with any one bit flipped is never read as an entry', () => {
  const entry: NewEntry = {
    kind: 'report',
    partition: 7,
    appendedAt: 1,
    meta: { deviceId: 'd' },
    payload: Uint8Array.of(1, 2, 3),
  };
  const record = encodeRecord(entry, 12);
  for (let bit = 0; bit < record.byteLength * 8; bit++) {
    const damaged = Buffer.from(record);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.notEqual(decodeRecord(damaged, 0, 'alarm').kind, 'entry', `bit ${bit}`);
  }
});

test('decoding any bytes never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeRecord(Buffer.from(bytes), 0, 'bulk')),
  );
});

test('an entry beyond the largest record is refused with its size', () => {
  const payload = new Uint8Array(MAX_BODY_BYTES);
  assert.throws(
    () => encodeRecord({ kind: 'report', partition: 0, appendedAt: 0, meta: {}, payload }, 1),
    /exceeds 4194304/,
  );
});
