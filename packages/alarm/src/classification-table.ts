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
const always = (category: Category, priority: Priority): Record<Level, Classification> => {
  const classification = { category, priority };
  return { attention: classification, warning: classification, alarm: classification };
};
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
  // What a fire-alarm system's status word tells (GB/T 26875.3 tables of 8.2.1). A status bit has no level. A shielded
  // detector is blind on purpose: supervisory, and a finding of the venue's management.
  fire: always('fire', 'P1'),
  shielded: always('supervisory', 'P3'),
  supervisory,
  mainsFault: always('fault', 'P3'),
  backupFault: always('fault', 'P3'),
  powerFault: always('fault', 'P3'),
  busFault: always('fault', 'P2'),
  channelFault: always('fault', 'P2'),
  lineFault: always('fault', 'P2'),
  localAction: warning,
  // What the centre concludes from the sensors of a room and its wiring together (packages/fusion).
  fireIndication: { ...fire, warning: { category: 'warning', priority: 'P2' } },
  // What the centre itself finds about a device (design.md 5.1 and 7: a silent device is a visible fault).
  clockSuspect: fault,
  clonedIdentity: fault,
  malformedReports: fault,
  sequenceReset: fault,
  silent: fault,
  // Nobody repairs it in time: of the people, shown where the device's alarms are.
  workOrderOverdue: fault,
  // A protocol without log-in: who speaks under a device's address may be another (GB/T 26875.3).
  addressClash: supervisory,
  unauthorisedAccess: supervisory,
  // Nothing is heard of the devices behind a broker that is away: blind, like a dead gateway.
  sourceAway: fault,
  // The clock of the centre's machine was set; a device has not told of its regular self-test.
  clockJump: fault,
  diskSpace: fault,
  backupFailed: fault,
  fireCommandAway: fault,
  voiceAway: fault,
  smsAway: fault,
  mailAway: fault,
  pushAway: fault,
  webhookAway: fault,
  canaryMissed: fault,
  selfTestMissed: fault,
  // Some terminals run what others do not: a person decides how it goes on.
  rolloutStopped: fault,
  // Another centre does not get what it is owed, in time or at all.
  relayAway: fault,
  relayBacklog: fault,
  relayLoss: fault,
} as const satisfies ClassificationTable;
