/** More wait already than will be served in a time that anybody waits. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
  constructor() {
    super('too much is waiting for its turn');
  }
}

/** Work that is done one piece after another, in two lines: the first is empty before anything of the second begins. */
export class Turns {
  readonly #longest: number;
  readonly #lines: readonly [(() => void)[], (() => void)[]] = [[], []];
  #isBusy = false;

  /** @param longest of each line. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** @throws TooManyWaiting at once. */
  async take<Result>(work: () => Promise<Result>, isFirst: boolean): Promise<Result> {
    if (this.#isBusy) {
      const line = this.#lines[isFirst ? 0 : 1];
      if (line.length >= this.#longest) throw new TooManyWaiting();
      await new Promise<void>((resolve) => line.push(resolve));
    }
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      const next = this.#lines[0].shift() ?? this.#lines[1].shift();
      // Stays busy when somebody goes on: nobody who comes meanwhile slips in.
      if (next === undefined) this.#isBusy = false;
      else next();
    }
  }
}
