const RATE_WINDOW_S = 10;

/** Reports per second over the last ten. */
export class ReportRate {
  readonly #count: () => number;
  readonly #samples: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(count: () => number) {
    this.#count = count;
  }

  get perSecond(): number {
    const [first = 0] = this.#samples;
    return Math.round(((this.#count() - first) / Math.max(1, this.#samples.length)) * 10) / 10;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#samples.push(this.#count());
      if (this.#samples.length > RATE_WINDOW_S) this.#samples.shift();
    }, 1_000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
