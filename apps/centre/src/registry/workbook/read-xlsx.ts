import { CFB, read, type CellObject, type WorkSheet } from '@e965/xlsx';
import { MAX_CELLS, WorkbookError, type Sheet } from './sheet.ts';
import { damaged, unpackWorkbook } from './unpack-workbook.ts';

/** Compound file: the old .xls, and every .xlsx with a password. */
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** ECMA-376 part 1, annex: what a spreadsheet program can show. */
const LAST_ROW = 1_048_575;
const LAST_COLUMN = 16_383;

export const isXlsx = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The sheets of an .xlsx workbook as text. A formula counts as the value it had when the file was saved; hidden sheets
 * count too. Formats are not applied: a date is its serial number, `0012` shown for a 12 is `12`.
 *
 * It takes as long as the workbook is large, and what it takes in memory the workbook decides: `readSheets` gives it a
 * thread with a limit of both.
 *
 * @throws WorkbookError with what to do.
 */
export function readXlsx(bytes: Uint8Array): readonly Sheet[] {
  if (COMPOUND_FILE.equals(Buffer.from(bytes.subarray(0, 4))))
    throw new WorkbookError('oldFormat', 'the file is an .xls or has a password; save it as .xlsx without one');
  if (!isXlsx(bytes)) throw new WorkbookError('notXlsx', 'the file is no .xlsx workbook; save it as .xlsx or .csv');
  const parts = unpackWorkbook(bytes);
  if (!parts.has('xl/workbook.xml'))
    throw new WorkbookError('notXlsx', 'the archive holds no xl/workbook.xml; save the workbook as .xlsx');
  const book = parse(repacked(parts));
  let cellsLeft = MAX_CELLS;
  return book.SheetNames.map((name) => {
    // A sheet that cannot be parsed is left out by the library without a word.
    const sheet = Object.hasOwn(book.Sheets, name) ? book.Sheets[name] : undefined;
    if (sheet === undefined) throw damaged(`sheet "${name}"`);
    const rows = rowsOf(sheet);
    cellsLeft -= rows.reduce((sum, { cells }) => sum + cells.length, 0);
    if (cellsLeft < 0) throw new WorkbookError('tooLarge', `the workbook has more than ${MAX_CELLS} cells`);
    return { name, rows };
  });
}

function parse(archive: Buffer): ReturnType<typeof read> {
  try {
    return read(archive, { type: 'buffer', dense: true, nodim: true, cellFormula: false, cellHTML: false });
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

/** The library's container of files (its types leave it open). */
type Container = {
  readonly utils: {
    readonly cfb_new: () => object;
    readonly cfb_add: (container: object, name: string, content: Buffer, options: { readonly unsafe: true }) => void;
  };
  readonly write: (container: object, options: { readonly fileType: 'zip'; readonly type: 'buffer' }) => Buffer;
};

/** The parts as an archive in which nothing is packed. */
function repacked(parts: ReadonlyMap<string, Buffer>): Buffer {
  const { utils, write } = CFB as Container;
  const container = utils.cfb_new();
  for (const [name, content] of parts) utils.cfb_add(container, name, content, { unsafe: true });
  return write(container, { fileType: 'zip', type: 'buffer' });
}

/** Rows that stand in the file, in order; a cell that only carries a format is empty. */
function rowsOf(sheet: WorkSheet): Sheet['rows'] {
  const rows = Object.entries(sheet['!data'] ?? []).map(([index, row]) => {
    const cells: string[] = [];
    for (const [column, cell] of Object.entries(row ?? [])) {
      if (Number(column) > LAST_COLUMN) throw damaged(`column ${Number(column) + 1}`);
      while (cells.length < Number(column)) cells.push('');
      cells.push(textOf(cell));
    }
    return { number: Number(index) + 1, cells };
  });
  const beyond = rows.find(({ number }) => !(number >= 1 && number <= LAST_ROW + 1));
  if (beyond !== undefined) throw damaged(`row ${beyond.number}`);
  return rows;
}

function textOf({ t, v, w }: CellObject): string {
  // 0.1+0.2 is kept as 0.30000000000000004 in the file and shown as 0.3.
  if (typeof v === 'number' && t === 'n') return Number.isFinite(v) ? String(Number(v.toPrecision(15))) : '';
  if (t === 'e') return w ?? '';
  return v === undefined ? '' : String(v).trim();
}
