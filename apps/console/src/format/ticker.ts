export type TickerPorts = {
  readonly setTimer: (run: () => void, everyMs: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
};

/**
 * One timer for all who want to hear a pace: a hundred ages on a screen are drawn in one go instead of a hundred times.
 * The timer runs only while somebody listens.
 */
export class Ticker {
  readonly #ports: TickerPorts;
  readonly #everyMs: number;
  readonly #listeners = new Set<() => void>();
  #timer: unknown;

  constructor(everyMs: number, ports: TickerPorts) {
    this.#everyMs = everyMs;
    this.#ports = ports;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#timer = this.#ports.setTimer(() => this.#tick(), this.#everyMs);
    this.#listeners.add(listener);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#ports.clearTimer(this.#timer);
    };
  };

  #tick(): void {
    for (const listener of this.#listeners) listener();
  }
}
