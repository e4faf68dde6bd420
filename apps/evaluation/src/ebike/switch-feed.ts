import type { ChargingRecogniser } from '@fengsui/hazard';
import type { RecognisedStart } from './recognised-start.ts';

/** Tells a recogniser what was recognised of loads switched on, when a terminal would. */
export type SwitchFeed = {
  /** A device comes on in the second that ends at `nowS`. */
  readonly begin: (starts: readonly RecognisedStart[], nowS: number) => void;
  /** Before the recogniser reads the second that ended at `nowS`. */
  readonly second: (nowS: number) => void;
};

export function createSwitchFeed({ switched }: Pick<ChargingRecogniser, 'switched'>): SwitchFeed {
  let waiting: { readonly toldAt: number; readonly at: number; readonly start: RecognisedStart }[] = [];
  return {
    begin(starts, nowS) {
      const onAt = (nowS - 1) * 1000;
      for (const start of starts) {
        waiting.push({ toldAt: onAt + start.toldAfterMs, at: onAt + start.afterMs, start });
      }
    },
    second(nowS) {
      if (waiting.length === 0) return;
      const due = waiting.filter(({ toldAt }) => toldAt <= nowS * 1000);
      waiting = waiting.filter((one) => !due.includes(one));
      for (const { at, start } of due) {
        switched({ at, activePowerW: start.activePowerW, families: start.families });
      }
    },
  };
}
