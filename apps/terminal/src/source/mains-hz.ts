import type { MainsHz } from '@fengsui/signal';

/** The nominal mains frequency of a source. @throws RangeError for anything but 50 and 60 Hz, naming the place. */
export function mainsHzOf(hz: number, place: string): MainsHz {
  if (hz === 50 || hz === 60) return hz;
  throw new RangeError(`${place}: mains frequency is ${hz} Hz, expected 50 or 60`);
}
