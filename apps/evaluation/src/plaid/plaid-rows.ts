import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { numberCell, parseCsv } from '../folder/parse-csv.ts';
import { listIn, numberIn, readIndex, textIn } from '../folder/read-index.ts';
import { EvaluationError, type Skipped } from '../suite.ts';

/** One recording of an appliance, as its measured features. A value that is not in the table is NaN. */
export type PlaidRow = {
  readonly id: string;
  readonly label: string;
  /** Campaign and house: rows of one key are never on both sides of a split. */
  readonly houseKey: string;
  readonly voltageV: number;
  readonly currentA: number;
  readonly crestFactor: number;
  /** cos φ1, 0 … 1. */
  readonly displacementPowerFactor: number;
  /** +1 inductive, −1 capacitive. */
  readonly reactiveSign: number;
  readonly powerFactor: number;
  /** Relative to the fundamental. */
  readonly thd: number;
  /** Fundamental, A peak. */
  readonly fundamentalA: number;
  /** Harmonics 3, 5, 7, 9, 11, A peak. */
  readonly harmonicsA: readonly number[];
};

export type PlaidFolder = {
  readonly file: string;
  readonly nominalVoltageV: number;
  readonly rows: readonly PlaidRow[];
  readonly skipped: readonly Skipped[];
};

/** What a table must have to be recognised by; further columns may be missing. */
const neededColumns = ['vrms', 'irms', 'dpf', 'q_sign', 'h1', 'h3', 'h5'];

/**
 * Reads a plaid-features folder: of the tables in index.json the first that has phases and harmonics. Other tables hold
 * the same appliances without phases, cannot be joined row by row, and are left out.
 */
export async function readPlaidFolder(folder: string): Promise<PlaidFolder> {
  const place = join(folder, 'index.json');
  const index = await readIndex(folder);
  const skipped: Skipped[] = [];
  let chosen: { file: string; labelColumn: string; groupColumn: string } | undefined;
  for (const entry of listIn(index, 'files', place)) {
    const file = textIn(entry, 'file', place);
    const columns = Array.isArray(entry['columns']) ? entry['columns'] : [];
    const missing = neededColumns.filter((column) => !columns.includes(column));
    if (chosen !== undefined) skipped.push({ id: file, reason: `${chosen.file} is read` });
    else if (missing.length > 0) skipped.push({ id: file, reason: `no column ${missing.join(', ')}` });
    else {
      const labelColumn = textIn(entry, 'label_column', place);
      chosen = { file, labelColumn, groupColumn: textIn(entry, 'group_column', place) };
    }
  }
  if (chosen === undefined) {
    throw new EvaluationError(`${place}: no table with the columns ${neededColumns.join(', ')}`);
  }
  const path = join(folder, chosen.file);
  const table = parseCsv(await readFile(path, 'utf8'), path);
  const rows: PlaidRow[] = [];
  table.rows.forEach((cells, i) => {
    const id = cells.get('id') ?? `row ${i}`;
    const row = plaidRow(cells, id, chosen.labelColumn, chosen.groupColumn, path);
    const missing = missingIn(row);
    if (missing === undefined) rows.push(row);
    else skipped.push({ id, reason: `${missing} is missing` });
  });
  if (rows.length === 0) throw new EvaluationError(`${path}: no row with all that is needed`);
  return { file: chosen.file, nominalVoltageV: numberIn(index, 'nominal_voltage_v', place), rows, skipped };
}

function plaidRow(
  cells: ReadonlyMap<string, string>,
  id: string,
  labelColumn: string,
  groupColumn: string,
  path: string,
): PlaidRow {
  const cell = (column: string): number => numberCell(cells, column, `${path} ${id}`);
  return {
    id,
    label: cells.get(labelColumn) ?? '',
    houseKey: cells.get(groupColumn) ?? '',
    voltageV: cell('vrms'),
    currentA: cell('irms'),
    crestFactor: cell('crest'),
    displacementPowerFactor: cell('dpf'),
    reactiveSign: cell('q_sign'),
    powerFactor: cell('PF'),
    thd: cell('thd'),
    fundamentalA: cell('h1'),
    harmonicsA: ['h3', 'h5', 'h7', 'h9', 'h11'].map(cell),
  };
}

function missingIn(row: PlaidRow): string | undefined {
  if (row.label === '') return 'the label';
  if (row.houseKey === '') return 'the house';
  if (!(row.voltageV > 0)) return 'vrms';
  if (!(row.currentA > 0)) return 'irms';
  if (!(row.fundamentalA > 0)) return 'h1';
  if (Number.isNaN(row.displacementPowerFactor) || Number.isNaN(row.reactiveSign)) return 'the phase';
  return undefined;
}
