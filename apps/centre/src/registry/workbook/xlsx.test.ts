import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { zipOf } from './archive.fixture.ts';
import { readSheets } from './read-sheets.ts';
import { readXlsx } from './read-xlsx.ts';
import { WorkbookError } from './sheet.ts';
import { MAX_UNPACKED_BYTES, unpackWorkbook } from './unpack-workbook.ts';
import { workbookOf } from './workbook.fixture.ts';
import { writeXlsx } from './write-xlsx.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const CONTENT_TYPES =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>';
const RELS = (target: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="${target}"/></Relationships>`;

/** Laid out by hand after ECMA-376 18.3.1.4: shared and rich strings, a formula, booleans, gaps, prefixed names. */
const foreignParts: readonly (readonly [string, string])[] = [
  [
    '[Content_Types].xml',
    CONTENT_TYPES.replace(
      '</Types>',
      '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    ),
  ],
  [
    'xl/workbook.xml',
    `<x:workbook xmlns:x="${MAIN}" xmlns:r="q"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="rId7"/></x:sheets></x:workbook>`,
  ],
  ['xl/_rels/workbook.xml.rels', RELS('/xl/worksheets/one.xml')],
  [
    'xl/sharedStrings.xml',
    '<sst><si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si><si><t/></si></sst>',
  ],
  [
    'xl/worksheets/one.xml',
    `<x:worksheet xmlns:x="${MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c r="D2" t="s"><x:v>1</x:v></x:c></x:row>` +
      '<x:row r="5"><x:c r="A5"><x:v>0.30000000000000004</x:v></x:c><x:c r="B5" t="b"><x:v>1</x:v></x:c><x:c r="C5" t="str"><x:f>A1&amp;"y"</x:f><x:v>xy</x:v></x:c>' +
      '<x:c r="D5" t="inlineStr"><x:is><x:t>&#x573A;&lt;</x:t></x:is></x:c><x:c r="E5" s="1"/></x:row></x:sheetData></x:worksheet>',
  ],
];
const foreign = zipOf(foreignParts);

test('what other programs write is read: shared, rich and inline strings, formulas, gaps, prefixes', () => {
  assert.deepEqual(readXlsx(foreign), [
    {
      name: 'A & B',
      rows: [
        { number: 2, cells: ['', 'plain', '', 'rich text'] },
        { number: 5, cells: ['0.3', 'true', 'xy', '场<'] },
      ],
    },
  ]);
});

test('a workbook that is written is read back as it was', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.trim()),
    fc.constantFrom('0012', '320102199001011234', '_x0041_', '__x000D_x', '+86 571', '=1+1', '2026-03-01', 'TRUE'),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      // What XML cannot hold is left out, a carriage return is a line feed to every reader of XML.

      const clean = (text: string): string =>
        text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').trim();
      const sheet = { name: '场所', rows: rows.map((cells, index) => ({ number: index + 1, cells })) };
      const [read] = readXlsx(writeXlsx([sheet]));
      assert.equal(read?.name, '场所');
      for (const [index, cells] of rows.entries()) {
        const back = read?.rows.find(({ number }) => number === index + 1)?.cells ?? [];
        cells.forEach((text, column) => assert.equal(back[column] ?? '', clean(text)));
      }
    }),
    { numRuns: 30 },
  );
});

test('what is no workbook is refused with what to do', async () => {
  assert.throws(() => readXlsx(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0])), {
    code: 'oldFormat',
    message: /save it as .xlsx/,
  });
  assert.throws(() => readXlsx(Buffer.from('id,name')), { code: 'notXlsx' });
  assert.throws(() => readXlsx(zipOf([['word/document.xml', '<x/>']])), { code: 'notXlsx' });
  assert.throws(() => readXlsx(foreign.subarray(0, foreign.length - 30)), { code: 'damagedFile' });
  await assert.rejects(readSheets('x.png', Buffer.from([0x89, 0x50, 0, 1])), { code: 'notText' });
  await assert.rejects(readSheets('x.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0])), { code: 'oldFormat' });
});

