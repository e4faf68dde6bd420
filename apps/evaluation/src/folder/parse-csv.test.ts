import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberCell, parseCsv } from './parse-csv.ts';

test('quotes hold commas, quotes and line ends; both line ends are read', () => {
  const table = parseCsv('a,b\r\n"July, 2013","say ""no"""\n"two\nlines",\n', 't.csv');
  assert.deepEqual(table.columns, ['a', 'b']);
  assert.deepEqual(
    table.rows.map((row) => [...row.values()]),
    [
      ['July, 2013', 'say "no"'],
      ['two\nlines', ''],
    ],
  );
});

test('whatever is written by the rules of RFC 4180 is read back', () => {
  const cell = fc.string().filter((text) => !text.includes('\r'));
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (rows) => {
      const text = ['x,y', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
      assert.deepEqual(
        parseCsv(text, 't').rows.map((row) => [...row.values()]),
        rows.map((row) => [...row]),
      );
    }),
  );
});

test('a fault is named with its line', () => {
  assert.throws(() => parseCsv('a,b\n1,2\n1,2,3\n', 't.csv'), /t.csv line 3: 3 fields, expected 2/);
  assert.throws(() => parseCsv('a\n"open\n', 't.csv'), /t.csv line 2: a quote is not closed/);
  assert.throws(() => parseCsv('a\n"x"y\n', 't.csv'), /line 2: text behind a closing quote/);
  assert.throws(() => parseCsv('a\nx"y\n', 't.csv'), /line 2: a quote inside/);
  assert.throws(() => parseCsv('a,a\n', 't.csv'), /column a occurs twice/);
  assert.throws(() => parseCsv('', 't.csv'), /empty, expected a header line/);
});

test('an empty cell, NaN and an absent column are missing; other text is an error', () => {
  const [row] = parseCsv('a,b,c,d\n,NaN,1.5e2,x\n', 't.csv').rows;
  assert.ok(row);
  assert.ok(Number.isNaN(numberCell(row, 'a', 'p')) && Number.isNaN(numberCell(row, 'b', 'p')));
  assert.ok(Number.isNaN(numberCell(row, 'zzz', 'p')));
  assert.equal(numberCell(row, 'c', 'p'), 150);
  assert.throws(() => numberCell(row, 'd', 'row 1'), /row 1: d is "x", expected a number/);
});
