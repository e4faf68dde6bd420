/** What the queue must know of a request. */
export type QueuedRequest = { readonly kind: string };

/**
 * Order in which the one connection of the embedded engine serves: commits first, in their order; then the rest in
 * theirs. After `commitsInARow` commits one of the others gets its turn, so that a page of a report ends some day.
 */
export class RequestQueue<Request extends QueuedRequest> {
  #commits: Request[] = [];
  #others: Request[] = [];
  #passedOthers = 0;
  readonly #commitsInARow: number;

  constructor(commitsInARow = 16) {
    this.#commitsInARow = commitsInARow;
  }

  push(request: Request): void {
    (request.kind === 'commit' ? this.#commits : this.#others).push(request);
  }

  next(): Request | undefined {
    const othersHaveTurn = this.#others.length > 0 && this.#passedOthers >= this.#commitsInARow;
    const commit = othersHaveTurn ? undefined : this.#commits.shift();
    if (commit === undefined) {
      this.#passedOthers = 0;
      return this.#others.shift();
    }
    this.#passedOthers = this.#others.length > 0 ? this.#passedOthers + 1 : 0;
    return commit;
  }
}
