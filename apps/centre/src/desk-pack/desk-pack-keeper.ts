import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeDeskPack } from '../paper/desk-pack-paper.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Situation } from '../situation/situation.ts';
import { deskPack } from './desk-pack.ts';

export type DeskPackKeeperOptions = {
  readonly situation: Situation;
  readonly folder: string;
  /** What of the centre does not work now. */
  readonly troubles: () => readonly string[];
  readonly clock: Clock;
  readonly timeZone: string;
  readonly log: Log;
};

const LOOK_EVERY_MS = 10_000;
const WRITE_EVERY_MS = 3_600_000;

/**
 * Keeps the newest desk pack as a file: for the hour in which the centre itself cannot be asked. Written each hour, and at
 * once when something of the centre stops working. It names people: its owner alone reads it.
 */
export class DeskPackKeeper {
  readonly #options: DeskPackKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #writtenAt = -Infinity;
  #knownTroubles = 0;

  constructor(options: DeskPackKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
  }

  /** Never rejects; one at a time. */
  look(): Promise<void> {
    const { clock, troubles } = this.#options;
    const count = troubles().length;
    const isNews = count > this.#knownTroubles;
    this.#knownTroubles = count;
    if (this.#writing === undefined && (isNews || clock.now() - this.#writtenAt >= WRITE_EVERY_MS)) {
      this.#writtenAt = clock.now();
      this.#writing = this.#write().finally(() => (this.#writing = undefined));
    }
    return this.#writing ?? Promise.resolve();
  }

  async #write(): Promise<void> {
    const { situation, folder, clock, timeZone, troubles, log } = this.#options;
    const made = { madeAt: clock.now(), madeBy: 'Fengsui', troubles: troubles() };
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const pack = deskPack(situation, { scope: { venues: 'all' }, ...made });
      for (const language of ['zh', 'en'] as const) {
        const file = path.join(folder, `desk-pack-${language}.pdf`);
        await writeFile(`${file}.new`, await writeDeskPack(pack, { language, timeZone }), { mode: 0o600 });
        await rename(`${file}.new`, file);
      }
    } catch (error) {
      log.error('desk pack not written', { folder, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
