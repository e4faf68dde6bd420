import type { ClusterBus } from './cluster-bus.ts';

/** A bus within one process, for tests: what is published arrives in order, later. */
export class MemoryBus implements ClusterBus {
  readonly maxBytes: number;
  readonly #listeners = new Map<string, Set<(message: unknown) => void>>();
  readonly #answers = new Map<string, (question: unknown) => Promise<object>>();
  /** Asked for each delivery; what it swallows is lost, as on a network. */
  isLost: (subject: string, message: object) => boolean = () => false;

  constructor(maxBytes = 1_000_000) {
    this.maxBytes = maxBytes;
  }

  publish(subject: string, message: object): boolean {
    const text = JSON.stringify(message);
    if (text.length > this.maxBytes) return false;
    if (this.isLost(subject, message)) return true;
    setImmediate(() => {
      for (const listener of this.#listeners.get(subject) ?? []) listener(JSON.parse(text));
    });
    return true;
  }

  subscribe(subject: string, listener: (message: unknown) => void): void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
  }

  answer(subject: string, answer: (question: unknown) => Promise<object>): void {
    this.#answers.set(subject, answer);
  }

  async ask(subject: string, question: object): Promise<unknown> {
    const answer = this.#answers.get(subject);
    if (answer === undefined) throw new Error('nobody is there');
    return JSON.parse(JSON.stringify(await answer(JSON.parse(JSON.stringify(question)))));
  }

  flush(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#answers.clear();
  }
}
