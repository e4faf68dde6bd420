import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { isStoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { chained, INSERT_ROW, valuesOf, type AuditDraft, type AuditRow, type ChainHead } from './audit-row.ts';
import { HeadKeeper } from './head-keeper.ts';
import { chainHead, HEAD_ACT, RETENTION_ACT } from './read-audit.ts';
import { RowsOnDisk } from './rows-on-disk.ts';
import type { WaitingDraft } from './waiting-file.ts';
import { zoneOffsetAt } from '../platform/zone-offset.ts';

export type AuditTrailOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  readonly headFile: string;
  /** Where rows wait whose acts went on without them, should the centre not live until the store is back. */
  readonly waitingFile: string;
};

/** So long somebody waits for his row to be durable. */
const PATIENCE_MS = 2_000;
const AGAIN_MS = 250;
const MOST_IN_COMMIT = 500;
/** Kept for acts that went on without their row; beyond, they are counted. */
const MOST_WAITING = 10_000;

type Waiting = WaitingDraft & { readonly settle: () => void };

/**
 * The one writer of the audit. Rows that come while a transaction is under way are the next one; they keep their order,
 * and none is written twice, whatever became of a commit whose answer was lost.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  #head: ChainHead;
  #waiting: Waiting[] = [];
  #leftOut = 0;
  #trouble: string | undefined;
  #writing: Promise<void> | undefined;
  #isClosing = false;
  readonly #onDisk: RowsOnDisk;
  readonly #headKeeper: HeadKeeper;

  private constructor(options: AuditTrailOptions, head: ChainHead) {
    this.#options = options;
    this.#head = head;
    this.#onDisk = new RowsOnDisk(options.waitingFile, options.log);
    this.#headKeeper = new HeadKeeper(options.headFile, options.log, () => this.#head);
  }

  static async open(options: AuditTrailOptions): Promise<AuditTrail> {
    const trail = new AuditTrail(options, await chainHead(options.store));
    await trail.#compareKept();
    await trail.#onDisk.takeUp(async (row) => (await trail.#isStored(row)) || trail.#take(row, PATIENCE_MS));
    trail.#headKeeper.start();
    return trail;
  }

  /** The last row that is durable. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Why no row can be written right now. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** A refusal that is not written, because too many came; the next row says how many. */
  leaveOut(): void {
    this.#leftOut++;
  }

  /**
   * Takes a row in; whether it is durable by now. After `patienceMs` it is not, and waits in memory.
   * While the store is known to be away, nothing is taken in unless it `mustGoOn`.
   */
  async append(draft: AuditDraft, { mustGoOn = false, patienceMs = PATIENCE_MS } = {}): Promise<boolean> {
    const hasRoom = this.#waiting.length < MOST_WAITING;
    if (this.#isClosing || !hasRoom || (this.#trouble !== undefined && !mustGoOn)) {
      this.#leftOut++;
      return false;
    }
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    const row = { draft: leftOut === 0 ? draft : { ...draft, leftOut }, at: this.#options.clock.now() };
    const isWritten = await this.#take(row, this.#trouble === undefined ? patienceMs : 0);
    // Its act goes on: an act is never without its row, also when the centre does not live until the store is back.
    if (!isWritten && mustGoOn) await this.#onDisk.add(row, () => this.#waiting.length === 0);
    return isWritten;
  }

  async #take(row: WaitingDraft, patienceMs: number): Promise<boolean> {
    const written = Promise.withResolvers<boolean>();
    this.#waiting.push({ ...row, settle: () => written.resolve(true) });
    this.#writing ??= this.#write();
    const timer = setTimeout(() => written.resolve(false), patienceMs);
    const isWritten = await written.promise;
    clearTimeout(timer);
    return isWritten;
  }

  /** A row that was written all the same is not doubled. */
  async #isStored({ draft: { act, by, result, requestId }, at }: WaitingDraft): Promise<boolean> {
    const [stored] = await this.#options.store.query(
      `select 1 as found from audit_row where at = $1::int8 and act = $2::text and by_name = $3::text
         and result = $4::text and request_id is not distinct from $5::text limit 1`,
      [at, act, by, result, requestId ?? null],
    );
    return stored !== undefined;
  }

  /** Removes what is older than it is kept; the row that stays says through which row, and what its hash was. */
  async retain(retentionDays: number): Promise<number> {
    const { store, clock } = this.#options;
    const [last] = await store.query(
      'select sequence, hash from audit_row where at < $1::int8 order by sequence desc limit 1',
      [clock.now() - Math.max(retentionDays, 180) * 86_400_000],
    );
    if (last === undefined) return 0;
    const removedThrough = last['sequence'] as number;
    const what = JSON.stringify({ removedThrough, hash: last['hash'] as string, retentionDays });
    // First the word of it: a removal that is announced and did not happen breaks no chain.
    if (!(await this.append({ by: 'centre', via: 'centre', act: RETENTION_ACT, what, result: 'asked' }))) return 0;
    await store.commit([{ kind: 'sql', sql: 'select fengsui_audit_retain($1::int8)', params: [removedThrough] }]);
    return removedThrough;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.race([this.#writing, pause(PATIENCE_MS, undefined, { ref: false })]);
    await this.#onDisk.settled();
    await this.#headKeeper.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MOST_IN_COMMIT);
      if (!(await this.#writeOnce(batch))) break;
      this.#waiting.splice(0, batch.length);
      for (const { settle } of batch) settle();
    }
    this.#writing = undefined;
    void this.#onDisk.clear(() => this.#waiting.length === 0);
  }

  /** Tries the very same rows until they are there: once an answer was lost, others would double the chain. */
  async #writeOnce(batch: readonly Waiting[]): Promise<boolean> {
    let rows = this.#chained(batch);
    for (;;) {
      try {
        const outcome = await this.#commit(rows);
        this.#say(undefined);
        if (outcome === 'written') {
          const { sequence, hash } = rows.at(-1) ?? this.#head;
          this.#head = { sequence, hash };
          return true;
        }
        // The number was taken by other rows than ours: behind them.
        this.#head = outcome;
        rows = this.#chained(batch);
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error));
        if (this.#isClosing) return false;
        await pause(AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  #chained(batch: readonly Waiting[]): readonly AuditRow[] {
    const rows: AuditRow[] = [];
    for (const { draft, at } of batch) {
      rows.push(chained(draft, at, zoneOffsetAt(this.#options.timeZone, at), rows.at(-1) ?? this.#head));
    }
    return rows;
  }

  /** The head they must follow instead, when others than these have their place. A commit of before that is under way is waited for by the unique sequence. */
  async #commit(rows: readonly AuditRow[]): Promise<'written' | ChainHead> {
    const { store } = this.#options;
    try {
      await store.commit(rows.map((row): Step => ({ kind: 'sql', sql: INSERT_ROW, params: valuesOf(row) })));
      return 'written';
    } catch (error) {
      if (!isStoreError(error, 'unique')) throw error;
      const last = rows.at(-1);
      const [stored] = await store.query('select hash from audit_row where sequence = $1::int8', [last?.sequence ?? 0]);
      return stored?.['hash'] === last?.hash ? 'written' : chainHead(store);
    }
  }

  #say(trouble: string | undefined): void {
    const { log } = this.#options;
    if (trouble !== undefined && this.#trouble === undefined)
      log.error('the audit cannot be written: only acts that save lives go on', { reason: trouble });
    if (trouble === undefined && this.#trouble !== undefined) log.info('the audit can be written again');
    this.#trouble = trouble === undefined ? undefined : `the audit cannot be written: ${trouble}`;
  }

  /** That the chain has not come through it stays on record. */
  async #compareKept(): Promise<void> {
    const { store, log } = this.#options;
    const mismatch = await this.#headKeeper.mismatch(store);
    if (mismatch === undefined) return;
    log.error('the audit is not the one whose head was kept: rows were taken from its end, or written anew', mismatch);
    const draft = { by: 'centre', via: 'centre', act: HEAD_ACT, what: JSON.stringify(mismatch) } as const;
    await this.append({ ...draft, result: 'failed' }, { mustGoOn: true });
  }
}
