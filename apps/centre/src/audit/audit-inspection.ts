import type { Store } from '../store/store.ts';
import type { ChainHead } from './audit-row.ts';
import type { AuditTrail } from './audit-trail.ts';
import { HEAD_ACT, listAudit, verifyAudit } from './read-audit.ts';
import { verifyStamps, type StampVerdict } from './stamp-rows.ts';
import type { ChainFault, ChainVerdict } from './verify-chain.ts';

/** The act of the row that tells what came of a verification. */
export const VERIFIED_ACT = 'audit verified';

export type AuditFindings = ChainVerdict & {
  readonly isWhole: boolean;
  /** Rows that say: the chain was not the one whose head was kept. */
  readonly headsDiffered: readonly number[];
  readonly stamps: StampVerdict;
};

export type LastInspection = {
  readonly at: number;
  readonly zoneOffset: string;
  readonly isWhole: boolean;
  readonly count: number;
  readonly head: ChainHead;
  readonly broken?: ChainFault;
};

export type AuditInspectionOptions = {
  readonly store: Store;
  readonly audit: AuditTrail;
  /** PEM of the time-stamping authority; without it stamps are counted, not verified. */
  readonly stampCertificates: string | undefined;
};

/** Verifies the whole audit, one time after the other; what came of it is a row. */
export class AuditInspection {
  readonly #options: AuditInspectionOptions;
  #running: Promise<AuditFindings> | undefined;
  #readCount = 0;

  constructor(options: AuditInspectionOptions) {
    this.#options = options;
  }

  /** Rows that the one under way has read; undefined when none is. */
  get readCount(): number | undefined {
    return this.#running === undefined ? undefined : this.#readCount;
  }

  /** Who asks while one is under way gets the findings of that. */
  run(by: string): Promise<AuditFindings> {
    this.#running ??= this.#inspect(by).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async last(): Promise<LastInspection | undefined> {
    const { store } = this.#options;
    const [row] = await store.query(
      `select at, zone_offset, what from audit_row where act = $1 and via = 'centre' order by sequence desc limit 1`,
      [VERIFIED_ACT],
    );
    if (row === undefined) return undefined;
    const found = JSON.parse(row['what'] as string) as Omit<LastInspection, 'at' | 'zoneOffset'>;
    return { ...found, at: row['at'] as number, zoneOffset: row['zone_offset'] as string };
  }

  async #inspect(by: string): Promise<AuditFindings> {
    const { store, audit, stampCertificates } = this.#options;
    this.#readCount = 0;
    const verdict = await verifyAudit(store, audit.head, (count) => (this.#readCount = count));
    const rows = await listAudit(store, { act: HEAD_ACT, limit: 100 });
    const headsDiffered = rows.filter(({ act, via }) => act === HEAD_ACT && via === 'centre').map(({ sequence }) => sequence); // prettier-ignore
    const stamps = await verifyStamps(store, stampCertificates);
    const isWhole = verdict.broken === undefined && headsDiffered.length === 0 && stamps.wrong.length === 0;
    const { count, head, broken } = verdict;
    const what = JSON.stringify({ isWhole, count, head, ...(broken !== undefined && { broken }) });
    await audit.append(
      { by, via: 'centre', act: VERIFIED_ACT, what, result: isWhole ? 'done' : 'failed' },
      { mustGoOn: true },
    );
    return { ...verdict, isWhole, headsDiffered, stamps };
  }
}
