import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { backupName, beyondKeep } from './backup-name.ts';
import type { BackupDesk } from './backup-desk.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
/** After a failure: not at once, and not a day later. */
const RETRY_MS = HOUR_MS;

export type BackupScheduleOptions = {
  readonly desk: BackupDesk;
  readonly everyHours: number;
  readonly folder: string;
  /** So many of its own stay there. */
  readonly keep: number;
  readonly clock: Clock;
  readonly log: Log;
  /** One was not made, for another reason than that the centre stops. */
  readonly onFailed?: () => unknown;
};

/** Makes a backup when the last one is older than so many hours, and deletes its own beyond those to keep. */
export class BackupSchedule {
  readonly #options: BackupScheduleOptions;
  #timer: NodeJS.Timeout | undefined;
  #notBefore = 0;
  #isStopped = false;

  constructor(options: BackupScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.everyHours === 0) return;
    void this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { desk, everyHours, folder, clock, log, onFailed } = this.#options;
    const now = clock.now();
    const last = desk.last === undefined ? -Infinity : Date.parse(desk.last.asOf);
    if (desk.state.kind === 'running' || now < this.#notBefore || now - last < everyHours * HOUR_MS) return;
    this.#notBefore = now + RETRY_MS;
    const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
    try {
      await desk.create(path.join(folder, backupName('scheduled', now)), 'scheduled');
      this.#notBefore = 0;
    } catch (error) {
      if (this.#isStopped) return;
      log.error('scheduled backup failed; again in an hour', { reason: reasonOf(error) });
      onFailed?.();
      return;
    }
    await this.#prune().catch((error: unknown) => log.warn('old backups not deleted', { reason: reasonOf(error) }));
  }

  async #prune(): Promise<void> {
    const { folder, keep, log } = this.#options;
    for (const name of beyondKeep(await readdir(folder), 'scheduled', keep)) {
      await rm(path.join(folder, name), { force: true });
      log.info('old backup deleted', { file: path.join(folder, name) });
    }
  }
}
