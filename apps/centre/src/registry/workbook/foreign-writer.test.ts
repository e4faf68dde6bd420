import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unzipped, type Packing } from './archive.fixture.ts';
import { readXlsx } from './read-xlsx.ts';
import { workbookOf } from './workbook.fixture.ts';
import { writeXlsx } from './write-xlsx.ts';

const sheets = {
  场所:
    '<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" width="9"/></cols><sheetData>' +
    '<row r="1" spans="1:5"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>longitude</t></is></c></row>' +
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c><c r="C2"><v>118.778</v></c><c r="D2" t="b"><v>1</v></c></row>' +
    '<row r="4"><c r="A4" t="s"><v>4</v></c><c r="C4"><v>-0.5</v></c><c r="E4" s="1"/></row></sheetData>',
  far: '<sheetData><row r="5"><c r="C5" t="str"><f>"a"&amp;""</f><v>a</v></c><c r="D5" t="e"><v>#N/A</v></c></row></sheetData>',
  empty: '<sheetData/>',
};
const sharedStrings =
  '<si><t>编号</t></si><si><t>名称</t></si><si><t>0012</t></si><si><t xml:space="preserve"> 鼓楼 &lt;商场&gt; &amp; "Co" </t></si><si><r><t>二&#10;</t></r><r><t>行</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>';

const packings: Readonly<Record<string, Packing>> = {
  'deflated entries': {},
  'stored entries': { isStored: true },
  'sizes after the content': { hasDescriptor: true },
  'ZIP64 local headers': { isZip64: true },
  'both, as writers into a stream do': { hasDescriptor: true, isZip64: true },
};

for (const [name, packing] of Object.entries(packings)) {
  test(`a workbook of another program is read: ${name}`, () => {
    assert.deepEqual(readXlsx(workbookOf({ sheets, sharedStrings }, packing)), [
      {
        name: '场所',
        rows: [
          { number: 1, cells: ['编号', '名称', 'longitude'] },
          { number: 2, cells: ['0012', '鼓楼 <商场> & "Co"', '118.778', 'true'] },
          { number: 4, cells: ['二\n行', '', '-0.5'] },
        ],
      },
      { name: 'far', rows: [{ number: 5, cells: ['', '', 'a', '#N/A'] }] },
      { name: 'empty', rows: [] },
    ]);
  });
}

test('what is written are shared strings in cells of the format text: no number, no date, no formula', () => {
  const rows = [
    ['id', 'phone'],
    ['V1', '+86 571 0001'],
    ['320102199001011234', '=1+1 & "<b>"'],
  ];
  const files = unzipped(
    writeXlsx([{ name: '联系人', rows: rows.map((cells, index) => ({ number: index + 1, cells })) }]),
  );
  const part = (name: string): string => files.get(name) ?? '';
  assert.match(part('xl/workbook.xml'), /<sheet name="联系人" /);
  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>([^<]*)<\/t><\/si>/g)].map(([, text]) => text);
  const sheet = part('xl/worksheets/sheet1.xml');
  const cells = [...sheet.matchAll(/<c r="([AB][123])" s="(\d)" t="s"[^>]*><v>(\d+)<\/v><\/c>/g)];
  assert.deepEqual(
    cells.map(([, place, , index]) => [place, strings[Number(index)]]),
    [
      ['A1', 'id'],
      ['B1', 'phone'],
      ['A2', 'V1'],
      ['B2', '+86 571 0001'],
      ['A3', '320102199001011234'],
      ['B3', '=1+1 &amp; &quot;&lt;b&gt;&quot;'],
    ],
  );
  assert.ok(!/<f[ >]/.test(sheet));
  const formats = [...(/<cellXfs.*<\/cellXfs>/s.exec(part('xl/styles.xml'))?.[0] ?? '').matchAll(/numFmtId="(\d+)"/g)];
  // 49 is `@` (ECMA-376 part 1, 18.8.30). What is typed below the last row stays as it was typed too.
  const styles = [...sheet.matchAll(/<c r="[AB]\d+" s="(\d)"/g)].map(([, style]) => formats[Number(style)]?.[1]);
  assert.ok(styles.length >= 400 && styles.every((format) => format === '49'));
});
