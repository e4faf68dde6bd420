/** Answers leave in the order of arrival even when a later report is durable first: two lanes commit apart. */
export class AnswerQueue {
  #queue: { settled: boolean; answer: () => void }[] = [];

  push(work: Promise<void>, answer: () => void, onFailure: (error: Error) => void): void {
    const item = { settled: false, answer };
    this.#queue.push(item);
    work.then(
      () => {
        item.settled = true;
        this.#drain();
      },
      // Not durable (the centre is closing): never answered, so the device will send it again.
      (error: unknown) => onFailure(error instanceof Error ? error : new Error(String(error))),
    );
  }

  #drain(): void {
    while (this.#queue[0]?.settled) this.#queue.shift()?.answer();
  }
}
