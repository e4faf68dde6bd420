/** A wait that may be ended before its time: for loops that try again later, and must stop at once. One waits at a time. */
export class Pause {
  #end: (() => void) | undefined;

  async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#end = undefined;
  }

  /** Nothing when nobody waits. */
  end(): void {
    this.#end?.();
  }
}
