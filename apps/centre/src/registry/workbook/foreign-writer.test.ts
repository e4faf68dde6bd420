import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, utils, write } from '@e965/xlsx';
import { readXlsx } from './read-xlsx.ts';
import { writeXlsx } from './write-xlsx.ts';

const rows = [
  ['编号', '名称', 'longitude', 'live', 'note'],
  ['V1', '鼓楼 <商场> & "Co"', 118.778, true, ' padded '],
  ['V2', '', -0.5, false, '二\n行'],
];

for (const bookSST of [true, false]) {
  for (const compression of [true, false]) {
    test(`a workbook of another program is read: shared strings ${bookSST}, packed ${compression}`, () => {
      const book = utils.book_new();
      utils.book_append_sheet(book, utils.aoa_to_sheet(rows), '场所');
      utils.book_append_sheet(book, utils.sheet_add_aoa(utils.aoa_to_sheet([]), [['a']], { origin: 'C5' }), 'far');
      const bytes = write(book, { type: 'buffer', bookType: 'xlsx', bookSST, compression }) as Buffer;
      const [first, far] = readXlsx(bytes);
      assert.equal(first?.name, '场所');
      assert.deepEqual(
        first.rows.map(({ number, cells }) => [number, ...cells]),
        [
          [1, '编号', '名称', 'longitude', 'live', 'note'],
          [2, 'V1', '鼓楼 <商场> & "Co"', '118.778', 'true', 'padded'],
          [3, 'V2', '', '-0.5', 'false', '二\n行'],
        ],
      );
      assert.deepEqual(far?.rows.at(-1), { number: 5, cells: ['', '', 'a'] });
    });
  }
}

test('another program reads what is written, as text', () => {
  const sheet = [
    ['id', 'phone'],
    ['V1', '+86 571 0001'],
    ['0012', '=1+1'],
  ];
  const bytes = writeXlsx([{ name: '联系人', rows: sheet.map((cells, index) => ({ number: index + 1, cells })) }]);
  const book = read(bytes, { type: 'buffer', cellFormula: true });
  assert.deepEqual(book.SheetNames, ['联系人']);
  const found = book.Sheets['联系人'];
  assert.ok(found);
  assert.deepEqual(utils.sheet_to_json(found, { header: 1 }), sheet);
  const cell = found['B3'] as { readonly t: string; readonly f?: string };
  assert.deepEqual([cell.t, cell.f], ['s', undefined]);
});
