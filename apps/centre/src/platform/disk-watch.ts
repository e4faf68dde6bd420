import { statfs } from 'node:fs/promises';

/**
 * `ample`; `tight`: captures are refused; `low`: below the reserve, what is no alarm is refused; `last`: half the
 * reserve is gone too, not even what is small goes into the bulk lane.
 */
export type DiskRoom = 'ample' | 'tight' | 'low' | 'last';

export type DiskFigures = { readonly room: DiskRoom; readonly freeBytes: number; readonly reserveBytes: number };

export type DiskWatchOptions = {
  readonly folder: string;
  /** Default: 512 MiB, or 5 % of the disk if that is less. */
  readonly reserveBytes?: number | undefined;
  /** For tests. */
  readonly look?: () => Promise<{ readonly freeBytes: number; readonly sizeBytes: number }>;
};

const LOOK_EVERY_MS = 1_000;
const MOST_RESERVE_BYTES = 512 * 1024 * 1024;
const RESERVE_SHARE = 0.05;
/** Room that comes back must be there for good: the limits upwards lie this much higher. */
const MARGIN = 1.25;

/** Below these shares of the reserve. */
const limits = { last: 0.5, low: 1, tight: 2 } as const;
const worstFirst = ['last', 'low', 'tight'] as const;

/**
 * How much room the disk of a folder has left, looked at every second. Free space is asked of the kernel, not kept in a
 * file of our own: such ballast would help only once, and not at all where zeros take no room.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #listeners: ((now: DiskFigures, was: DiskRoom) => void)[] = [];
  #figures: DiskFigures = { room: 'ample', freeBytes: Infinity, reserveBytes: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  get figures(): DiskFigures {
    return this.#figures;
  }

  /** Called after each change, with what it was. */
  onChange(listener: (now: DiskFigures, was: DiskRoom) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when it has looked once. */
  async start(): Promise<void> {
    await this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects: a disk that cannot be asked is what it was. */
  async look(): Promise<void> {
    const found = await (this.#options.look ?? (() => ask(this.#options.folder)))().catch(() => undefined);
    if (found === undefined) return;
    const { freeBytes, sizeBytes } = found;
    const reserveBytes = this.#options.reserveBytes ?? Math.min(MOST_RESERVE_BYTES, RESERVE_SHARE * sizeBytes);
    const was = this.#figures.room;
    const room = roomOf(freeBytes, reserveBytes, was);
    this.#figures = { room, freeBytes, reserveBytes };
    if (room !== was) for (const listener of this.#listeners) listener(this.#figures, was);
  }
}

function roomOf(freeBytes: number, reserveBytes: number, was: DiskRoom): DiskRoom {
  for (const room of worstFirst) {
    const isThereAlready = was !== 'ample' && worstFirst.indexOf(was) <= worstFirst.indexOf(room);
    if (freeBytes < reserveBytes * limits[room] * (isThereAlready ? MARGIN : 1)) return room;
  }
  return 'ample';
}

async function ask(folder: string): Promise<{ freeBytes: number; sizeBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}
