import { utils, write, type CellObject, type WorkSheet } from '@e965/xlsx';
import type { Sheet } from './sheet.ts';

/** Rows that are text even while nothing stands in them: what is typed there stays as it was typed (`0012`, `+86…`). */
const TEXT_ROWS = 200;
const COLUMN_WIDTH = 20;

/** An .xlsx workbook of text cells. */
export function writeXlsx(sheets: readonly Sheet[]): Buffer {
  const book = utils.book_new();
  for (const sheet of sheets) utils.book_append_sheet(book, worksheetOf(sheet), sheet.name);
  return write(book, { type: 'buffer', bookType: 'xlsx', bookSST: true, compression: true }) as Buffer;
}

function worksheetOf({ rows }: Sheet): WorkSheet {
  const width = Math.max(1, ...rows.map(({ cells }) => cells.length));
  const height = Math.max(rows.length, TEXT_ROWS);
  const data = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => textCell(rows[row]?.cells[column] ?? '')),
  );
  return {
    '!data': data,
    '!ref': utils.encode_range({ s: { r: 0, c: 0 }, e: { r: height - 1, c: width - 1 } }),
    '!cols': Array.from({ length: width }, () => ({ wch: COLUMN_WIDTH })),
  };
}

/** Format `@` (49): text, never a number, a date or a formula. */
const textCell = (text: string): CellObject =>
  text === '' ? { t: 'z', z: '@' } : { t: 's', v: cellText(text), z: '@' };

/**
 * XML 1.0 holds no control characters and no half of a character. `_x0041_` in a cell means A (ECMA-376 part 1, 22.9.2.19),
 * so that an underscore which would begin such a word is written as one.
 */
const cellText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/_(?=x[\da-f]{4}_)/gi, '_x005F_');
