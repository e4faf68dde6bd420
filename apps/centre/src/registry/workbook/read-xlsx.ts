import { MAX_CELLS, WorkbookError, type Sheet } from './sheet.ts';
import { attributeOf, xmlPieces } from './xml.ts';
import { readZip } from './zip.ts';

/** Compound file: the old .xls, and every .xlsx with a password. */
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

export const isXlsx = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The sheets of an .xlsx workbook (ECMA-376 part 1, 18.3 and 18.4) as text. A formula counts as the value it had when
 * the file was saved; hidden sheets count too. Styles are not read: a date is its serial number.
 *
 * @throws WorkbookError with what to do.
 */
export function readXlsx(bytes: Uint8Array): readonly Sheet[] {
  if (COMPOUND_FILE.equals(Buffer.from(bytes.subarray(0, 4))))
    throw new WorkbookError('oldFormat', 'the file is an .xls or has a password; save it as .xlsx without one');
  if (!isXlsx(bytes)) throw new WorkbookError('notXlsx', 'the file is no .xlsx workbook; save it as .xlsx or .csv');
  const files = readZip(bytes);
  const text = (name: string): string | undefined => files.get(name)?.().toString('utf8');
  const workbook = text('xl/workbook.xml');
  if (workbook === undefined)
    throw new WorkbookError('notXlsx', 'the archive holds no xl/workbook.xml; save the workbook as .xlsx');
  const targets = relationships(text('xl/_rels/workbook.xml.rels') ?? '');
  const shared = sharedStrings(text('xl/sharedStrings.xml') ?? '');
  let cellsLeft = MAX_CELLS;
  return sheetNames(workbook).flatMap(({ name, relation }) => {
    const target = targets.get(relation);
    const xml = target === undefined ? undefined : text(target);
    if (xml === undefined) return [];
    const rows = readRows(xml, shared, () => {
      if (--cellsLeft < 0) throw new WorkbookError('tooLarge', `the workbook has more than ${MAX_CELLS} cells`);
    });
    return [{ name, rows }];
  });
}

function sheetNames(workbook: string): readonly { readonly name: string; readonly relation: string }[] {
  return [...xmlPieces(workbook)].flatMap((piece) =>
    piece.kind === 'open' && piece.name === 'sheet'
      ? [{ name: attributeOf(piece.attributes, 'name') ?? '', relation: relationOf(piece.attributes) }]
      : [],
  );
}

/** `r:id`, whatever the prefix; `sheetId` is another attribute. */
const relationOf = (attributes: string): string => /:id\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? '';

function relationships(xml: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const piece of xmlPieces(xml)) {
    if (piece.kind !== 'open' || piece.name !== 'Relationship') continue;
    const target = attributeOf(piece.attributes, 'Target') ?? '';
    const file = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
    found.set(attributeOf(piece.attributes, 'Id') ?? '', file);
  }
  return found;
}

/** Phonetic readings (`rPh`) are no part of the text. */
function sharedStrings(xml: string): readonly string[] {
  const strings: string[] = [];
  let current = '';
  let isText = false;
  let phonetic = 0;
  for (const piece of xmlPieces(xml)) {
    if (piece.kind === 'text') {
      if (isText && phonetic === 0) current += piece.text;
      continue;
    }
    const isOpen = piece.kind === 'open' && !piece.isEmpty;
    if (piece.name === 'si') {
      if (piece.kind === 'open') current = '';
      if (!isOpen) strings.push(current);
    } else if (piece.name === 't') isText = isOpen;
    else if (piece.name === 'rPh') phonetic = isOpen ? 1 : 0;
  }
  return strings;
}

function readRows(xml: string, shared: readonly string[], count: () => void): Sheet['rows'] {
  const rows: { number: number; cells: string[] }[] = [];
  let row: { number: number; cells: string[] } | undefined;
  let cell: { readonly column: number; readonly type: string; text: string } | undefined;
  let isValue = false;
  const endCell = (): void => {
    if (row === undefined || cell === undefined) return;
    count();
    while (row.cells.length < cell.column) row.cells.push('');
    row.cells[cell.column] = valueOf(cell.type, cell.text, shared);
    cell = undefined;
  };
  for (const piece of xmlPieces(xml)) {
    if (piece.kind === 'text') {
      if (isValue && cell !== undefined) cell.text += piece.text;
    } else if (piece.name === 'row') {
      if (piece.kind === 'open') {
        const previous: number = row?.number ?? 0;
        row = { number: Number(attributeOf(piece.attributes, 'r') ?? previous + 1), cells: [] };
        rows.push(row);
      }
    } else if (piece.name === 'c') {
      if (piece.kind === 'open') {
        const column = columnOf(attributeOf(piece.attributes, 'r')) ?? row?.cells.length ?? 0;
        cell = { column, type: attributeOf(piece.attributes, 't') ?? 'n', text: '' };
        if (piece.isEmpty) endCell();
      } else endCell();
    } else if (piece.name === 'v' || piece.name === 't') isValue = piece.kind === 'open' && !piece.isEmpty;
  }
  return rows;
}

const LAST_COLUMN = 16_383;

/** `AB12` → 27. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return column <= LAST_COLUMN ? column : undefined;
}

function valueOf(type: string, text: string, shared: readonly string[]): string {
  switch (type) {
    case 's':
      return (shared[Number(text)] ?? '').trim();
    case 'b':
      return text === '1' ? 'true' : 'false';
    case 'n': {
      // 0.1+0.2 is kept as 0.30000000000000004 in the file and shown as 0.3.
      const value = Number(text);
      return text.trim() === '' || !Number.isFinite(value) ? text.trim() : String(Number(value.toPrecision(15)));
    }
    default:
      return text.trim();
  }
}
