import { captureCalibrationOf, type Calibration, type CaptureCalibration } from '@fengsui/protocol';
import { capturePoints } from '../capture/capture-channels.ts';
import type { Obeyed } from '../command/command-gate.ts';
import type { SampleSource, SourceBlock } from '../source/sample-source.ts';
import { createBlockCorrector } from './block-corrector.ts';
import type { CalibrationBook, CalibrationChange } from './calibration-book.ts';
import { judgeCalibration } from './judge-calibration.ts';

/** Where the calibration of a running terminal is asked for, changed and applied. */
export type CalibrationDesk = {
  /** The block as quantities; written anew by the next call. */
  correct(block: SourceBlock): SourceBlock;
  /** What the samples are made into quantities with. */
  inUse(): CaptureCalibration | 'none';
  /** Why what was kept is not used; undefined when it is, or nothing was. */
  readonly misfit: string | undefined;
  /** Answers the command; resolves when the samples are measured with it. */
  calibrate(calibration: Calibration): Promise<Obeyed>;
  /** Whether one waits to be put in force: what is measured ends first, then `swap`. */
  readonly isWaiting: boolean;
  swap(): void;
  /** Samples are missing: what the filters remember is of before. */
  forget(): void;
  /** A change that no report told yet, and that one has. */
  untold(): CalibrationChange | undefined;
  told(): void;
  /** The run has ended: what waits is not put in force in it. */
  close(): void;
};

export function createCalibrationDesk(options: {
  readonly source: Pick<SampleSource, 'circuits' | 'sampleRateHz' | 'mainsHz'>;
  readonly deviceId: string;
  readonly book: CalibrationBook;
}): CalibrationDesk {
  const { source, deviceId, book } = options;
  const bearer = { deviceId, points: capturePoints(source) };
  const kept = book.current();
  const verdict = kept === undefined ? undefined : judgeCalibration(kept, bearer, undefined);
  let used = verdict?.kind === 'refused' ? undefined : kept;
  let correct = createBlockCorrector(source, used);
  let waiting: { readonly calibration: Calibration; readonly done: PromiseWithResolvers<void> } | undefined;

  function use(calibration: Calibration | undefined): void {
    used = calibration;
    correct = createBlockCorrector(source, calibration);
  }

  return {
    correct: (block) => correct(block),
    inUse: () => (used === undefined ? 'none' : captureCalibrationOf(used)),
    misfit: verdict?.kind === 'refused' ? verdict.detail : undefined,
    async calibrate(calibration) {
      if (source.circuits.length === 0)
        return { refused: 'notEquipped', detail: 'meters are read here: there are no samples to calibrate' };
      if (waiting !== undefined) return { refused: 'notReady', detail: 'another calibration is being put in force' };
      const judged = judgeCalibration(calibration, bearer, used);
      if (judged.kind === 'refused') return { refused: judged.code, detail: judged.detail };
      const before = book.current()?.id;
      if (judged.kind === 'new') {
        try {
          book.keep(calibration);
        } catch (error) {
          return { refused: 'notKept', detail: error instanceof Error ? error.message : String(error) };
        }
        waiting = { calibration, done: Promise.withResolvers<void>() };
        await waiting.done.promise;
      }
      const { id, version } = calibration;
      return {
        ok: true,
        result: { calibrationId: id, version, ...(before !== undefined && { before }), kept: book.isKept },
      };
    },
    get isWaiting() {
      return waiting !== undefined;
    },
    swap() {
      if (waiting === undefined) return;
      const { calibration, done } = waiting;
      waiting = undefined;
      use(calibration);
      done.resolve();
    },
    forget: () => use(used),
    untold: () => book.untold(),
    told: () => book.told(),
    close() {
      waiting?.done.reject(new Error('the terminal has ended'));
      waiting = undefined;
    },
  };
}
