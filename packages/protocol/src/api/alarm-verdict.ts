import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** What an alarm turned out to be. */
export const alarmVerdicts = ['real', 'false'] as const;
export type AlarmVerdictWord = (typeof alarmVerdicts)[number];

/** Why an alarm was a false one. A list, not free text: the shares of a trial count them. */
export const falseAlarmCauses = ['cooking', 'dust', 'steam', 'work', 'test', 'deviceFault', 'unknown'] as const;
export type FalseAlarmCause = (typeof falseAlarmCauses)[number];

/** What a person found an alarm to be; of several the newest counts. */
export const AlarmVerdict = Type.Object(
  {
    id: Type.String(),
    alarmId: Type.String(),
    verdict: oneOf(alarmVerdicts),
    cause: Type.Optional(oneOf(falseAlarmCauses)),
    note: Type.Optional(Type.String()),
    by: Type.String(),
    at: Instant,
  },
  { $id: 'AlarmVerdict' },
);
export type AlarmVerdict = Static<typeof AlarmVerdict>;
