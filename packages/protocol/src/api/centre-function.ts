import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

/** What a centre does, each of which can fail by itself. */
export const centreFunctionNames = [
  'intake',
  'alarms',
  'screens',
  'history',
  'commands',
  'relays',
  /** Only of a centre that another one may succeed. */
  'lease',
  'backup',
  'audit',
] as const;
export type CentreFunctionName = (typeof centreFunctionNames)[number];

/** `held`: not done now, nothing is lost, and it goes on by itself; `broken`: somebody has to do something. */
export const centreFunctionStates = ['works', 'held', 'broken'] as const;

export const CentreFunctionSchema = Type.Object(
  {
    name: oneOf(centreFunctionNames),
    state: oneOf(centreFunctionStates),
    reason: Type.Optional(Type.String({ description: 'absent when it works' })),
  },
  { $id: 'CentreFunction', title: 'What of the centre works right now' },
);
export type CentreFunction = Static<typeof CentreFunctionSchema>;
