import type { Recording } from '@fengsui/protocol';
import { mainsHzOf } from './mains-hz.ts';
import { recordedBoardOf, type RecordedBoard } from './recording-circuits.ts';
import { framesPerBlock, type SampleSource, type SourceBlock, type SourceCircuit } from './sample-source.ts';

export type RecordingSourceOptions = {
  /** Start over at the end, for ever. The phase jumps at the seam; the analyser locks anew. Default false. */
  readonly repeat?: boolean;
};

/** A recording as a sample source. @throws RangeError without voltage, current or a mains frequency of 50 or 60 Hz. */
export function createRecordingSource(recording: Recording, options: RecordingSourceOptions = {}): SampleSource {
  const { sampleRateHz } = recording;
  const board = recordedBoardOf(recording);
  return {
    sampleRateHz,
    mainsHz: mainsHzOf(recording.mainsHz, 'the recording'),
    circuits: board.circuits.map(({ prefix, residualCurrentMa, hasOwnVoltage }): SourceCircuit => {
      return { prefix, hasResidual: residualCurrentMa !== undefined, hasOwnVoltage };
    }),
    temperatures: board.temperatures.map(({ prefix }) => prefix),
    blocks: () => cut(board, framesPerBlock(sampleRateHz), options.repeat ?? false),
  };
}

function* cut(board: RecordedBoard, blockFrames: number, repeat: boolean): Iterable<SourceBlock> {
  const frames = board.voltageV.length;
  do {
    for (let from = 0; from < frames; from += blockFrames) {
      const to = Math.min(frames, from + blockFrames);
      yield {
        voltageV: board.voltageV.subarray(from, to),
        circuits: board.circuits.map(({ voltageV, currentA, residualCurrentMa, hasOwnVoltage }) => ({
          currentA: currentA.subarray(from, to),
          ...(residualCurrentMa === undefined ? {} : { residualCurrentMa: residualCurrentMa.subarray(from, to) }),
          ...(hasOwnVoltage ? { voltageV: voltageV.subarray(from, to) } : {}),
        })),
        temperaturesC: board.temperatures.map(({ temperatureC }) => temperatureC[to - 1] ?? NaN),
      };
    }
  } while (repeat);
}
