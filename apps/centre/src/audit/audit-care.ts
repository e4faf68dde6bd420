import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../store/store.ts';
import { askTimeStamp, type TimeStampAuthority } from './ask-time-stamp.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Collector } from './deliver-syslog.ts';
import { lastStamp, stampDraft } from './stamp-rows.ts';
import { SyslogExport } from './syslog-export.ts';

export type AuditCareOptions = {
  readonly store: Store;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  readonly retentionDays: number;
  readonly collector?: Collector | undefined;
  readonly authority?: TimeStampAuthority | undefined;
};

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STAMP_TIMEOUT_MS = 10_000;
/** The centre stops, and has other things to end. */
const LAST_STAMP_TIMEOUT_MS = 2_500;
/** Of a day that has gone by without a stamp, three more are a reason to look. */
const UNSTAMPED_MS = 4 * DAY_MS;

/** What the audit needs day by day; the process that leads gives it: old rows go, the head is stamped, rows are told elsewhere. */
export class AuditCare {
  readonly #options: AuditCareOptions;
  readonly #export: SyslogExport | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retainNotBefore = 0;
  #stampNotBefore = 0;
  #stampFailure: string | undefined;
  #stampedAt: number | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: AuditCareOptions) {
    this.#options = options;
    const { collector } = options;
    if (collector !== undefined) this.#export = new SyslogExport({ ...options, collector });
  }

  /** Rows that the collector has not got; undefined without one. */
  get behind(): number | undefined {
    return this.#export?.behind;
  }

  /** When the head was stamped last; epoch ms. */
  get stampedAt(): number | undefined {
    return this.#stampedAt;
  }

  /** What of it does not work; undefined when all is well. */
  get trouble(): string | undefined {
    const { clock } = this.#options;
    const isOld = this.#stampedAt === undefined || clock.now() - this.#stampedAt > UNSTAMPED_MS;
    if (this.#stampFailure !== undefined && isOld) return `the head of the audit is not stamped: ${this.#stampFailure}`;
    return this.#export?.trouble;
  }

  start(): void {
    this.#export?.start();
    const look = (): void => void (this.#looking ??= this.look().finally(() => (this.#looking = undefined)));
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS);
  }

  /** The last rows are stamped, then told. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#stamp(LAST_STAMP_TIMEOUT_MS);
    await this.#export?.stop();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { clock, audit, retentionDays, log } = this.#options;
    const now = clock.now();
    if (now >= this.#retainNotBefore) {
      this.#retainNotBefore = now + HOUR_MS;
      try {
        const through = await audit.retain(retentionDays);
        if (through > 0) log.info('old rows of the audit removed', { through, retentionDays });
        this.#retainNotBefore = now + DAY_MS;
      } catch (error) {
        log.error('old rows of the audit not removed; again in an hour', { reason: String(error) });
      }
    }
    if (now >= this.#stampNotBefore) await this.#stampWhenDue(now);
  }

  async #stampWhenDue(now: number): Promise<void> {
    const { store, authority } = this.#options;
    if (authority === undefined) return;
    this.#stampedAt ??= await lastStamp(store).then((stamp) => stamp?.at, () => undefined); // prettier-ignore
    if (this.#stampedAt !== undefined && now - this.#stampedAt < DAY_MS) return;
    this.#stampNotBefore = now + HOUR_MS;
    await this.#stamp(STAMP_TIMEOUT_MS);
  }

  /** Nothing when nothing was written since the last one. */
  async #stamp(timeoutMs: number): Promise<void> {
    const { audit, authority, store, clock, log } = this.#options;
    const { head } = audit;
    if (authority === undefined || head.sequence === 0) return;
    try {
      if ((await lastStamp(store))?.sequence === head.sequence) return;
      const { token, at } = await askTimeStamp(authority, head.hash, timeoutMs);
      await audit.append(stampDraft(head, token), { mustGoOn: true });
      if (this.#stampFailure !== undefined) log.info('the head of the audit is stamped again');
      this.#stampFailure = undefined;
      this.#stampedAt = clock.now();
      log.info('audit stamped', { sequence: head.sequence, at: new Date(at).toISOString() });
    } catch (error) {
      this.#stampFailure = reasonOf(error);
      log.warn('the head of the audit is not stamped', { reason: this.#stampFailure });
    }
  }
}

/** `fetch` says why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
