import type { FireMessageText } from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** As it was when a person confirmed; who sends it is added where it is sent. Plain JSON. */
export type KeptFireMessage = {
  readonly messageId: string;
  readonly incidentId: string;
  readonly place: Place;
  readonly madeAt: number;
  readonly text: FireMessageText;
};
