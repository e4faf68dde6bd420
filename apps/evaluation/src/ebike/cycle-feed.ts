import type { ChargingRecogniser } from '@fengsui/hazard';
import { startRatio } from './device-start.ts';
import type { DeviceStart } from './device-start.ts';

/** Tells a recogniser the cycles around switchings: what a terminal tells it all the time. */
export type CycleFeed = {
  /** A device comes on in the second that `second` is told about next. */
  readonly begin: (start: DeviceStart, powerW: number, nowS: number) => void;
  /** The second that ended at `nowS`, with its mean power; before the recogniser reads it. */
  readonly second: (nowS: number, activePowerW: number) => void;
};

const CYCLES_PER_SECOND = 50;
const CYCLE_MS = 20;
const HISTORY_S = 4;
const WATCHED_S = 7;

/**
 * Seconds without a switching hold their mean in every cycle and are told only when one follows: nothing looks at them
 * otherwise. In those after it each cycle is what the device's own waveform gave, on top of the rest.
 */
export function createCycleFeed({ cycle }: Pick<ChargingRecogniser, 'cycle'>): CycleFeed {
  const history: number[] = [];
  let starting: { readonly start: DeviceStart; readonly powerW: number; readonly fromS: number }[] = [];
  let isWatched = false;

  const tell = (endS: number, powerAt: (cycleOfSecond: number) => number): void => {
    for (let k = 0; k < CYCLES_PER_SECOND; k++) cycle((endS - 1) * 1000 + (k + 1) * CYCLE_MS, powerAt(k));
  };

  return {
    begin(start, powerW, nowS) {
      if (!isWatched) history.forEach((held, index) => tell(nowS - history.length + index, () => held));
      isWatched = true;
      starting.push({ start, powerW, fromS: nowS });
    },
    second(nowS, activePowerW) {
      if (isWatched) {
        let restW = activePowerW;
        for (const { start, powerW, fromS } of starting) restW -= powerW * startRatio(start, nowS - fromS);
        tell(nowS, (k) =>
          starting.reduce(
            (sum, { start, powerW, fromS }) => sum + powerW * (start[(nowS - fromS) * CYCLES_PER_SECOND + k] ?? 1),
            restW,
          ),
        );
        starting = starting.filter(({ fromS }) => nowS - fromS < WATCHED_S);
        isWatched = starting.length > 0;
      }
      history.push(activePowerW);
      if (history.length > HISTORY_S) history.shift();
    },
  };
}
