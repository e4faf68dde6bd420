import { batchSheets, endOfLineResults, type BatchSheet } from '@fengsui/protocol';
import { identifier, number, oneWordOf, words, type CellReader } from '../registry/import/cell.ts';
import type { Column } from '../registry/import/columns.ts';
import type { WorkbookForm } from '../registry/import/read-rows.ts';

/** Without an offset a time is that of the factory floor: China Standard Time. */
const LOCAL_OFFSET = '+08:00';

/** `2026-11-22`, `2026-11-22 09:30` or `2026-11-22T09:30:00+08:00` → ISO 8601 with offset. */
export const instant: CellReader<string> = (text) => {
  const [, day, time = '00:00', offset = LOCAL_OFFSET] =
    /^(\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:[.]\d{1,3})?)?))?\s?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    ) ?? [];
  const date = day
    ?.split(/[-/]/)
    .map((part) => part.padStart(2, '0'))
    .join('-');
  const at =
    date === undefined ? NaN : Date.parse(`${date}T${time.padStart(5, '0').replace(/^(\d):/, '0$1:')}${offset}`);
  return Number.isNaN(at)
    ? { message: 'is no instant', fix: 'write 2026-11-22 09:30, or with seconds and an offset', code: 'invalidInstant' }
    : { value: new Date(at).toISOString() };
};

const anyNumber = number(-1e12, 1e12);
const serial: Column = { key: 'serial', zh: '序列号|出厂编号', required: true, read: identifier };

/** The workbook of a factory batch: one row of the batch, the devices, what was measured, how they were calibrated. */
export const batchForm: WorkbookForm<BatchSheet> = {
  names: batchSheets,
  words: { batch: '批次', devices: '设备', tests: '出厂检验|检验', calibration: '校准' },
  columns: {
    batch: [
      { key: 'id', zh: '批次号|编号', required: true, read: identifier },
      { key: 'model', zh: '型号', required: true, read: words(64) },
      { key: 'producedAt', zh: '生产时间|生产日期', required: true, read: instant },
      { key: 'by', zh: '生产单位|生产人', read: words(128) },
      { key: 'venueId', zh: '存放场所', read: identifier },
      { key: 'note', zh: '备注', read: words(300) },
    ],
    devices: [
      serial,
      { key: 'deviceId', zh: '设备编号', read: identifier },
      { key: 'firmware', zh: '固件|固件版本', read: words(64) },
      { key: 'testedAt', zh: '检验时间', required: true, read: instant },
      {
        key: 'result',
        zh: '结论|结果',
        required: true,
        read: oneWordOf(endOfLineResults, { pass: '合格|通过', fail: '不合格|未通过' }),
      },
      { key: 'note', zh: '备注|不合格原因', read: words(300) },
    ],
    tests: [
      serial,
      { key: 'test', zh: '项目|检验项目', required: true, read: words(40) },
      { key: 'value', zh: '实测值|值', required: true, read: anyNumber },
      { key: 'unit', zh: '单位', read: words(16) },
      {
        key: 'passed',
        zh: '判定',
        read: oneWordOf(endOfLineResults, { pass: '合格|通过', fail: '不合格|未通过' }),
      },
    ],
    calibration: [
      serial,
      { key: 'point', zh: '通道|测点', required: true, read: words(64) },
      { key: 'gain', zh: '增益', required: true, read: anyNumber },
      { key: 'offset', zh: '偏移', read: anyNumber },
      { key: 'phaseDeg', zh: '相位误差度|相位误差', read: anyNumber },
      { key: 'phaseUs', zh: '相位误差us|相位误差µs', read: anyNumber },
      { key: 'reference', zh: '参考值|标准值', read: words(60) },
      { key: 'instrument', zh: '标准器编号|仪器编号', required: true, read: words(60) },
      { key: 'certificate', zh: '证书编号', required: true, read: words(80) },
      { key: 'temperatureC', zh: '温度', read: number(-60, 120, ' °C') },
      { key: 'calibratedAt', zh: '校准时间', required: true, read: instant },
      { key: 'by', zh: '校准人', read: words(128) },
    ],
  },
};
