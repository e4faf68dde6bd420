import type { LoadVerdict } from '@fengsui/protocol';
import { nothingTaught, type TaughtLoads } from '../loads/taught-loads.ts';
import { judge, revise } from './judge.ts';
import { readRecent, readTaught, writeTaught, type TeachingFiles } from './teaching-files.ts';

/** What a person said at the centre; `by` and `at` (epoch ms) tell it from every other. */
export type CentreJudgement = {
  readonly loadEventId: string;
  readonly verdict: LoadVerdict;
  readonly name?: string;
  readonly by: string;
  readonly at: number;
};

/** `learned` is false when there was nothing new: it was learned before, or a family was rejected. */
export type Lesson = {
  readonly learned: boolean;
  readonly circuit: string;
  readonly version: number;
  readonly devices: readonly { readonly deviceId: string; readonly name: string }[];
};

/**
 * Learns a judgement of the centre, once however often it comes.
 *
 * @throws RangeError when the switching is too old, there is nothing to confirm, or the name is empty.
 */
export function learnJudgement(files: TeachingFiles, judgement: CentreJudgement): Lesson {
  const { loadEventId, verdict, name, by, at } = judgement;
  const load = readRecent(files).find((candidate) => candidate.loadEventId === loadEventId);
  if (load === undefined) throw new RangeError(`no load event ${loadEventId}; it is not of this terminal, or too old`);
  const before = taughtOf(files, load.prefix);
  const isKnown = before.enrolled.history.some((record) => record.at === at && record.by === by);
  if (isKnown) return lessonOf(load.prefix, before, false);
  const next = judge(before, load, { verdict, at, by, ...(name !== undefined && { name }) });
  if (next !== before) keep(files, load.prefix, next);
  return lessonOf(load.prefix, next, next !== before);
}

/** The devices of a circuit as they were at an earlier version, as a new one. @throws RangeError for no such version. */
export function rollBackTeaching(files: TeachingFiles, circuit: string, toVersion: number, at: number): Lesson {
  const next = revise(taughtOf(files, circuit), { kind: 'rollBack', toVersion }, at);
  keep(files, circuit, next);
  return lessonOf(circuit, next, true);
}

const taughtOf = (files: TeachingFiles, circuit: string): TaughtLoads => readTaught(files)[circuit] ?? nothingTaught();

function keep(files: TeachingFiles, circuit: string, taught: TaughtLoads): void {
  writeTaught(files, { ...readTaught(files), [circuit]: taught });
}

const lessonOf = (circuit: string, { enrolled: { version, devices } }: TaughtLoads, learned: boolean): Lesson => ({
  learned,
  circuit,
  version,
  devices: devices.map(({ deviceId, name }) => ({ deviceId, name })),
});
