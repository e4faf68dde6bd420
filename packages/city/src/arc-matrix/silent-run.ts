import { requireWithin } from '../require-within.ts';
import type { SilentRow } from './matrix-row.ts';
import { nuisanceClass } from './nuisance/nuisance-classes.ts';
import { Stage, StageRig, STAGE_MAINS_HZ } from './stage.ts';

export type SilentRunOptions = {
  /** Class of the row; default its first. */
  readonly classId?: string;
  readonly seed: number;
  readonly sampleRateHz: number;
  readonly durationMs?: number;
  /** Default 25.6 kHz. */
  readonly stepRateHz?: number;
};

export type SilentRun = {
  readonly classId: string;
  /** Instants of the disturbances, ms after the first frame. */
  readonly eventsMs: readonly number[];
  /** Half-cycles so far in which a spark of the circuit's own burned for more than 0.42 ms. */
  sparkHalfCycles(): readonly number[];
  next(frameCount: number): { readonly voltageV: Float64Array; readonly currentA: Float64Array } | undefined;
};

/** Begins a run of a row that must stay silent: one circuit, disturbed every 0.8 to 3 s. Throws RangeError naming what is wrong. */
export function beginSilentRun(row: SilentRow, options: SilentRunOptions): SilentRun {
  const { seed, sampleRateHz, durationMs = row.normalMs, stepRateHz = 25_600 } = options;
  const classId = options.classId ?? row.nuisanceClasses[0] ?? '';
  if (!row.nuisanceClasses.includes(classId)) {
    throw new RangeError(`row ${row.id}: class is "${classId}", expected one of ${row.nuisanceClasses.join(', ')}`);
  }
  requireWithin(`row ${row.id}: durationMs`, durationMs, 20, 3_600_000);
  const entry = nuisanceClass(classId);
  const stage = new Stage(new StageRig({ sampleRateHz, stepRateHz }), `silent/${row.id}/${classId}`, seed);
  const random = stage.stream('events');
  const eventsMs: number[] = [];
  for (let atMs = random.between(500, 1500); atMs < durationMs; atMs += random.between(800, 3000)) eventsMs.push(atMs);
  entry.build(stage, eventsMs);
  const run = stage.begin(16, entry.settlingMs + 200);
  let framesLeft = Math.round((durationMs * sampleRateHz) / 1000);
  return {
    classId,
    eventsMs,
    sparkHalfCycles: () => run.witness.arcHalfCycles(Math.ceil(durationMs / (500 / STAGE_MAINS_HZ))),
    next(frameCount) {
      const count = Math.min(frameCount, framesLeft);
      if (count <= 0) return undefined;
      const block = { voltageV: new Float64Array(count), currentA: new Float64Array(count) };
      run.read(block.voltageV, block.currentA);
      framesLeft -= count;
      return block;
    },
  };
}
