import { applyColumnScale, fitColumnScale, type ColumnScale } from './column-scale.ts';
import { rowOf, type TrainingSet } from './training-set.ts';

/** Training rows that vote with exp(−distance / bandwidth) × weight: a smooth nearest-neighbour classifier. */
export type KernelVote = {
  readonly scale: ColumnScale;
  readonly columnCount: number;
  readonly classCount: number;
  readonly rows: Float64Array;
  readonly labels: Int32Array;
  readonly weights: Float64Array;
  readonly bandwidth: number;
  readonly clip: number;
};

export type KernelVoteSettings = {
  /** In standard deviations of the columns; the smaller, the more the nearest rows alone decide. */
  readonly bandwidth: number;
  /** Standardised values are held within ± clip, so that one wild column does not outweigh all others. Default 4. */
  readonly clip?: number;
};

export function trainKernelVote(set: TrainingSet, settings: KernelVoteSettings): KernelVote {
  const { bandwidth, clip = 4 } = settings;
  if (!(bandwidth > 0 && clip > 0)) throw new RangeError(`bandwidth ${bandwidth}, clip ${clip}: expected above 0`);
  const { rowCount, columnCount, classCount, labels } = set;
  const scale = fitColumnScale(set);
  const rows = new Float64Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    const target = rows.subarray(row * columnCount, (row + 1) * columnCount);
    scaleAndClip(scale, clip, rowOf(set, row), target);
  }
  const weights = set.weights ?? new Float64Array(rowCount).fill(1);
  return { scale, columnCount, classCount, rows, labels, weights, bandwidth, clip };
}

/** Share of the votes of each class, into `out` (length classCount, sum 1); equal shares when nothing is near at all. */
export function kernelVotes(model: KernelVote, row: ArrayLike<number>, out: Float64Array): void {
  const { columnCount, classCount, rows, labels, weights, bandwidth } = model;
  const scaled = new Float64Array(columnCount);
  scaleAndClip(model.scale, model.clip, row, scaled);
  out.fill(1e-12);
  for (let other = 0; other < labels.length; other++) {
    let squares = 0;
    for (let c = 0; c < columnCount; c++) {
      squares += ((scaled[c] as number) - (rows[other * columnCount + c] as number)) ** 2;
    }
    const vote = (weights[other] as number) * Math.exp(-Math.sqrt(squares) / bandwidth);
    out[labels[other] as number] = (out[labels[other] as number] as number) + vote;
  }
  const total = out.reduce((a, b) => a + b, 0);
  for (let k = 0; k < classCount; k++) out[k] = (out[k] as number) / total;
}

function scaleAndClip(scale: ColumnScale, clip: number, row: ArrayLike<number>, out: Float64Array): void {
  applyColumnScale(scale, row, out);
  for (let c = 0; c < out.length; c++) out[c] = Math.max(-clip, Math.min(clip, out[c] as number));
}
