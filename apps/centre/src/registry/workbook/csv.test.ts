import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCsvText, readCsv, writeCsv } from './csv.ts';

const rowsOf = (text: string): readonly (readonly string[])[] => readCsv(text, 'x').rows.map(({ cells }) => cells);

test('quotes, separators and line breaks in cells are read as RFC 4180 has them', () => {
  assert.deepEqual(rowsOf('a,b\r\n"1,2","say ""hi"""\r\n"two\nlines",x\r\n'), [
    ['a', 'b'],
    ['1,2', 'say "hi"'],
    ['two\nlines', 'x'],
  ]);
  assert.deepEqual(rowsOf('a;b\n1;2'), [
    ['a', 'b'],
    ['1', '2'],
  ]);
  assert.deepEqual(rowsOf('a\tb\n1,5\t2'), [
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  assert.deepEqual(rowsOf('a,b\n1,\n,2\n'), [
    ['a', 'b'],
    ['1', ''],
    ['', '2'],
  ]);
  assert.deepEqual(rowsOf(''), []);
});

test('a row has the number of its first line, blank lines and broken cells counted', () => {
  const { rows } = readCsv('id,name\n\nA,"x\ny"\nB,z\n', 'x');
  assert.deepEqual(
    rows.map(({ number, cells }) => [number, cells[0]]),
    [
      [1, 'id'],
      [3, 'A'],
      [5, 'B'],
    ],
  );
});

test('a quote that is never closed is said with its line', () => {
  assert.throws(() => readCsv('a\n"b', 'venues'), { code: 'openQuote', message: /line 2/ });
});

test('UTF-8, UTF-16 and GB 18030 are told apart', () => {
  const gb = Uint8Array.from([0xb3, 0xa1, 0xcb, 0xf9]); // 场所 in GB 2312
  assert.equal(decodeCsvText(gb), '场所');
  assert.equal(decodeCsvText(Buffer.from('场所', 'utf8')), '场所');
  assert.equal(decodeCsvText(Buffer.from('\uFEFF场所', 'utf16le')), '场所');
});

test('what is written is read back, and nothing of it runs as a formula', () => {
  const rows = [
    ['id', 'note'],
    ['A', '=HYPERLINK("x")'],
    ['B', '+86 571, 1'],
    ['C', '-71.2'],
    ['D', 'a"b\nc'],
  ];
  const text = writeCsv({ name: 'x', rows: rows.map((cells, index) => ({ number: index + 1, cells })) });
  assert.ok(!/(^|,|\n)"?[=+@]/.test(text.slice(1)), text);
  assert.deepEqual(rowsOf(text), rows);
});
