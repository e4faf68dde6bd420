import { hostname } from 'node:os';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { Pause } from '../platform/pause.ts';
import type { Store } from '../store/store.ts';
import type { AuditTrail } from './audit-trail.ts';
import { deliverSyslog, type Collector } from './deliver-syslog.ts';
import { rowsAfter } from './read-audit.ts';
import { messageOfHead, messageOfRow } from './syslog-message.ts';
import { zoneOffsetAt } from '../platform/zone-offset.ts';

export type SyslogExportOptions = {
  readonly store: Store;
  readonly audit: Pick<AuditTrail, 'head'>;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
};

const MOST_IN_BATCH = 500;
const EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const HEAD_EVERY_MS = 3_600_000;
/** Longer without getting through, and somebody should look. */
const BEHIND_MS = 300_000;
const LAST_MS = 2_000;
const NAME = 'syslog';

/**
 * Tells a collector every row of the audit, in order and at least once, and hourly where the chain stands. It reads the
 * rows from the store behind those who write them: nobody waits for it, and an outage costs no memory.
 */
export class SyslogExport {
  readonly #options: SyslogExportOptions;
  readonly #pause = new Pause();
  #mark: number | undefined;
  #headToldAt = -Infinity;
  #throughAt = performance.now();
  #failure: string | undefined;
  #loop: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: SyslogExportOptions) {
    this.#options = options;
  }

  /** Rows that the collector has not got; undefined before it is known. */
  get behind(): number | undefined {
    return this.#mark === undefined ? undefined : Math.max(0, this.#options.audit.head.sequence - this.#mark);
  }

  /** Why rows do not get through, once they have not for five minutes. */
  get trouble(): string | undefined {
    if (this.#failure === undefined || performance.now() - this.#throughAt < BEHIND_MS) return undefined;
    return `${this.behind ?? 'all'} rows of the audit have not reached the collector: ${this.#failure}`;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** What there is still goes, and the head, if the collector takes it at once; the rest at the next start. */
  async stop(): Promise<void> {
    this.#headToldAt = -Infinity;
    this.#isStopped = true;
    this.#pause.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LAST_MS)));
    await Promise.race([this.#loop, late]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    let waitMs = EVERY_MS;
    for (;;) {
      const isLast = this.#isStopped;
      try {
        const count = await this.#sendNext();
        if (this.#failure !== undefined) this.#options.log.info('the collector of the audit takes rows again');
        this.#failure = undefined;
        this.#throughAt = performance.now();
        waitMs = EVERY_MS;
        if (count === MOST_IN_BATCH) continue;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#failure !== reason) this.#options.log.warn('rows of the audit wait for their collector', { reason });
        this.#failure = reason;
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
      if (isLast) return;
      if (!this.#isStopped) await this.#pause.wait(waitMs);
    }
  }

  /** How many rows went. */
  async #sendNext(): Promise<number> {
    const { store, audit, collector, clock, timeZone, log } = this.#options;
    const mark = (this.#mark ??= await readMark(store));
    const { head } = audit;
    if (mark > head.sequence) {
      log.warn('the audit is shorter than what its collector has', { has: mark, head: head.sequence });
      this.#mark = head.sequence;
      return 0;
    }
    const now = clock.now();
    const isHeadDue = now - this.#headToldAt >= HEAD_EVERY_MS && head.sequence > 0;
    if (mark === head.sequence && !isHeadDue) return 0;
    const rows = await rowsAfter(store, mark, MOST_IN_BATCH);
    const messages = rows.map((row) => messageOfRow(row, hostname()));
    // Behind the rows it covers.
    const last = rows.at(-1)?.sequence ?? mark;
    const tellsHead = isHeadDue && last >= head.sequence;
    if (tellsHead) messages.push(messageOfHead(head, { at: now, zoneOffset: zoneOffsetAt(timeZone, now) }, hostname()));
    if (messages.length > 0) await deliverSyslog(collector, messages);
    if (tellsHead) this.#headToldAt = now;
    if (last > mark) await writeMark(store, last);
    this.#mark = last;
    return rows.length;
  }
}

async function readMark(store: Store): Promise<number> {
  const [row] = await store.query('select sequence from audit_export where name = $1', [NAME]);
  return (row?.['sequence'] as number | undefined) ?? 0;
}

async function writeMark(store: Store, sequence: number): Promise<void> {
  const sql =
    'insert into audit_export (name, sequence) values ($1, $2::int8) on conflict (name) do update set sequence = excluded.sequence';
  await store.commit([{ kind: 'sql', sql, params: [NAME, sequence] }]);
}
