import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { encodeRecord } from './record-codec.ts';
import { scanSegment } from './segment-file.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'segment-'));
after(() => rm(folder, { recursive: true }));

const KIB = 1024;

function recordOf(sequence: number, payloadBytes: number): Buffer {
  const payload = new Uint8Array(payloadBytes).fill(sequence % 251);
  return encodeRecord({ kind: 'report', partition: 7, appendedAt: 1_790_000_000_000, meta: {}, payload }, sequence);
}

/** Records shorter and longer than what is read at once, with ends everywhere in it. */
const sizes = [10, 300 * KIB, 300 * KIB, 2_500 * KIB, 0, 500 * KIB, 40, ...Array.from({ length: 900 }, (_, n) => n)];
const records = sizes.map((bytes, index) => recordOf(index + 1, bytes));
const whole = path.join(folder, 'whole');
await writeFile(whole, Buffer.concat(records));

test('every record of a segment is read, however long, and piece by piece the same', async () => {
  const { entries, damage } = await scanSegment(whole, 'bulk');
  assert.equal(damage, undefined);
  assert.deepEqual(
    entries.map(({ sequence, payload }) => [sequence, payload?.byteLength ?? 0]),
    sizes.map((bytes, index) => [index + 1, bytes]),
  );
  const sequences: number[] = [];
  for (let from = 0; ;) {
    const piece = await scanSegment(whole, 'bulk', from, 3);
    if (piece.entries.length === 0) break;
    assert.ok(piece.entries.length <= 3);
    sequences.push(...piece.entries.map(({ sequence }) => sequence));
    from = piece.goodBytes;
  }
  assert.deepEqual(
    sequences,
    sizes.map((_, index) => index + 1),
  );
});

test('a segment that is cut off or damaged is read up to there, and the place is named', async () => {
  const file = path.join(folder, 'torn');
  const bytes = Buffer.concat(records);
  const upTo = (count: number): number => records.slice(0, count).reduce((sum, record) => sum + record.byteLength, 0);
  for (const count of [0, 3, 6, 400]) {
    const at = upTo(count);
    await writeFile(file, bytes.subarray(0, at + 9));
    const torn = await scanSegment(file, 'bulk');
    assert.deepEqual([torn.entries.length, torn.goodBytes, torn.fileBytes], [count, at, at + 9]);
    assert.equal(torn.damage, `record cut off at byte ${at}`);
    const flipped = Buffer.from(bytes);
    flipped[at + 12] = (flipped[at + 12] as number) ^ 1;
    await writeFile(file, flipped);
    const damaged = await scanSegment(file, 'bulk');
    assert.deepEqual([damaged.entries.length, damaged.goodBytes], [count, at]);
    assert.equal(damaged.damage, `CRC mismatch at byte ${at}`);
  }
});

test('reading behind the end finds nothing', async () => {
  const { entries, damage } = await scanSegment(whole, 'bulk', 1e9);
  assert.deepEqual([entries.length, damage], [0, undefined]);
});
