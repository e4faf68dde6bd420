import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { AuditDraft } from '../audit/audit-row.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { backupAct } from './backup-act.ts';
import type { Log } from '../platform/log.ts';
import { BackupError } from './backup-format.ts';
import { createBackup, type BackupOrder, type BackupResult } from './create-backup.ts';
import { noteLastBackup, readLastBackup, type LastBackup } from './last-backup.ts';

export type BackupState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly file: string; readonly bytesRead: number }
  | ({ readonly kind: 'done' } & BackupResult)
  | { readonly kind: 'failed'; readonly file: string; readonly reason: string };

export type BackupDeskOptions = Omit<BackupOrder, 'to' | 'reason' | 'onProgress' | 'isGentle' | 'signal'> & {
  /** Where the newest is noted, and where they go by default. */
  readonly backupsFolder: string;
  readonly log: Log;
  /** That one is made, by whom, and what became of it. */
  readonly audit: Pick<AuditTrail, 'append'>;
  /** One was made whole, whoever asked for it. */
  readonly onMade?: () => unknown;
};

/** The backups of a running centre, one at a time. */
export class BackupDesk {
  readonly #options: BackupDeskOptions;
  #state: BackupState = { kind: 'none' };
  #running: Promise<BackupResult> | undefined;
  #stopping = new AbortController();
  #last: LastBackup | undefined;

  private constructor(options: BackupDeskOptions, last: LastBackup | undefined) {
    this.#options = options;
    this.#last = last;
  }

  static async open(options: BackupDeskOptions): Promise<BackupDesk> {
    return new BackupDesk(options, await readLastBackup(options.backupsFolder));
  }

  /** The newest one that was made whole, of this run or one before. */
  get last(): LastBackup | undefined {
    return this.#last;
  }

  get state(): BackupState {
    return this.#state;
  }

  /** The file that is being made from now on; `state` tells what becomes of it. @throws BackupError as `create`. */
  begin(to: string, reason: BackupOrder['reason']): string {
    if (this.#running !== undefined) throw new BackupError('a backup is being made already');
    this.create(to, reason).catch(() => undefined);
    return path.resolve(to);
  }

  /** Resolves when the file is whole. @throws BackupError when one is being made. */
  create(to: string, reason: BackupOrder['reason']): Promise<BackupResult> {
    if (this.#running !== undefined) return Promise.reject(new BackupError('a backup is being made already'));
    const file = path.resolve(to);
    this.#state = { kind: 'running', file, bytesRead: 0 };
    this.#running = this.#make(file, reason).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** The centre stops: so does what is being made. */
  stop(): Promise<void> {
    return this.giveUp('the centre stops');
  }

  /** Ends what is being made; nothing is left of it. */
  async giveUp(reason: string): Promise<void> {
    this.#stopping.abort(reason);
    await this.#running?.catch(() => undefined);
  }

  async #make(file: string, reason: BackupOrder['reason']): Promise<BackupResult> {
    const { log, backupsFolder, onMade, audit, ...order } = this.#options;
    const act = backupAct(file, reason);
    const note = (outcome: Pick<AuditDraft, 'result' | 'what'>): Promise<boolean> =>
      audit.append({ ...act, ...outcome }, { mustGoOn: true });
    await note({ result: 'asked' });
    const onProgress = (bytesRead: number): void => {
      this.#state = { kind: 'running', file, bytesRead };
    };
    try {
      this.#stopping = new AbortController();
      const { signal } = this.#stopping;
      const result = await createBackup({ ...order, to: file, reason, onProgress, isGentle: true, signal });
      this.#last = result;
      await mkdir(backupsFolder, { recursive: true, mode: 0o700 });
      await noteLastBackup(backupsFolder, result);
      this.#state = { kind: 'done', ...result };
      onMade?.();
      await note({ result: 'done', what: JSON.stringify({ bytes: result.bytes, asOf: result.asOf }) });
      log.info('backup made', { file, bytes: result.bytes, asOf: result.asOf });
      return result;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#state = { kind: 'failed', file, reason: words };
      log.error('backup failed', { file, reason: words });
      await note({ result: 'failed' });
      throw error;
    }
  }
}
