import { statSync } from 'node:fs';
import type { LoadSwitch } from '../loads/circuit-loads.ts';
import { nothingTaught, type TaughtLoads } from '../loads/taught-loads.ts';
import { learnJudgement, rollBackTeaching, type CentreJudgement, type Lesson } from './learn-judgement.ts';
import { MOST_RECENT_LOADS, type RecentLoad } from './recent-loads.ts';
import { readRecent, readTaught, writeRecent, type Taught, type TeachingFiles } from './teaching-files.ts';

/** Where a terminal and those who teach it meet: two files beside its state. */
export type TeachingDesk = {
  taught(prefix: string): TaughtLoads;
  /** Circuits that were taught anew since the last call; looks at the file every two seconds at most. */
  changed(): readonly string[];
  /** Keeps a switching, to be judged; written at the next `changed`, every two seconds at most. */
  remember(prefix: string, load: LoadSwitch): void;
  /** What a person said at the centre; `changed` tells of it. @throws RangeError as learnJudgement does. */
  learn(judgement: CentreJudgement): Lesson;
  /** @throws RangeError for a version that is not known. */
  rollBack(circuit: string, toVersion: number): Lesson;
  /** Writes what is not written yet. */
  close(): void;
};

const LOOK_EVERY_MS = 2_000;

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
    writeRecent(files, recent);
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
    learn(judgement) {
      // The switching may be of this very second.
      write();
      return learnJudgement(files, judgement);
    },
    rollBack: (circuit, toVersion) => rollBackTeaching(files, circuit, toVersion, now()),
    close: write,
  };
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

function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return '';
  }
}
