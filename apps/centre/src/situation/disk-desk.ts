import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import type { DiskFigures, DiskRoom, DiskWatch } from '../platform/disk-watch.ts';
import type { Log } from '../platform/log.ts';
import { CENTRE_BEARER } from './apply-clock-step.ts';
import { isFaultTold } from './centre-fault.ts';
import type { DiskNews } from './disk-news.ts';
import type { Situation } from './situation.ts';
import type { TimerFiredMeta } from './timer.ts';

export type DiskDeskOptions = {
  readonly disk: DiskWatch;
  readonly journal: Pick<Journal, 'append'>;
  readonly situation: Situation;
  readonly clock: Clock;
  readonly log: Log;
  /** There is room again for something that was refused. */
  readonly onRoom: () => void;
};

const order: readonly DiskRoom[] = ['ample', 'tight', 'low', 'last'];
const isLow = (room: DiskRoom): boolean => order.indexOf(room) >= order.indexOf('low');
const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** Puts on record when the disk gets below its reserve and when it has room again, and says so. */
export class DiskDesk {
  readonly #options: DiskDeskOptions;

  constructor(options: DiskDeskOptions) {
    this.#options = options;
    options.disk.onChange((now, was) => this.#changed(now, was));
  }

  /** What became of it while the centre was down. */
  start(): void {
    const { disk, situation } = this.#options;
    const isTold = isFaultTold(situation, CENTRE_BEARER, 'diskSpace');
    if (isLow(disk.figures.room) !== isTold) this.#tell(disk.figures);
  }

  /** Why reports are refused; undefined when none is. */
  get trouble(): string | undefined {
    const { room, freeBytes, reserveBytes } = this.#options.disk.figures;
    if (!isLow(room)) return undefined;
    return `the disk has ${mib(freeBytes)} MiB left, ${mib(reserveBytes)} are kept for alarms: telemetry and captures are refused and stay with the devices; make room`;
  }

  #changed(now: DiskFigures, was: DiskRoom): void {
    const { log, onRoom } = this.#options;
    const { room, freeBytes, reserveBytes } = now;
    const figures = { room, freeMib: mib(freeBytes), reserveMib: mib(reserveBytes) };
    const isBetter = order.indexOf(room) < order.indexOf(was);
    if (isBetter) log.info('the disk has more room', figures);
    else log.warn('the disk has less room than it should', figures);
    if (isLow(room) !== isLow(was)) this.#tell(now);
    if (isBetter) onRoom();
  }

  #tell({ room, freeBytes }: DiskFigures): void {
    const { journal, clock, log } = this.#options;
    const firedAt = clock.now();
    const purpose: DiskNews = { kind: 'diskSpace', state: isLow(room) ? 'low' : 'back', freeBytes };
    const meta: TimerFiredMeta = { timerId: 'diskSpace', firedAt, purpose };
    journal
      .append('alarm', [{ kind: 'timerFired', partition: partitionOf(''), appendedAt: firedAt, meta }])
      .catch((error: unknown) => log.error('disk space not on record', { reason: String(error) }));
  }
}
