import {
  mostBatchRows,
  type EndOfLineRow,
  type ImportProblem,
  type NewBatch,
  type NewCalibration,
} from '@fengsui/protocol';
import { readTablesOf, type ImportRow } from '../registry/import/read-rows.ts';
import type { Sheet } from '../registry/workbook/sheet.ts';
import { batchForm } from './batch-columns.ts';
import type { BatchDraft, DraftRow } from './batch-draft.ts';
import type { RowPlace } from './findings.ts';

/** A batch out of a workbook; what cannot be read is in `problems`. Values that stand beside them are still judged. */
export function readBatchSheets(sheets: readonly Sheet[]): BatchDraft {
  const { tables, problems: unread } = readTablesOf(sheets, batchForm);
  const problems: ImportProblem[] = [...unread];
  const [batchRow, second] = tables.batch.rows;
  const placeOf = (sheet: keyof typeof tables, { number }: ImportRow): RowPlace => ({
    sheet: tables[sheet].sheet,
    row: number,
  });
  const wrong = (place: RowPlace, column: string, code: string, message: string, fix: string): void =>
    void problems.push({ ...place, column, code, message, fix });
  if (batchRow === undefined && unread.length === 0)
    wrong(
      { sheet: tables.batch.sheet, row: 2 },
      'id',
      'batchMissing',
      'the sheet batch has no row',
      'say number, model and day of the batch there',
    );
  if (second !== undefined)
    wrong(
      placeOf('batch', second),
      'id',
      'batchTwice',
      'the sheet batch has a second row',
      'import one batch at a time',
    );
  if (tables.devices.rows.length > mostBatchRows)
    wrong(
      { sheet: tables.devices.sheet, row: mostBatchRows + 2 },
      'serial',
      'tooManyRows',
      `the sheet has ${tables.devices.rows.length} devices`,
      `import at most ${mostBatchRows} at once; the rest under the same number`,
    );
  const serials = new Set(tables.devices.rows.map(({ values }) => values['serial']));
  for (const sheet of ['tests', 'calibration'] as const)
    for (const row of tables[sheet].rows)
      if (row.isSound && !serials.has(row.values['serial']))
        wrong(
          placeOf(sheet, row),
          'serial',
          'unknownSerial',
          `serial ${String(row.values['serial'])} is not in the sheet devices`,
          'add the device, or correct the serial',
        );
  const tests = Map.groupBy(
    tables.tests.rows.filter(({ isSound }) => isSound),
    ({ values }) => values['serial'],
  );
  const channels = Map.groupBy(
    tables.calibration.rows.filter(({ isSound }) => isSound),
    ({ values }) => values['serial'],
  );
  const rows = tables.devices.rows
    .filter(({ isSound }) => isSound)
    .map((row): DraftRow => {
      const own = tests.get(row.values['serial']) ?? [];
      const calibrated = channels.get(row.values['serial']) ?? [];
      const place = placeOf('devices', row);
      for (const other of calibrated.slice(1))
        for (const column of SAME_FOR_ALL)
          if (!agrees(calibrated[0], other, column))
            wrong(
              placeOf('calibration', other),
              column,
              'calibrationTwice',
              `${column} is another than in the rows above of the same device`,
              'a device is calibrated once in a workbook',
            );
      const calibration = calibrationOf(calibrated);
      const device: EndOfLineRow = {
        ...(given(row) as Pick<EndOfLineRow, 'serial' | 'testedAt' | 'result'>),
        tests: own.map(testOf),
        ...(calibration !== undefined && { calibration }),
      };
      return {
        row: device,
        place,
        testPlaces: own.map((test) => placeOf('tests', test)),
        channelPlaces: calibrated.map((channel) => placeOf('calibration', channel)),
      };
    });
  return {
    ...(batchRow?.isSound === true && { batch: given(batchRow) as NewBatch }),
    batchPlace: batchRow === undefined ? { sheet: tables.batch.sheet, row: 2 } : placeOf('batch', batchRow),
    rows,
    problems,
  };
}

const SAME_FOR_ALL = ['instrument', 'certificate', 'temperatureC', 'calibratedAt', 'by'] as const;

const agrees = (first: ImportRow | undefined, other: ImportRow, column: string): boolean =>
  (other.values[column] ?? null) === null || other.values[column] === first?.values[column];

/** What stands in the cells; empty ones say nothing. */
const given = ({ values }: ImportRow): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

function testOf(row: ImportRow): EndOfLineRow['tests'][number] {
  const { test, value, unit, passed } = row.values;
  return {
    test: String(test),
    value: Number(value),
    unit: typeof unit === 'string' ? unit : '',
    ...(typeof passed === 'string' && { passed: passed === 'pass' }),
  };
}

function calibrationOf(rows: readonly ImportRow[]): NewCalibration | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const { instrument, certificate, temperatureC, calibratedAt, by } = first.values;
  return {
    calibratedAt: String(calibratedAt),
    ...(typeof by === 'string' && { by }),
    instrument: { serial: String(instrument), certificate: String(certificate) },
    ...(typeof temperatureC === 'number' && { temperatureC }),
    channels: rows.map(({ values }) => {
      const { point, gain, offset, phaseUs, phaseDeg, reference } = values;
      return {
        point: String(point),
        gain: Number(gain),
        ...(typeof offset === 'number' && { offset }),
        ...(typeof phaseUs === 'number' && { phaseUs }),
        ...(typeof phaseDeg === 'number' && { phaseDeg }),
        ...(typeof reference === 'string' && { reference }),
      };
    }),
  };
}
