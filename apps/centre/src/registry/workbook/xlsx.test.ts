import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { readSheets } from './read-sheets.ts';
import { readXlsx } from './read-xlsx.ts';
import { writeXlsx } from './write-xlsx.ts';
import { readZip, writeZip } from './zip.ts';

const RELS = (target: string): string =>
  `<Relationships><Relationship Id="rId7" Type="x/worksheet" Target="${target}"/></Relationships>`;

/** Laid out by hand after ECMA-376 18.3.1.4: shared and rich strings, a formula, booleans, gaps, prefixed names. */
const foreign = writeZip([
  ['xl/workbook.xml', '<x:workbook xmlns:x="m" xmlns:r="q"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="rId7"/></x:sheets></x:workbook>'], // prettier-ignore
  ['xl/_rels/workbook.xml.rels', RELS('/xl/worksheets/one.xml')],
  [
    'xl/sharedStrings.xml',
    '<sst><si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si><si><t/></si></sst>',
  ],
  [
    'xl/worksheets/one.xml',
    '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c r="D2" t="s"><x:v>1</x:v></x:c></x:row>' +
      '<x:row r="5"><x:c r="A5"><x:v>0.30000000000000004</x:v></x:c><x:c r="B5" t="b"><x:v>1</x:v></x:c><x:c r="C5" t="str"><x:f>A1&amp;"y"</x:f><x:v>xy</x:v></x:c>' +
      '<x:c r="D5" t="inlineStr"><x:is><x:t>&#x573A;&lt;</x:t></x:is></x:c><x:c r="E5" s="1"/></x:row></x:sheetData></x:worksheet>',
  ],
]);

test('what other programs write is read: shared, rich and inline strings, formulas, gaps, prefixes', () => {
  assert.deepEqual(readXlsx(foreign), [
    {
      name: 'A & B',
      rows: [
        { number: 2, cells: ['', 'plain', '', 'rich text'] },
        { number: 5, cells: ['0.3', 'true', 'xy', '场<', ''] },
      ],
    },
  ]);
});

test('a workbook that is written is read back as it was', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      // What XML cannot hold is left out, a carriage return is a line feed to every reader of XML.

      const clean = (text: string): string =>
        text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').trim();
      const sheet = { name: '场所', rows: rows.map((cells, index) => ({ number: index + 1, cells })) };
      const [read] = readXlsx(writeXlsx([sheet]));
      assert.equal(read?.name, '场所');
      for (const [index, cells] of rows.entries()) {
        const back = read?.rows[index]?.cells ?? [];
        cells.forEach((text, column) => assert.equal(back[column] ?? '', clean(text)));
      }
    }),
    { numRuns: 60 },
  );
});

test('what is no workbook is refused with what to do', () => {
  assert.throws(() => readXlsx(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0])), {
    code: 'oldFormat',
    message: /save it as .xlsx/,
  });
  assert.throws(() => readXlsx(Buffer.from('id,name')), { code: 'notXlsx' });
  assert.throws(() => readXlsx(writeZip([['word/document.xml', '<x/>']])), { code: 'notXlsx' });
  assert.throws(() => readXlsx(foreign.subarray(0, foreign.length - 30)), { code: 'damagedFile' });
  assert.throws(() => readSheets('x.png', Buffer.from([0x89, 0x50, 0, 1])), { code: 'notText' });
});

test('a damaged or lying archive is refused, never unpacked beyond what it claims', () => {
  const bytes = Buffer.from(writeZip([['a', 'x'.repeat(1_000)]]));
  bytes[45] = (bytes[45] ?? 0) ^ 0xff;
  assert.throws(() => readZip(bytes).get('a')?.(), { code: 'damagedFile' });
  const bomb = Buffer.from(writeZip([['a', 'y'.repeat(1_000_000)]]));
  // The directory claims 10 bytes: unpacking stops there.
  const directory = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  bomb.writeUInt32LE(10, directory + 24);
  assert.throws(() => readZip(bomb).get('a')?.(), { code: 'damagedFile' });
  assert.ok(deflateRawSync(Buffer.from('y'.repeat(1_000_000))).length < 2_000);
});

test('no mutation of a workbook makes the reader throw anything but its own refusal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(foreign.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      (changes) => {
        const bytes = Buffer.from(foreign);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          readXlsx(bytes);
        } catch (error) {
          assert.equal((error as Error).name, 'Error');
          assert.ok('code' in (error as object), String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});
