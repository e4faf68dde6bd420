import type { GbWord } from './word.ts';

export type GbAnalogType = GbWord & {
  /** Absent for a count of pieces and for code 0. */
  readonly unit?: string;
  /** Value of one raw count; the value is raw × step. Absent for code 0, which means nothing. */
  readonly step?: number;
  /** Effective range in the unit; what lies outside is told as such, never dropped. */
  readonly min?: number;
  readonly max?: number;
};

const row = (code: number, zh: string, en: string, unit: string, min: number, max: number, step: number) => ({
  code,
  zh,
  en,
  unit,
  min,
  max,
  step,
});

/** Analog types 模拟量类型, Table 6. 13–127 are reserved, 128–255 user-defined. */
export const gbAnalogTypes: readonly GbAnalogType[] = [
  { code: 0, zh: '未用', en: 'not used' },
  row(1, '事件计数', 'event count', '件', 0, 32000, 1),
  row(2, '高度', 'height', 'm', 0, 320, 0.01),
  row(3, '温度', 'temperature', '°C', -273, 3200, 0.1),
  row(4, '压力', 'pressure', 'MPa', 0, 3200, 0.1),
  // Copies of the table in circulation print the step of 4 here too.
  row(5, '压力', 'pressure', 'kPa', 0, 3200, 0.1),
  row(6, '气体浓度', 'gas concentration', '%LEL', 0, 100, 0.1),
  row(7, '时间', 'time', 's', 0, 32000, 1),
  row(8, '电压', 'voltage', 'V', 0, 3200, 0.1),
  row(9, '电流', 'current', 'A', 0, 3200, 0.1),
  row(10, '流量', 'flow', 'L/s', 0, 3200, 0.1),
  row(11, '风量', 'air volume', 'm³/min', 0, 3200, 0.1),
  row(12, '风速', 'air speed', 'm/s', 0, 20, 1),
];
