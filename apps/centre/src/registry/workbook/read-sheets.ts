import { decodeCsvText, readCsv } from './csv.ts';
import { isXlsx, readXlsx } from './read-xlsx.ts';
import { WorkbookError, type Sheet } from './sheet.ts';

/**
 * The sheets of a file: an .xlsx has several, a CSV is one, named like the file (`venues.csv`). What it is, its bytes
 * say.
 *
 * @throws WorkbookError
 */
export function readSheets(name: string, bytes: Uint8Array): readonly Sheet[] {
  if (isXlsx(bytes) || bytes[0] === 0xd0) return readXlsx(bytes);
  if (bytes.includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe)
    throw new WorkbookError('notText', `${name} is neither .xlsx nor text; save it as .xlsx or .csv`);
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return [readCsv(decodeCsvText(bytes), base.replace(/[.](csv|tsv|txt)$/i, ''))];
}
