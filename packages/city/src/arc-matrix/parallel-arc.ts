import { ArcGap } from '../arc/arc-gap.ts';
import type { ArcModelSpec } from '../arc/arc-spec.ts';
import { GappedElement } from '../arc/gapped-element.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import { Resistor } from '../load/resistor.ts';
import { requireWithin } from '../require-within.ts';
import { parallelHalfCycles } from './break-time.ts';
import type { MatrixTruth } from './render-matrix-row.ts';
import { Stage, StageRig, STAGE_MAINS_HZ, STAGE_NOMINAL_V } from './stage.ts';

export type ParallelArcOptions = {
  /** Prospective rms current of the fault loop without the arc, 10 … 1000 A. */
  readonly currentA: number;
  readonly seed: number;
  readonly sampleRateHz: number;
  /** Sound loads of the circuit, on since long ago; default 5 A of resistance. */
  readonly loads?: readonly LoadSpec[];
  /** Default: a carbonised path over a cut of a few millimetres: re-ignites at 100 … 220 V, burns at about 40 V. */
  readonly arcModel?: ArcModelSpec;
  /** Default drawn 0.3 … 0.9 to go on arcing, 0.1 … 0.5 to begin: parallel arcs come and go. */
  readonly arcToArc?: number;
  readonly touchToArc?: number;
  /** Default 2000. */
  readonly durationMs?: number;
  /** Default drawn 500 … 520 ms. */
  readonly strikeAtMs?: number;
  /** Rated current of the circuit: sets the converter's range, 12 times that; default 63 A. */
  readonly ratedA?: number;
};

/** Half-cycles of arc within 0.5 s after which a device must have acted, by IEC 62606 Table 3; the least there is below it. */
export function parallelArcHalfCycles(currentA: number): number {
  let halfCycles: number = parallelHalfCycles[0].halfCycles;
  for (const column of parallelHalfCycles) if (column.currentA <= currentA) halfCycles = column.halfCycles;
  return halfCycles;
}

/**
 * An arc from line to neutral beside the sound loads of a circuit, as IEC 62606 Table 3 and the guillotine test have it.
 * Same options: same frames. Throws RangeError naming the field, its value and its range.
 */
export function renderParallelArc(options: ParallelArcOptions): {
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly truth: MatrixTruth;
} {
  const { currentA, seed, sampleRateHz, durationMs = 2000, ratedA = 63 } = options;
  requireWithin('parallel arc: currentA', currentA, 10, 1000);
  requireWithin('parallel arc: durationMs', durationMs, 20, 3_600_000);
  const rig = new StageRig({ sampleRateHz, stepRateHz: 102_400 });
  const loopOhm = STAGE_NOMINAL_V / currentA;
  // Two fifths of the loop lie in the feeder, at most what a feeder has; the rest between the terminal and the fault.
  const sourceOhm = Math.min(0.5, 0.4 * loopOhm);
  const stage = new Stage(rig, 'parallel', seed, { sourceOhm, sourceH: 300e-6 * sourceOhm, cableOhm: 0 });
  for (const spec of options.loads ?? [{ id: 'resistor', kind: 'resistive', powerW: 5 * STAGE_NOMINAL_V }]) {
    const load = stage.load(spec);
    stage.startOn(load);
    stage.wire(load.element);
  }
  const strikeAtMs = options.strikeAtMs ?? 500 + stage.random.between(0, 20);
  strike(stage, options, loopOhm - sourceOhm, strikeAtMs);
  const frames = Math.round((durationMs * sampleRateHz) / 1000);
  const wave = { voltageV: new Float64Array(frames), currentA: new Float64Array(frames) };
  const run = stage.begin(ratedA, 200);
  run.read(wave.voltageV, wave.currentA);
  const halfCycles = Math.floor((frames * 2 * STAGE_MAINS_HZ) / sampleRateHz + 1e-9);
  const arcHalfCycles = run.witness.arcHalfCycles(halfCycles);
  return { ...wave, truth: { arcHalfCycles, burnedMs: run.witness.burnedMs(halfCycles), strikeAtMs } };
}

function strike(stage: Stage, options: ParallelArcOptions, ohm: number, strikeAtMs: number): void {
  const random = stage.stream('bursts');
  const drawn = {
    arcToArc: random.between(0.3, 0.9),
    touchToArc: random.between(0.1, 0.5),
    reignitionV: random.between(100, 220),
    arcV: random.between(30, 55),
  };
  const { reignitionV, arcV } = drawn;
  const gap = new ArcGap(
    {
      model: options.arcModel ?? { kind: 'carbonised', reignitionV, arcV },
      arcToArc: options.arcToArc ?? drawn.arcToArc,
      touchToArc: options.touchToArc ?? drawn.touchToArc,
      rest: 'apart',
    },
    stage.rig.site.stepS,
    stage.stream('gap'),
  );
  const path = new Resistor(1 / ohm);
  stage.watch(gap);
  stage.wire(new GappedElement(path, gap));
  stage.at(strikeAtMs, () => {
    path.close();
    gap.strike();
  });
}
