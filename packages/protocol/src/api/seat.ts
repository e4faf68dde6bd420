import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';
import { roles } from './session.ts';

/** `tried`: somebody heard it there in this log-in; `untried`: nobody has, or the page is mute since it was loaded; `none`: tried and not heard, or a browser without sound. */
export const seatSounds = ['tried', 'untried', 'none'] as const;
export type SeatSound = (typeof seatSounds)[number];

/** A log-in that may acknowledge alarms and has a page open: would an alarm be heard there? */
export const Seat = Type.Object(
  {
    id: Type.String({ description: 'of the log-in' }),
    username: Type.String(),
    role: oneOf(roles),
    sound: oneOf(seatSounds),
    since: Type.String({ format: 'date-time', description: 'when it began to be so, or the seat was first heard of' }),
    toldAt: Instant,
    own: Type.Boolean(),
  },
  { $id: 'Seat' },
);
export type Seat = Static<typeof Seat>;
