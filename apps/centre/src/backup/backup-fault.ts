import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import type { BackupNews } from '../situation/backup-news.ts';
import { isFaultTold } from '../situation/centre-fault.ts';
import type { Situation } from '../situation/situation.ts';
import type { TimerFiredMeta } from '../situation/timer.ts';

export type BackupFaultOptions = {
  readonly journal: Pick<Journal, 'append'>;
  readonly situation: Situation;
  readonly clock: Clock;
  readonly log: Log;
};

/** Puts on record that scheduled backups fail, once until the next one that is made, whoever asked for it. */
export class BackupFault {
  readonly #options: BackupFaultOptions;

  constructor(options: BackupFaultOptions) {
    this.#options = options;
  }

  /** Neither rejects: where it cannot be put on record, /readyz and the log say it. */
  readonly failed = (): Promise<void> => this.#tell('failed');
  readonly made = (): Promise<void> => this.#tell('made');

  async #tell(state: BackupNews['state']): Promise<void> {
    const { journal, situation, clock, log } = this.#options;
    if (isFaultTold(situation, CENTRE_BEARER, 'backupFailed') === (state === 'failed')) return;
    const firedAt = clock.now();
    const purpose: BackupNews = { kind: 'backup', state };
    const meta: TimerFiredMeta = { timerId: 'backup', firedAt, purpose };
    try {
      await journal.append('alarm', [{ kind: 'timerFired', partition: partitionOf(''), appendedAt: firedAt, meta }]);
    } catch (error) {
      log.error('state of the backups not on record', { state, reason: String(error) });
    }
  }
}
