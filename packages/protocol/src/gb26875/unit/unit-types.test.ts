import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCountedText, layoutBytes } from './layout.ts';
import { gbUnitType, gbUnitTypes } from './unit-types.ts';

// Table 3 and figures 6–46, read apart from the code: [bytes of an object with its time label, most objects].
const sizes: Readonly<Record<number, readonly [number, number]>> = {
  1: [10, 102],
  2: [46, 22],
  3: [16, 63],
  4: [10, 102],
  5: [4, 1],
  7: [38, 26],
  8: [8, 1],
  21: [7, 1],
  24: [8, 127],
  25: [2, 1],
  28: [6, 1],
  61: [2, 102],
  62: [6, 22],
  63: [6, 63],
  64: [9, 1],
  65: [2, 1],
  66: [2, 3],
  67: [6, 26],
  68: [2, 1],
  81: [1, 1],
  84: [7, 1],
  85: [1, 1],
  86: [1, 1],
  88: [1, 1],
  89: [1, 1],
  90: [6, 1],
  91: [1, 1],
};
const counted: Readonly<Record<number, readonly [number, number]>> = { 6: [3, 3], 26: [1, 1] };

test('every type of the standard has the object size and the most objects of its figure', () => {
  const fixed = gbUnitTypes.filter((row) => !hasCountedText(row.layout));
  const walked = gbUnitTypes.filter((row) => hasCountedText(row.layout));
  const table = (rows: typeof gbUnitTypes) =>
    Object.fromEntries(rows.map((row) => [row.type, [layoutBytes(row.layout), row.maxCount]]));
  assert.deepEqual(table(fixed), sizes);
  assert.deepEqual(table(walked), counted);
});

test('no unit of the standard can be longer than 1024 bytes', () => {
  for (const { type, layout, maxCount } of gbUnitTypes) {
    const longestText = hasCountedText(layout) ? 255 : 0;
    assert.ok(2 + maxCount * (layoutBytes(layout) + longestText) <= 1024, `type ${type}`);
  }
});

test('a read is a request, names the type that answers it, and the answer is an upload', () => {
  const reads = gbUnitTypes.filter((row) => row.answerType !== undefined);
  const expected = [61, 62, 63, 64, 65, 66, 67, 68, 81, 84, 85, 86, 88];
  assert.deepEqual(
    reads.map((row) => row.type),
    expected,
  );
  for (const row of reads) {
    assert.deepEqual(row.commands, [4]);
    assert.equal(row.answerType, row.type - 60);
    assert.deepEqual(gbUnitType(row.answerType ?? 0)?.commands, [2, 5]);
  }
  for (const type of [89, 90, 91]) assert.deepEqual(gbUnitType(type)?.commands, [1]);
});
