import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { qrCodePanel } from './qr-code.ts';

const url = 'https://192.168.1.4:8119/';

/** ISO/IEC 18004: 25 modules from a QUIET_ZONE of 4, two rows in each character. */
function modulesOf(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => [
    [...line].map((character) => '█▀'.includes(character)),
    [...line].map((character) => '█▄'.includes(character)),
  ]);
}

test('the drawing of a URL is a version 2 code: quiet zone, three finders, timing pattern', async () => {
  const [title, ...lines] = stripVTControlCharacters(await qrCodePanel([{ title: 'open', text: url }], 80)).split('\n');
  assert.equal(title, 'open');
  const modules = modulesOf(lines);
  const at = (row: number, column: number): boolean => modules[row + 4]?.[column + 4] ?? false;
  for (const line of lines) assert.equal(line.length, 25 + 2 * 4);
  for (let index = -4; index < 29; index++) {
    for (const margin of [-4, -3, -2, -1, 25, 26, 27, 28]) {
      assert.equal(at(margin, index) || at(index, margin), false, `margin at ${margin}, ${index}`);
    }
  }
  for (const [top, left] of [
    [0, 0],
    [0, 18],
    [18, 0],
  ] as const) {
    for (let row = 0; row < 7; row++) {
      for (let column = 0; column < 7; column++) {
        // Rings around the centre (3, 3): dark at distance 3, light at 2, dark within.
        const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3));
        assert.equal(at(top + row, left + column), ring !== 2, `finder at ${top + row}, ${left + column}`);
      }
    }
  }
  for (let index = 8; index < 17; index++) {
    assert.equal(at(6, index), index % 2 === 0);
    assert.equal(at(index, 6), index % 2 === 0);
  }
});

test('every line of a code is black on white and ends with the normal colours', async () => {
  const [, ...lines] = (await qrCodePanel([{ title: 'open', text: url }], 80)).split('\n');
  assert.ok(lines.length > 0);
  for (const line of lines) assert.match(line, /^\u001b\[30;47;107m[ ▀▄█]{33}\u001b\[0m$/u);
});

test('two codes stand beside each other when they fit, else below each other', async () => {
  const codes = [
    { title: '信任', text: `${url}ca.crt` },
    { title: 'open', text: url },
  ];
  const beside = stripVTControlCharacters(await qrCodePanel(codes, 68)).split('\n');
  // 33 cells for the first code, 4 of them under the two Chinese characters, then the gap.
  assert.equal(beside[0], `信任${' '.repeat(33 - 4 + 2)}open`);
  assert.ok(beside.slice(1).every((line) => line.length === 33 + 2 + 33));
  const below = stripVTControlCharacters(await qrCodePanel(codes, 67)).split('\n');
  assert.deepEqual(
    below.filter((line) => /[^ ▀▄█]/.test(line)),
    ['信任', 'open'],
  );
  assert.ok(below.every((line) => line.length <= 33));
});
