import { defaultClassification, type ClassificationTable } from '@fengsui/alarm';

/** Kinds of condition a status word tells; `manualAlarm` and `fault` are words of the alarm package already. */
export const gbConditionKinds = [
  'fire',
  'manualAlarm',
  'fault',
  'shielded',
  'supervisory',
  'mainsFault',
  'backupFault',
  'powerFault',
  'busFault',
  'channelFault',
  'lineFault',
] as const;
export type GbConditionKind = (typeof gbConditionKinds)[number];

/** Category and priority of these kinds, as the alarm package has them. */
export const gbClassification = Object.fromEntries(
  gbConditionKinds.map((kind) => [kind, defaultClassification[kind]]),
) as Record<GbConditionKind, ClassificationTable[string]>;
