import { zipOf, type Packing } from './archive.fixture.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export type WorkbookParts = {
  /** Sheet name → what stands in its `worksheet` element. */
  readonly sheets: Readonly<Record<string, string>>;
  /** What stands in `sst`, `<si>` by `<si>`. */
  readonly sharedStrings?: string;
};

/** A workbook written by hand after ECMA-376 part 1 (12.3, 18.2 to 18.4), as the common programs lay it out. */
export function workbookOf({ sheets, sharedStrings }: WorkbookParts, packing?: Packing): Buffer {
  const names = Object.keys(sheets);
  const rel = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return zipOf(
    [
      [
        '[Content_Types].xml',
        `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
          `<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/>` +
          `<Override PartName="/xl/sharedStrings.xml" ContentType="${SHEET}.sharedStrings+xml"/>` +
          names
            .map((_, i) => `<Override PartName="/xl/worksheets/one${i}.xml" ContentType="${SHEET}.worksheet+xml"/>`)
            .join('') +
          '</Types>',
      ],
      [
        '_rels/.rels',
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${rel('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
      ],
      [
        'xl/workbook.xml',
        `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
          names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 7}"/>`).join('') +
          '</sheets></workbook>',
      ],
      [
        'xl/_rels/workbook.xml.rels',
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
          names.map((_, i) => rel(`rId${i + 7}`, 'worksheet', `/xl/worksheets/one${i}.xml`)).join('') +
          rel('rId5', 'sharedStrings', 'sharedStrings.xml') +
          '</Relationships>',
      ],
      ['xl/sharedStrings.xml', `${HEAD}<sst xmlns="${MAIN}">${sharedStrings ?? ''}</sst>`],
      ...Object.values(sheets).map(
        (content, i) =>
          [`xl/worksheets/one${i}.xml`, `${HEAD}<worksheet xmlns="${MAIN}">${content}</worksheet>`] as const,
      ),
    ],
    packing,
  );
}
