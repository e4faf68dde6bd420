/**
 * The words of alarm handling, in one place: states after ISA-18.2 / IEC 62682, categories after GB 26875 practice.
 * Chinese beside them in docs/glossary.md.
 */
export const alarmStates = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returnedUnacknowledged',
  'latchedUnacknowledged',
  'latchedAcknowledged',
  'shelved',
  'suppressedByDesign',
  'outOfService',
] as const;
export type AlarmState = (typeof alarmStates)[number];

export const categories = ['fire', 'warning', 'supervisory', 'fault'] as const;
export type Category = (typeof categories)[number];

/** P1 is the most urgent. */
export const priorities = ['P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof priorities)[number];

/** Rising: a later level is worse. */
export const levels = ['attention', 'warning', 'alarm'] as const;
export type Level = (typeof levels)[number];

/** Where a report comes from; set by the centre from the credential or the drill, never from the payload. */
export const origins = ['live', 'simulated', 'drill', 'test', 'replay'] as const;
export type Origin = (typeof origins)[number];
