import { defaultClassification, facilityKinds, type ClassificationTable } from '@fengsui/alarm';

const [fire, ...states] = facilityKinds;

/** Kinds of condition a status word tells, the most urgent first. */
export const gbConditionKinds = [fire, 'manualAlarm', 'fault', ...states] as const;
export type GbConditionKind = (typeof gbConditionKinds)[number];

/** Category and priority of these kinds, as the alarm package has them. */
export const gbClassification = Object.fromEntries(
  gbConditionKinds.map((kind) => [kind, defaultClassification[kind]]),
) as Record<GbConditionKind, ClassificationTable[string]>;
