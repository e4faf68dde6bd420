import { readJsonFile, writeWhole } from '../state/json-file.ts';
import type { CentreClock } from './centre-clock.ts';

/**
 * Ids of the commands that were taken, until they expire. What was forgotten raises a floor that no later command may
 * lie under: a replay stays a replay even when somebody sets the clock back.
 */
export type NonceBook = {
  /** Whether it may have been taken before. Instants are epoch ms of the centre. */
  isReplay(command: Aged): boolean;
  /** Resolves nothing: when it returns, the id is on disk. @throws Error when it cannot be kept: then nothing is done. */
  take(id: string, expiresAt: number, now: number): void;
};

type Aged = { readonly id: string; readonly issuedAt: number; readonly expiresAt: number };
type Kept = { readonly floor: number; readonly nonces: Readonly<Record<string, number>> };

/** A book on disk. @throws Error when the file is there and is something else. */
export function openNonceBook(file: string): NonceBook {
  return bookOf(read(file), (kept) => writeWhole(file, JSON.stringify(kept), 0o600));
}

/**
 * A book that ends with the process. A command from before the start may be one that the run before took: none that was
 * issued before the centre's clock was first heard is taken.
 */
export function memoryNonceBook(clock: Pick<CentreClock, 'firstHeard'>): NonceBook {
  const book = bookOf({ floor: 0, nonces: {} }, () => undefined);
  return {
    ...book,
    isReplay: (command) => command.issuedAt < (clock.firstHeard() ?? Infinity) || book.isReplay(command),
  };
}

function bookOf(before: Kept, write: (kept: Kept) => void): NonceBook {
  let { floor } = before;
  let nonces = new Map(Object.entries(before.nonces));
  return {
    isReplay: ({ id, expiresAt }) => nonces.has(id) || expiresAt <= floor,
    take(id, expiresAt, now) {
      const kept = new Map([...nonces].filter(([, until]) => until >= now));
      kept.set(id, expiresAt);
      const forgotten = [...nonces.values()].filter((until) => until < now);
      const raised = Math.max(floor, ...forgotten);
      write({ floor: raised, nonces: Object.fromEntries(kept) });
      nonces = kept;
      floor = raised;
    },
  };
}

function read(file: string): Kept {
  const document = readJsonFile(file);
  if (document === undefined) return { floor: 0, nonces: {} };
  const { floor, nonces } = (document ?? {}) as Partial<Kept>;
  const isBook =
    typeof floor === 'number' &&
    typeof nonces === 'object' &&
    nonces !== null &&
    Object.values(nonces).every((until) => typeof until === 'number');
  if (!isBook) throw new Error(`${file}: expected the commands that were taken, {"floor","nonces"}`);
  return { floor, nonces };
}

/** `d1.json` → `d1.nonces.json`. */
export function nonceFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.nonces.json`;
}
