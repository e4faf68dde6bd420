import type { Log } from '../platform/log.ts';
import { addWaiting, clearWaiting, readWaiting, type WaitingDraft } from './waiting-file.ts';

/** Rows whose acts went on without them, on disk until they are in the chain. One change of the file after the other. */
export class RowsOnDisk {
  readonly #file: string;
  readonly #log: Log;
  #changing: Promise<void> = Promise.resolve();
  #holdsRows = false;

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /**
   * Gives what the last run, or a command with the centre stopped, could not write to `write`, oldest first, which says
   * whether the row is in the chain by now. The file stays until all of them are: those that are not, wait in memory.
   */
  async takeUp(write: (row: WaitingDraft) => Promise<boolean>): Promise<void> {
    const { drafts, unreadable } = await readWaiting(this.#file);
    if (unreadable > 0)
      this.#log.error('rows of the audit that waited cannot be read', { file: this.#file, unreadable });
    let isWhole = true;
    for (const row of drafts) isWhole = (await write(row)) && isWhole;
    // From here on, and not before: a row written meanwhile must not clear those that come behind it.
    this.#holdsRows = drafts.length > 0;
    if (isWhole) await this.clear();
  }

  /** @param areWritten Whether all rows are in the chain by the time that this one is on disk: then none is needed there. */
  add(row: WaitingDraft, areWritten: () => boolean): Promise<void> {
    return this.#change(async () => {
      await addWaiting(this.#file, row);
      this.#holdsRows = true;
      if (areWritten()) await this.#remove();
    });
  }

  /** All that is there is in the chain by now, unless `areWritten` says otherwise when its turn comes. */
  clear(areWritten: () => boolean = () => true): Promise<void> {
    if (!this.#holdsRows) return this.#changing;
    return this.#change(async () => {
      if (areWritten()) await this.#remove();
    });
  }

  /** When what is under way is done. */
  settled(): Promise<void> {
    return this.#changing;
  }

  async #remove(): Promise<void> {
    if (!this.#holdsRows) return;
    await clearWaiting(this.#file);
    this.#holdsRows = false;
  }

  #change(work: () => Promise<void>): Promise<void> {
    this.#changing = this.#changing.then(work).catch((error: unknown) => {
      this.#log.error('rows of the audit that wait are in memory alone', { error: String(error) });
    });
    return this.#changing;
  }
}
