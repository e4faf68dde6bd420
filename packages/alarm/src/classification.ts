import { defaultClassification, type Classification, type ClassificationTable } from './classification-table.ts';
import type { Level } from './words.ts';

export type { Classification, ClassificationTable } from './classification-table.ts';

/** Kinds of event a device may send by design.md 5.1; further kinds come from the model's data. */
export const eventKinds = [
  'arc',
  'overload',
  'contactHeating',
  'overTemperature',
  'residualCurrent',
  'overVoltage',
  'underVoltage',
  'phaseLoss',
  'neutralLoss',
  'imbalance',
  'prohibitedLoad',
  'smoke',
  'heat',
  'gas',
  'waterPressure',
  'manualAlarm',
  'tamper',
  'fault',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Further kinds that the status words of fire-alarm systems tell (GB/T 26875.3); `fault` and `manualAlarm` are above. */
export const facilityKinds = [
  'fire',
  'shielded',
  'supervisory',
  'mainsFault',
  'backupFault',
  'powerFault',
  'busFault',
  'channelFault',
  'lineFault',
] as const;

/** What the centre concludes from several sensors together. */
export const concludedKinds = ['fireIndication'] as const;

/** Kinds that report a moment, not a state: no `active`, no alarm. */
export const momentaryKinds = ['loadOn', 'loadOff', 'calibrationChanged', 'update'] as const;

/** The terminal acted on site: raises a latched alarm. */
export const localActionKind = 'localAction';

/** Faults the centre finds by itself about a device. */
export const centreFaultKinds = [
  'clockSuspect',
  'clonedIdentity',
  'malformedReports',
  'sequenceReset',
  'silent',
  'addressClash',
  'unauthorisedAccess',
  'sourceAway',
  'clockJump',
  'diskSpace',
  'backupFailed',
  'fireCommandAway',
  'voiceAway',
  'smsAway',
  'mailAway',
  'pushAway',
  'webhookAway',
  'canaryMissed',
  'selfTestMissed',
  'rolloutStopped',
  'relayAway',
  'relayBacklog',
  'relayLoss',
  'workOrderOverdue',
] as const;

const unknownKind: ClassificationTable[string] = {
  attention: { category: 'warning', priority: 'P4' },
  warning: { category: 'warning', priority: 'P3' },
  alarm: { category: 'warning', priority: 'P2' },
};

/**
 * Category and priority of a kind at a level. A kind the table does not know is a warning, `unmapped`: an unknown kind
 * raises all the same (design.md 5.1).
 *
 * @param table defaults of the product; a device model adds its kinds by `{ ...defaultClassification, ...own }`.
 */
export function classify(
  kind: string,
  level: Level,
  table: ClassificationTable = defaultClassification,
): { readonly classification: Classification; readonly unmapped?: true } {
  // hasOwn: kinds come from devices, and 'constructor' is a key of every object.
  const row = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (row) return { classification: row[level] };
  return { classification: unknownKind[level], unmapped: true };
}
