/** The breakers of a board. There is no way to close one from here: that is done by hand, on site. */
export type Breakers = {
  /** Read back, not remembered; `unknown` when the newest read-back is too old to count. */
  state(circuit: string): 'closed' | 'open' | 'unknown';
  /** Trips it. Where that takes time, resolves when it was read back. @throws Error when it cannot. */
  open(circuit: string): void | Promise<void>;
};