test('a sheet that cannot be read is said by name, never left out', () => {
  const sheets = {
    notes: '<sheetData/>',
    venues: '<sheetData><row r="1"><c r="A1" t="s"><v>9</v></c></row></sheetData>',
  };
  assert.throws(() => readXlsx(workbookOf({ sheets })), { code: 'damagedFile', message: /sheet "venues"/ });
  const gone = zipOf([
    ['[Content_Types].xml', CONTENT_TYPES],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}"><sheets><sheet name="venues" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', RELS('worksheets/none.xml')],
  ]);
  assert.throws(() => readXlsx(gone), { code: 'damagedFile', message: /sheet "venues"/ });
  const far = { a: '<sheetData><row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData>' };
  assert.throws(() => readXlsx(workbookOf({ sheets: far })), { code: 'damagedFile', message: /row 4000000000/ });
});

test('a damaged or lying archive is refused, never unpacked beyond what it claims', () => {
  const part = 'xl/workbook.xml';
  const bytes = zipOf([[part, 'x'.repeat(1_000)]]);
  bytes[45] = (bytes[45] ?? 0) ^ 0xff;
  assert.throws(() => unpackWorkbook(bytes), { code: 'damagedFile' });
  const bomb = zipOf([[part, 'y'.repeat(1_000_000)]]);
  assert.ok(bomb.length < 2_000);
  const directory = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  for (const claimed of [0, 10, 999_999]) {
    bomb.writeUInt32LE(claimed, directory + 24);
    assert.throws(() => unpackWorkbook(bomb), { code: 'damagedFile' });
  }
});

test('a workbook that claims too much is refused before anything is unpacked; what is no table stays packed', () => {
  const claiming = (names: readonly string[], claimed: number): Buffer => {
    const bytes = zipOf(names.map((name) => [name, 'z'.repeat(1_000)] as const));
    const mark = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) bytes.writeUInt32LE(claimed, at + 24);
    return bytes;
  };
  assert.throws(() => unpackWorkbook(claiming(['xl/workbook.xml'], MAX_UNPACKED_BYTES + 1)), { code: 'tooLarge' });
  const parts = Array.from({ length: 65 }, (_, index) => `xl/worksheets/sheet${index}.xml`);
  assert.throws(() => unpackWorkbook(claiming(parts, 1024 * 1024)), { code: /tooLarge|damagedFile/ });
  assert.equal(unpackWorkbook(claiming(['xl/media/image1.png', 'xl/vbaProject.bin'], 2 ** 31)).size, 0);
});

test('a small workbook that would fill the memory ends its own process and nothing else', async () => {
  const link = {
    a: '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
  };
  const bytes = workbookOf({ sheets: link });
  assert.ok(bytes.length < 4_000);
  await assert.rejects(readSheets('a.xlsx', bytes, { heapMiB: 64, timeMs: 60_000 }), { code: 'tooLarge' });
  await assert.rejects(readSheets('a.xlsx', bytes, { heapMiB: 2_048, timeMs: 20 }), { code: 'tooLarge' });
  const both = await Promise.all([readSheets('a.xlsx', foreign), readSheets('b.xlsx', foreign)]);
  assert.deepEqual(both[0], both[1], 'what comes afterwards is read');
});

const change = fc.tuple(fc.nat(4_000), fc.integer({ min: 0, max: 255 }));
const changes = fc.array(change, { minLength: 1, maxLength: 8 });

function refusesOrReads(bytes: Buffer): void {
  try {
    readXlsx(bytes);
  } catch (error) {
    assert.ok(error instanceof WorkbookError, String(error));
  }
}

test('no mutation of an archive makes the reader throw anything but its own refusal', () => {
  fc.assert(
    fc.property(changes, (mutation) => {
      const bytes = Buffer.from(foreign);
      for (const [at, byte] of mutation) bytes[at % bytes.length] = byte;
      refusesOrReads(bytes);
    }),
    { numRuns: 300 },
  );
});

test('no mutation of what lies in the archive does either', () => {
  fc.assert(
    fc.property(fc.constantFrom(...foreignParts.keys()), changes, (place, mutation) => {
      const parts = foreignParts.map(([name, text], index) => {
        const bytes = Buffer.from(text, 'latin1');
        if (index === place) for (const [at, byte] of mutation) bytes[at % bytes.length] = byte;
        return [name, bytes.toString('latin1')] as const;
      });
      refusesOrReads(zipOf(parts));
    }),
    { numRuns: 300 },
  );
});
