/** Tells whether what surprises dies away half-cycle by half-cycle: a load that was switched settles, an arc does not. */
export type SettlingWatch = {
  follow(surprise: number): void;
  isSettling(): boolean;
};

/** Part of the surprise before that is left, at most, of a transient: a time constant below 35 ms. */
const MOST_REMAINDER = 0.75;
/** Falls in a row: an arc's surprise, drawn anew each time, falls twice as far about once in ten. */
const FALLS = 2;

export function createSettlingWatch(): SettlingWatch {
  let before = 0;
  let falls = 0;
  return {
    follow(surprise) {
      falls = surprise < MOST_REMAINDER * before ? falls + 1 : 0;
      before = surprise;
    },
    isSettling: () => falls >= FALLS,
  };
}
