import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VenueFusion, type Modality, type Place } from '@fengsui/fusion';
import { numberCell, parseCsv, type CsvTable } from '../folder/parse-csv.ts';
import { isFields, listIn, readIndex, textIn } from '../folder/read-index.ts';
import { EvaluationError } from '../suite.ts';

/** Times in s on the clock of the test; absent when it did not happen. */
export type NistResult = {
  readonly id: string;
  readonly fusionS?: number;
  readonly firstPhotoS?: number;
  readonly heat57S?: number;
  readonly plainRuleS?: number;
  readonly place?: string;
  readonly firstOut?: string;
};

/** Rise of the plain rule, K, and the fixed temperature of a heat detector, °C (evaluation-formats, measures). */
const PLAIN_RISE_K = 8;
const HEAT_C = 57;

/** All tests of a folder, in the order of its index. */
export async function judgeNistFolder(folder: string): Promise<readonly NistResult[]> {
  const index = await readIndex(folder);
  const activation = index['activation'];
  if (!isFields(activation)) throw new EvaluationError(`${folder}: index.json: activation is missing`);
  const alarmFile = textIn(activation, 'file', 'index.json: activation');
  const alarms = parseCsv(await readFile(join(folder, alarmFile), 'utf8'), alarmFile);
  const results: NistResult[] = [];
  for (const test of listIn(index, 'tests', 'index.json')) {
    const id = textIn(test, 'id', 'index.json: tests');
    const file = textIn(test, 'file', `index.json: ${id}`);
    const table = parseCsv(await readFile(join(folder, file), 'utf8'), file);
    const photo = firstPhoto(alarms, id, alarmFile);
    results.push({ ...judgeTable(id, table), ...(photo === undefined ? {} : { firstPhotoS: photo }) });
  }
  return results;
}

/** A test row by row: what fusion, the plain rule and a heat detector say. It never sees a later row. */
export function judgeTable(id: string, table: CsvTable): NistResult {
  const fusion = new VenueFusion(placesOf(table.columns));
  const sensors = table.columns.flatMap((column) => (modalityOf(column) === undefined ? [] : [column]));
  const ceiling = sensors.filter((column) => modalityOf(column) === 'heat');
  const first = table.rows[0];
  let result: NistResult = { id };
  for (const row of table.rows) {
    const timeS = numberCell(row, 'TIME', id);
    for (const sensor of sensors) fusion.read(sensor, timeS * 1000, inUnit(sensor, numberCell(row, sensor, id)));
    const burning = fusion.assess(timeS * 1000).find(({ stage }) => stage === 'alarm');
    if (result.fusionS === undefined && burning !== undefined) {
      const { place, firstOut } = burning;
      result = { ...result, fusionS: timeS, place, ...(firstOut === undefined ? {} : { firstOut }) };
    }
    const isAbove = (limit: (column: string) => number): boolean =>
      ceiling.some((column) => numberCell(row, column, id) > limit(column));
    if (result.plainRuleS === undefined && isAbove((column) => numberCell(first ?? row, column, id) + PLAIN_RISE_K))
      result = { ...result, plainRuleS: timeS };
    if (result.heat57S === undefined && isAbove(() => HEAT_C)) result = { ...result, heat57S: timeS };
  }
  return result;
}

/** Places are the stations of the house; which doors join them the files do not say, so none are neighbours. */
function placesOf(columns: readonly string[]): Place[] {
  const sensors = columns.flatMap((id) => {
    const modality = modalityOf(id);
    return modality === undefined ? [] : [{ id, modality }];
  });
  return [...new Set(sensors.map(({ id }) => id.charAt(2)))].map((station) => ({
    id: station,
    neighbours: [],
    branches: [],
    sensors: sensors.filter(({ id }) => id.charAt(2) === station),
  }));
}

/** CO of the gas analysers is left out: its noise of hundreds of ppm hides what a CO detector shows. */
function modalityOf(column: string): Modality | undefined {
  if (/^TC[A-Z]_[1-3]$/.test(column)) return 'heat';
  return /^SM[A-Z]_1$/.test(column) ? 'smoke' : undefined;
}

/** Optical density 1/m as obscuration in %/m. */
function inUnit(column: string, value: number): number {
  return modalityOf(column) === 'smoke' ? 100 * (1 - 10 ** -value) : value;
}

function firstPhoto(alarms: CsvTable, id: string, file: string): number | undefined {
  const row = alarms.rows[0];
  if (row === undefined) throw new EvaluationError(`${file}: no line of times`);
  const times = alarms.columns
    .filter((column) => column.startsWith(`${id}-Pho`))
    .map((column) => numberCell(row, column, file))
    .filter((time) => time >= 0);
  return times.length === 0 ? undefined : Math.min(...times);
}
