/** The breakers of a board. There is no way to close one from here: that is done by hand, on site. */
export type Breakers = {
  /** Read back, not remembered. */
  state(circuit: string): 'closed' | 'open' | 'unknown';
  /** Trips it. @throws Error when it cannot. */
  open(circuit: string): void;
};
