import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import type { TruthLine } from './truth-line.ts';

const SYNC_MS = 1_000;

/**
 * Writes ground truth as it becomes true. `flush` returns when the lines survive the end of this process; each second
 * they are forced to the disk.
 */
export class TruthWriter {
  readonly #file: number;
  readonly #sync: NodeJS.Timeout;
  #lines: string[] = [];
  #isDirty = false;
  #failure: Error | undefined;

  /** @throws Error when the file exists: the truth about an earlier run is not overwritten. */
  constructor(path: string) {
    this.#file = openSync(path, 'wx');
    this.#sync = setInterval(() => {
      this.flush();
      if (!this.#isDirty) return;
      this.#isDirty = false;
      fdatasync(this.#file, (error) => (this.#failure ??= error ?? undefined));
    }, SYNC_MS);
  }

  add(line: TruthLine): void {
    this.#lines.push(JSON.stringify(line));
  }

  /** @throws Error when the disk takes no more: without truth there is no point in sending on. */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
    this.#isDirty = true;
  }

  close(): void {
    clearInterval(this.#sync);
    this.flush();
    fdatasyncSync(this.#file);
    closeSync(this.#file);
  }
}
