import { featureIndex } from '../feature-vector.ts';
import type { LoadFamily } from '../load-family.ts';
import { LOAD_FAMILIES } from '../load-family.ts';
import type { RecognitionModel } from '../model/recognition-model.ts';
import { REASON_FEATURES } from '../model/reason-features.ts';
import type { TrainingRow } from './training-row.ts';

/** 5 % and 95 % of the features that reasons are given in, per family; a feature known of fewer than 5 rows is left out. */
export function typicalRanges(rows: readonly TrainingRow[]): RecognitionModel['typical'] {
  const typical: Partial<Record<LoadFamily, Record<string, readonly [number, number]>>> = {};
  for (const family of LOAD_FAMILIES) {
    const own = rows.filter((row) => row.family === family);
    if (own.length === 0) continue;
    const ranges: Record<string, readonly [number, number]> = {};
    for (const name of REASON_FEATURES) {
      const place = featureIndex(name);
      const values = Float64Array.from(own, ({ vector }) => vector[place] as number).filter(
        (value) => !Number.isNaN(value),
      );
      values.sort();
      const at = (share: number): number =>
        values[Math.min(values.length - 1, Math.floor(share * values.length))] as number;
      if (values.length >= 5) ranges[name] = [at(0.05), at(0.95)];
    }
    typical[family] = ranges;
  }
  return typical;
}
