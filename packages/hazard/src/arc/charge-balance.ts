import { isRectifier } from './load-class.ts';
import type { LoadState } from './load-state.ts';
import { MOST_RETURN } from './missed-pulse.ts';

/** What the half-cycles of a run unlike the state draw more and less than usual, as parts of the usual level. */
export type ChargeBalance = {
  /** A run begins. */
  begin(): void;
  /** A half-cycle unlike the state, its level over the usual. */
  add(levelRatio: number): void;
  gained(): number;
  lacked(): number;
  count(): number;
};

export function createChargeBalance(): ChargeBalance {
  let gained = 0;
  let lacked = 0;
  let count = 0;
  return {
    begin() {
      gained = lacked = count = 0;
    },
    add(levelRatio) {
      gained += Math.max(0, levelRatio - 1);
      lacked += Math.max(0, 1 - levelRatio);
      count++;
    },
    gained: () => gained,
    lacked: () => lacked,
    count: () => count,
  };
}

/** Part of the level that a supply of constant power draws more behind an arc: 45 V of 311 V are missing. */
const MOST_OWN_GAIN = 0.15;

/**
 * Whether supplies draw so much more than usual that another load has come on beside them. Behind an arc a supply makes up
 * for what it missed, and for little else: an inrush that dies away looks as late and as restless, but nothing was missing.
 */
export function isAddedLoad(state: LoadState | undefined, charge: ChargeBalance): boolean {
  if (state === undefined || !isRectifier(state)) return false;
  return charge.gained() > MOST_RETURN * charge.lacked() + MOST_OWN_GAIN * charge.count();
}
