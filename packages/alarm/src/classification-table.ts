import type { Category, Level, Priority } from './words.ts';

/** What an alarm is called and how urgent it is. */
export type Classification = { readonly category: Category; readonly priority: Priority };

/** Classification of each kind at each level. */
export type ClassificationTable = Readonly<Record<string, Readonly<Record<Level, Classification>>>>;

const byLevel = (category: Category): Record<Level, Classification> => ({
  attention: { category, priority: 'P4' },
  warning: { category, priority: 'P3' },
  alarm: { category, priority: 'P2' },
});
const warning = byLevel('warning');
const supervisory = byLevel('supervisory');
const fault = byLevel('fault');
const fire = { ...warning, alarm: { category: 'fire', priority: 'P1' } } as const;

/** Defaults of design.md 5.1; below `alarm` a fire kind is a warning like any other. */
export const defaultClassification = {
  arc: warning,
  overload: warning,
  contactHeating: warning,
  overTemperature: warning,
  residualCurrent: warning,
  overVoltage: warning,
  underVoltage: warning,
  phaseLoss: warning,
  neutralLoss: warning,
  imbalance: warning,
  prohibitedLoad: warning,
  smoke: fire,
  heat: fire,
  gas: { ...warning, alarm: { category: 'warning', priority: 'P1' } },
  waterPressure: supervisory,
  manualAlarm: fire,
  tamper: supervisory,
  fault,
  localAction: warning,
  // What the centre itself finds about a device (design.md 5.1 and 7: a silent device is a visible fault).
  clockSuspect: fault,
  malformedReports: fault,
  sequenceReset: fault,
  silent: fault,
} as const satisfies ClassificationTable;
