import type { Log } from '../platform/log.ts';
import type { Store } from '../store/store.ts';
import type { ChainHead } from './audit-row.ts';
import { readHeadFile, writeHeadFile } from './head-file.ts';

const KEEP_EVERY_MS = 1_000;
const TELL_EVERY_MS = 3_600_000;

/** The kept one, and the one that the store has instead. */
export type HeadMismatch = { readonly kept: ChainHead | 'unreadable'; readonly found: ChainHead };

/** Keeps the head of the chain where who writes the table does not reach it: in a file beside the keys, and in the log. */
export class HeadKeeper {
  readonly #file: string;
  readonly #log: Log;
  readonly #head: () => ChainHead;
  #kept: ChainHead | undefined;
  #keepTimer: NodeJS.Timeout | undefined;
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(file: string, log: Log, head: () => ChainHead) {
    this.#file = file;
    this.#log = log;
    this.#head = head;
  }

  /** To be asked before `start`: the kept head is written over then. */
  async mismatch(store: Store): Promise<HeadMismatch | undefined> {
    // No reason for the centre not to start.
    const kept = await readHeadFile(this.#file).catch(() => 'unreadable' as const);
    if (kept === undefined) return undefined;
    if (kept !== 'unreadable') {
      const [stored] = await store.query('select hash from audit_row where sequence = $1::int8', [kept.sequence]);
      if (stored?.['hash'] === kept.hash) return undefined;
    }
    return { kept, found: this.#head() };
  }

  start(): void {
    this.#keepTimer = setInterval(() => void this.#keep(), KEEP_EVERY_MS).unref();
    this.#tellTimer = setInterval(() => this.#tell(), TELL_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#keepTimer);
    clearInterval(this.#tellTimer);
    await this.#keep();
    this.#tell();
  }

  async #keep(): Promise<void> {
    const head = this.#head();
    if (head.sequence === 0 || this.#kept?.hash === head.hash) return;
    try {
      await writeHeadFile(this.#file, head);
      this.#kept = head;
    } catch (error) {
      this.#log.warn('the head of the audit is not kept', { error: String(error) });
    }
  }

  #tell(): void {
    if (this.#head().sequence > 0) this.#log.info('audit head', this.#head());
  }
}
