import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sheet } from '../registry/workbook/sheet.ts';
import { batchForm } from './batch-columns.ts';
import { NOW, TestFactory } from './batch.fixture.ts';
import { planBatch } from './plan-batch.ts';
import { readBatchSheets } from './read-batch-sheets.ts';

const sheet = (name: string, ...rows: string[]): Sheet => ({
  name,
  rows: rows.map((row, index) => ({ number: index + 1, cells: row.split('|') })),
});

const workbook = (change: Readonly<Record<string, Sheet>> = {}): Sheet[] =>
  Object.values({
    batch: sheet('批次', '批次号|型号|生产日期', 'B-7|generic-terminal|2026/11/20'),
    devices: sheet('设备', '序列号|固件|检验时间|结论', 'S1|1.4.2|2026-11-22 09:00|合格'),
    tests: sheet(
      '检验',
      '序列号|项目|实测值|单位|判定',
      'S1|insulationMOhm|320|MΩ|',
      'S1|dielectricLeakageMa|0.8|mA|合格',
      'S1|voltageErrorPct|0.12|%|',
      'S1|currentErrorPct|-0.3|%|',
    ),
    calibration: sheet(
      '校准',
      '序列号|通道|增益|偏移|相位误差|参考值|标准器编号|证书编号|温度|校准时间|校准人',
      'S1|c1.voltageV|1.012|0.4||230 V|REF-1|CERT-7|23.1|2026-11-22 08:30|李工',
      'S1|c1.currentA|0.985||0.36|10 A|REF-1|CERT-7||2026-11-22 08:30|',
    ),
    ...change,
  });

test('a workbook in Chinese says the same as what a tester sends', () => {
  const draft = readBatchSheets(workbook());
  assert.deepEqual(draft.problems, []);
  assert.equal(draft.batch?.producedAt, '2026-11-19T16:00:00.000Z', 'a day without an offset is one in China');
  const [device] = draft.rows;
  assert.deepEqual([device?.row.testedAt, device?.row.result], ['2026-11-22T01:00:00.000Z', 'pass']);
  assert.deepEqual(device?.row.calibration, {
    calibratedAt: '2026-11-22T00:30:00.000Z',
    by: '李工',
    instrument: { serial: 'REF-1', certificate: 'CERT-7' },
    temperatureC: 23.1,
    channels: [
      { point: 'c1.voltageV', gain: 1.012, offset: 0.4, reference: '230 V' },
      { point: 'c1.currentA', gain: 0.985, phaseDeg: 0.36, reference: '10 A' },
    ],
  });
  const { report } = planBatch(new TestFactory().registry, draft, 'import', NOW);
  assert.deepEqual([report.problemCount, report.added, report.calibrations], [0, 1, 1]);
});

test('what is wrong is named by sheet, row and heading as they stand in the file', () => {
  const draft = readBatchSheets(
    workbook({
      devices: sheet('设备', '序列号|检验时间|结论', 'S1|2026-11-22 09:00|合格', 'S2|yesterday|好'),
      calibration: sheet(
        '校准',
        '序列号|通道|增益|标准器编号|证书编号|校准时间',
        'S1|c1.voltageV|1.5|REF-1|CERT-7|2026-11-22',
        'S1|c1.currentA|1|REF-2|CERT-7|2026-11-22',
        'S8|c1.currentA|1|REF-1|CERT-7|2026-11-22',
      ),
    }),
  );
  const { report, changes } = planBatch(new TestFactory().registry, draft, 'import', NOW);
  assert.equal(changes.length, 0);
  assert.deepEqual(
    report.problems.map(({ sheet: name, row, column, code }) => [name, row, column, code]),
    [
      ['设备', 3, '检验时间', 'invalidInstant'],
      ['设备', 3, '结论', 'unknownWord'],
      ['校准', 4, 'serial', 'unknownSerial'],
      ['校准', 3, 'instrument', 'calibrationTwice'],
      ['校准', 2, 'gain', 'gainImplausible'],
    ],
  );
});

test('a workbook without a batch, or with two, says so', () => {
  const heading = '批次号|型号|生产日期';
  const codes = (...rows: string[]): readonly string[] =>
    readBatchSheets(workbook({ batch: sheet('批次', heading, ...rows) })).problems.map(({ code }) => code);
  assert.deepEqual(codes(), ['batchMissing']);
  assert.deepEqual(codes('B-7|m|2026-11-20', 'B-8|m|2026-11-20'), ['batchTwice']);
  for (const name of batchForm.names) assert.ok(batchForm.columns[name].length > 0);
});
