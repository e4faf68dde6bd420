import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { LoadSwitch } from '../loads/circuit-loads.ts';
import { nothingTaught, type TaughtLoads } from '../loads/taught-loads.ts';
import { MOST_RECENT_LOADS, type RecentLoad } from './recent-loads.ts';

/** Where a terminal and those who teach it meet: two files beside its state. */
export type TeachingDesk = {
  taught(prefix: string): TaughtLoads;
  /** Circuits that were taught anew since the last call; looks at the file every two seconds at most. */
  changed(): readonly string[];
  /** Keeps a switching, to be judged; written at the next `changed`, every two seconds at most. */
  remember(prefix: string, load: LoadSwitch): void;
  /** Writes what is not written yet. */
  close(): void;
};

export type TeachingFiles = { readonly recent: string; readonly taught: string };

/** `d1.json` → `d1.loads.json` (what was switched) and `d1.taught.json` (what was learned). */
export function teachingFilesOf(stateFile: string): TeachingFiles {
  const stem = stateFile.replace(/\.json$/i, '');
  return { recent: `${stem}.loads.json`, taught: `${stem}.taught.json` };
}

const LOOK_EVERY_MS = 2_000;

type Taught = Readonly<Record<string, TaughtLoads>>;

/** @throws Error when a file is there and cannot be read: what was taught is not thrown away in silence. */
export function createTeachingDesk(files: TeachingFiles, now: () => number): TeachingDesk {
  let taught = readTaught(files);
  let stamp = stampOf(files.taught);
  let lookedAt = now();
  let recent: readonly RecentLoad[] = readRecent(files);
  let isWritten = true;

  function write(): void {
    if (isWritten) return;
    isWritten = true;
    writeWhole(files.recent, recent);
  }

  return {
    taught: (prefix) => taught[prefix] ?? nothingTaught(),
    changed() {
      if (now() - lookedAt < LOOK_EVERY_MS) return [];
      lookedAt = now();
      write();
      const newest = stampOf(files.taught);
      if (newest === stamp) return [];
      let next: Taught;
      try {
        next = readTaught(files);
      } catch {
        // Half-edited by hand: what is known goes on, and the file is looked at again.
        return [];
      }
      stamp = newest;
      const prefixes = new Set([...Object.keys(taught), ...Object.keys(next)]);
      const changes = [...prefixes].filter(
        (prefix) => taught[prefix]?.enrolled.version !== next[prefix]?.enrolled.version,
      );
      taught = next;
      return changes;
    },
    remember(prefix, load) {
      recent = [...recent, recentLoadOf(prefix, load)].slice(-MOST_RECENT_LOADS);
      isWritten = false;
    },
    close: write,
  };
}

export function readRecent({ recent }: TeachingFiles): readonly RecentLoad[] {
  return (readJson(recent) ?? []) as readonly RecentLoad[];
}

export function readTaught({ taught }: TeachingFiles): Taught {
  return (readJson(taught) ?? {}) as Taught;
}

export function writeTaught({ taught }: TeachingFiles, newest: Taught): void {
  writeWhole(taught, newest);
}

function recentLoadOf(prefix: string, { kind, at, evidence, fingerprint, recognition }: LoadSwitch): RecentLoad {
  const { named, device, types, families } = recognition;
  return {
    loadEventId: evidence.loadEventId,
    prefix,
    kind,
    at,
    activePowerW: evidence.switching.activePowerW,
    ...(named !== undefined && { named }),
    ...(device !== undefined && { device: { deviceId: device.deviceId, name: device.name } }),
    ...(types[0] !== undefined && { type: types[0].type }),
    ...(families[0] !== undefined && { family: families[0].family }),
    fingerprint,
    shape: evidence.shape,
  };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: expected JSON as this program wrote it`, { cause });
  }
}

/** Whole or not at all: the other side may read at any moment. */
function writeWhole(file: string, value: unknown): void {
  const draft = `${file}.part`;
  writeFileSync(draft, JSON.stringify(value), { flush: true });
  renameSync(draft, file);
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return '';
  }
}
