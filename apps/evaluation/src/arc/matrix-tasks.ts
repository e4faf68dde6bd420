import type { MatrixRow } from '@fengsui/city';
import { rowsOfAllModels } from './arc-report.ts';
import { arcModelKinds, type ArcTask } from './arc-task.ts';

/** Episodes per task: about a second of work. */
const CHUNK = 100;
/** A longer silence is several runs, each with its own seed. */
export const LONGEST_RUN_S = 3600;

export type MatrixPlan = {
  readonly seed: number;
  readonly sampleRateHz: number;
  readonly rows: readonly MatrixRow[];
  readonly seeds: number;
  readonly seconds: number;
  readonly silentSeconds: number;
  /** Nuisance episodes per class, and of which classes. */
  readonly episodes: number;
  readonly classes: readonly string[];
};

/** Everything that one evaluation of the matrix runs: arcs, normal and silent runs, episodes. */
export function matrixTasks(plan: MatrixPlan): ArcTask[] {
  const { seed, sampleRateHz, rows, seeds, seconds, silentSeconds, episodes, classes } = plan;
  const tasks: ArcTask[] = [];
  for (const row of rows) {
    if (row.kind === 'silent') {
      for (const caseId of row.nuisanceClasses) {
        for (let run = 0; run * LONGEST_RUN_S < silentSeconds; run++) {
          const left = Math.min(LONGEST_RUN_S, silentSeconds - run * LONGEST_RUN_S);
          tasks.push({ kind: 'silent', row: row.id, caseId, seed: seed + run, sampleRateHz, seconds: left });
        }
      }
      continue;
    }
    for (const { id: caseId } of row.cases) {
      const common = { row: row.id, caseId, sampleRateHz };
      tasks.push({ kind: 'normal', ...common, seed, seconds });
      for (const model of arcModelKinds) {
        const isFull = model === 'carbonised' || rowsOfAllModels.includes(row.id);
        for (let run = 0; run < (isFull ? seeds : 1); run++) {
          for (const isSustained of isFull ? [true, false] : [false]) {
            tasks.push({ kind: 'arc', ...common, seed: seed + run, model, isSustained });
          }
        }
      }
    }
  }
  for (const classId of classes) {
    for (let from = 0; from < episodes; from += CHUNK) {
      const count = Math.min(CHUNK, episodes - from);
      // Episodes of one evaluation do not overlap with those of the next seed.
      tasks.push({ kind: 'episodes', classId, seed: seed * 1_000_000 + from, count, sampleRateHz });
    }
  }
  return tasks;
}
