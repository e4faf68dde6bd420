import { calibrationProblems, type Calibration } from '@fengsui/protocol';
import { readJsonFile, writeWhole } from '../state/json-file.ts';

/** Which calibration is in use, and which were before it. */
export type CalibrationBook = {
  current(): Calibration | undefined;
  /** Newest first. */
  previous(): readonly Calibration[];
  /** From now on this one; the change waits to be told. @throws Error when it cannot be kept. */
  keep(next: Calibration): void;
  /** A change that no report told yet. */
  untold(): CalibrationChange | undefined;
  /** The change is on its way. */
  told(): void;
  /** Whether it outlives a restart. */
  readonly isKept: boolean;
};

export type CalibrationChange = { readonly from?: string; readonly to: Calibration };

type Kept = {
  readonly current?: Calibration;
  readonly previous: readonly Calibration[];
  readonly untold?: { readonly from?: string };
};

const MOST_PREVIOUS = 16;

/** Without a file it ends with the process. @throws Error when the file is there and is something else. */
export function openCalibrationBook(file?: string): CalibrationBook {
  let kept = file === undefined ? { previous: [] } : read(file);

  function write(next: Kept): void {
    if (file !== undefined) writeWhole(file, JSON.stringify(next));
    kept = next;
  }

  return {
    current: () => kept.current,
    previous: () => kept.previous,
    keep(next) {
      const { current, previous } = kept;
      const from = current?.id;
      write({
        current: next,
        previous: [...(current === undefined ? [] : [current]), ...previous].slice(0, MOST_PREVIOUS),
        untold: { ...(from !== undefined && { from }) },
      });
    },
    untold: () =>
      kept.untold === undefined || kept.current === undefined ? undefined : { ...kept.untold, to: kept.current },
    told() {
      const { untold: _told, ...rest } = kept;
      write(rest);
    },
    isKept: file !== undefined,
  };
}

function read(file: string): Kept {
  const kept = readJsonFile(file) as Partial<Kept> | null | undefined;
  if (kept === undefined) return { previous: [] };
  const [problem] = kept?.current === undefined ? [] : calibrationProblems(kept.current);
  if (!Array.isArray(kept?.previous) || problem !== undefined)
    throw new Error(
      `${file}: expected the calibrations of a terminal, {"current","previous":[…]}${problem === undefined ? '' : `: ${problem}`}`,
    );
  return kept as Kept;
}

/** What a file of a factory or a laboratory holds. @throws Error naming what is wrong. */
export function loadCalibration(file: string): Calibration {
  const document = readJsonFile(file, 'JSON');
  if (document === undefined) throw new Error(`${file}: there is no such file`);
  const problems = calibrationProblems(document);
  if (problems.length > 0) throw new Error(`${file}: ${problems.join('; ')}`);
  return document as Calibration;
}

/** `d1.json` → `d1.calibration.json`. */
export function calibrationFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.calibration.json`;
}
