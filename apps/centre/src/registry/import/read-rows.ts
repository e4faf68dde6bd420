import { importSheets, type ImportProblem, type ImportSheet } from '@fengsui/protocol';
import { nearestWord } from '../../platform/nearest-word.ts';
import type { Sheet } from '../workbook/sheet.ts';
import { columnsOfSheet, sheetWords, type Column } from './columns.ts';

/** A row by column keys. A column that the sheet lacks is absent, an empty cell is null: it says "nothing". */
export type ImportRow = {
  readonly number: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** Every cell could be read. */
  readonly isSound: boolean;
  /** Column key → heading and text as they stand in the sheet, for messages. */
  readonly cells: Readonly<Record<string, { readonly heading: string; readonly text: string }>>;
};

export type ImportTables = {
  readonly [Name in ImportSheet]: { readonly sheet: string; readonly rows: readonly ImportRow[] };
};

const MAX_ROWS = 200_000;

const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_*（）()]/g, '');

/** Which sheets a workbook may have, what people call them, and their columns. */
export type WorkbookForm<Name extends string> = {
  readonly names: readonly Name[];
  readonly words: Readonly<Record<Name, string>>;
  readonly columns: Readonly<Record<Name, readonly Column[]>>;
};

/** The sheets of a workbook of the registry as rows of values, with everything that cannot be read. */
export const readTables = (
  sheets: readonly Sheet[],
): { readonly tables: ImportTables; readonly problems: readonly ImportProblem[] } =>
  readTablesOf(sheets, { names: importSheets, words: sheetWords, columns: columnsOfSheet });

/** The sheets of a workbook as rows of values, with everything that cannot be read. */
export function readTablesOf<Name extends string>(
  sheets: readonly Sheet[],
  form: WorkbookForm<Name>,
): {
  readonly tables: { readonly [Each in Name]: { readonly sheet: string; readonly rows: readonly ImportRow[] } };
  readonly problems: readonly ImportProblem[];
} {
  const problems: ImportProblem[] = [];
  const empty = (name: string): { sheet: string; rows: ImportRow[] } => ({ sheet: name, rows: [] });
  const tables = Object.fromEntries(form.names.map((name) => [name, empty(name)])) as Record<
    Name,
    ReturnType<typeof empty>
  >;
  for (const sheet of sheets) {
    // A sheet of notes does no harm, an empty one neither.
    if (sheet.rows.length === 0) continue;
    const name = sheetOf(sheet.name, form);
    if (name === undefined) {
      const known = form.names.map((word) => `${word} (${form.words[word].split('|')[0]})`).join(', ');
      problems.push({
        sheet: sheet.name,
        code: 'unknownSheet',
        message: `sheet "${sheet.name}" is none of this workbook`,
        fix: `rename it to one of ${known}, or delete it`,
      });
      continue;
    }
    tables[name].sheet = sheet.name;
    tables[name].rows.push(...readSheet(sheet, form.columns[name], problems));
  }
  return { tables, problems };
}

function sheetOf<Name extends string>(given: string, { names, words }: WorkbookForm<Name>): Name | undefined {
  const wanted = plain(given.replace(/[.]csv$/i, ''));
  return names.find((name) => [name, ...words[name].split('|')].some((word) => plain(word) === wanted));
}

function readSheet(sheet: Sheet, columns: readonly Column[], problems: ImportProblem[]): ImportRow[] {
  const [heading, ...rows] = sheet.rows;
  if (heading === undefined) return [];
  const found = heading.cells.map((text) => columnOf(text, columns));
  heading.cells.forEach((text, index) => {
    if (text === '') return;
    const column = found[index];
    const first = found.indexOf(column);
    if (column === undefined) {
      problems.push({
        sheet: sheet.name,
        row: heading.number,
        column: text,
        value: text,
        code: 'unknownColumn',
        message: `column "${text}" is not known`,
        fix: `did you mean ${nearestWord(
          text,
          columns.map(({ key }) => key),
        )}? Columns are ${columns.map(({ key }) => key).join(', ')}`,
      });
    } else if (first < index) {
      problems.push({
        sheet: sheet.name,
        row: heading.number,
        column: text,
        value: text,
        code: 'columnTwice',
        message: `column "${text}" means ${column.key}, as "${heading.cells[first] ?? ''}" does`,
        fix: 'delete one of the two',
      });
    }
  });
  const missing = columns.filter((column) => column.required === true && !found.includes(column));
  for (const { key, zh } of missing) {
    problems.push({
      sheet: sheet.name,
      row: heading.number,
      column: key,
      code: 'missingColumn',
      message: `column ${key} (${zh.split('|')[0] ?? ''}) is missing`,
      fix: `add a column with the heading ${key}`,
    });
  }
  if (missing.length > 0) return [];
  if (rows.length > MAX_ROWS) {
    problems.push({
      sheet: sheet.name,
      code: 'tooManyRows',
      message: `the sheet has ${rows.length} rows`,
      fix: `import at most ${MAX_ROWS} rows at once`,
    });
    return [];
  }
  return rows
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ number, cells }) => readRow(sheet.name, number, cells, heading.cells, found, problems));
}

function columnOf(text: string, columns: readonly Column[]): Column | undefined {
  const wanted = plain(text);
  if (wanted === '') return undefined;
  return columns.find(({ key, zh }) => [key, ...zh.split('|')].some((word) => plain(word) === wanted));
}

function readRow(
  sheet: string,
  number: number,
  cells: readonly string[],
  headings: readonly string[],
  columns: readonly (Column | undefined)[],
  problems: ImportProblem[],
): ImportRow {
  const values: Record<string, unknown> = {};
  const shown: Record<string, { heading: string; text: string }> = {};
  const before = problems.length;
  for (const [index, column] of columns.entries()) {
    if (column === undefined) continue;
    const text = cells[index] ?? '';
    const heading = headings[index] ?? column.key;
    shown[column.key] = { heading, text };
    if (text === '') {
      values[column.key] = null;
      if (column.required === true)
        problems.push({
          sheet,
          row: number,
          column: heading,
          value: '',
          code: 'missingValue',
          message: `${column.key} is empty`,
          fix: 'fill it in, or delete the row',
        });
      continue;
    }
    const outcome = column.read(text);
    if ('value' in outcome) {
      values[column.key] = outcome.value;
      continue;
    }
    // Not null, which would clear what is known.
    problems.push({
      sheet,
      row: number,
      column: heading,
      value: text.slice(0, 120),
      code: outcome.code ?? 'invalidValue',
      message: `${column.key} is ${JSON.stringify(text.slice(0, 60))}: it ${outcome.message}`,
      fix: outcome.fix,
    });
  }
  return { number, values, cells: shown, isSound: problems.length === before };
}
