import { ArcGap, type ArcGapSpec } from '../arc/arc-gap.ts';
import type { ArcModelSpec } from '../arc/arc-spec.ts';
import { drawArcModel, type ArcModelKind } from '../arc/draw-arc-model.ts';
import { GappedElement } from '../arc/gapped-element.ts';
import type { WaveRun } from '../board/wave-run.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { ParallelElements } from '../load/parallel-elements.ts';
import { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import type { MatrixCase, ReactingRow } from './matrix-row.ts';
import { Stage, StageRig, STAGE_MAINS_HZ, type StageFeeder } from './stage.ts';

export type MatrixRunOptions = {
  readonly variant: 'normal' | 'arc';
  /** Id of a case of the row; default its first. */
  readonly caseId?: string;
  readonly seed: number;
  /** 3200 … 102 400. */
  readonly sampleRateHz: number;
  /** Default the carbonised path. A kind by its name: parameters drawn for the current of the row. */
  readonly arcModel?: ArcModelSpec | ArcModelKind;
  /** Bursts; default drawn: 0.85 … 0.98 to go on arcing, 0.01 … 0.2 to begin. */
  readonly arcToArc?: number;
  readonly touchToArc?: number;
  /** Default the row's own. */
  readonly durationMs?: number;
  /** Instant of the first arc; default drawn 1000 … 1020 ms (any phase). */
  readonly strikeAtMs?: number;
  /** Loads are switched on here and nothing flows before; absent = on since long ago. */
  readonly switchOnAtMs?: number;
  /** Default 25.6 kHz for a normal run, 102.4 kHz with an arc (black-box arcs sub-step at 200 kHz in any case). */
  readonly stepRateHz?: number;
};

export type MatrixTruth = {
  /** Half-cycle k covers k/(2·mainsHz) … (k + 1)/(2·mainsHz) after the first sample; arcs shorter than 0.42 ms left out. */
  readonly arcHalfCycles: readonly number[];
  /** Milliseconds of arc in every half-cycle. */
  readonly burnedMs: Float32Array;
  readonly strikeAtMs?: number;
};

export type MatrixRun = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly limitMs: number;
  /** The next frames, at most `frameCount`; undefined when the run is over. */
  next(frameCount: number): { readonly voltageV: Float64Array; readonly currentA: Float64Array } | undefined;
  /** Of what has been read so far. */
  truth(): MatrixTruth;
};

const SETTLING_MS = 400;

/**
 * Begins a run of a row that must react. Same row and options: same frames. Throws RangeError naming what is wrong.
 *
 * @example
 * const run = beginMatrixRun(row, { variant: 'arc', seed: 1, sampleRateHz: 6400 });
 * for (let block = run.next(640); block !== undefined; block = run.next(640)) detector.push(block);
 * run.truth().arcHalfCycles;
 */
export function beginMatrixRun(row: ReactingRow, options: MatrixRunOptions): MatrixRun {
  const matrixCase = row.cases.find(({ id }) => id === (options.caseId ?? row.cases[0]?.id));
  if (matrixCase === undefined) {
    const known = row.cases.map(({ id }) => id).join(', ');
    throw new RangeError(`row ${row.id}: case is "${options.caseId ?? ''}", expected one of ${known}`);
  }
  const isArc = options.variant === 'arc';
  const { sampleRateHz, stepRateHz = isArc ? 102_400 : 25_600 } = options;
  const durationMs = options.durationMs ?? (isArc ? row.arcMs : row.normalMs);
  requireWithin(`row ${row.id}: durationMs`, durationMs, 20, 3_600_000);
  const rig = new StageRig({ sampleRateHz, stepRateHz });
  const stage = new Stage(rig, `matrix/${row.id}/${matrixCase.id}`, options.seed, feederOf(row, options.seed));
  // The arc of a run and its normal twin differ in nothing but the gap: same loads, same feeder, same streams.
  const gap = isArc ? new ArcGap(gapSpec(stage, row, options), rig.site.stepS, stage.stream('gap')) : undefined;
  wireCase(stage, matrixCase, gap, options, durationMs);
  const strikeAtMs = options.strikeAtMs ?? (options.switchOnAtMs ?? 0) + 1000 + stage.random.between(0, 20);
  if (gap !== undefined) stage.at(strikeAtMs, () => gap.strike());
  const run = stage.begin(Math.max(16, 1.25 * row.columnA), SETTLING_MS);
  return matrixRun(run, row, sampleRateHz, durationMs, isArc ? strikeAtMs : undefined);
}

/** The whole run in one piece. */
export function renderMatrixRow(
  row: ReactingRow,
  options: MatrixRunOptions,
): {
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly truth: MatrixTruth;
} {
  const run = beginMatrixRun(row, options);
  const block = run.next(Infinity);
  if (block === undefined) throw new RangeError(`row ${row.id}: the run has no frames`);
  return { ...block, truth: run.truth() };
}

function matrixRun(
  run: WaveRun,
  row: ReactingRow,
  sampleRateHz: number,
  durationMs: number,
  strikeAtMs: number | undefined,
): MatrixRun {
  let framesLeft = Math.round((durationMs * sampleRateHz) / 1000);
  let framesRead = 0;
  return {
    sampleRateHz,
    mainsHz: STAGE_MAINS_HZ,
    limitMs: row.limitMs,
    next(frameCount) {
      const count = Math.min(frameCount, framesLeft);
      if (count <= 0) return undefined;
      const block = { voltageV: new Float64Array(count), currentA: new Float64Array(count) };
      run.read(block.voltageV, block.currentA);
      framesLeft -= count;
      framesRead += count;
      return block;
    },
    truth() {
      const halfCycles = Math.floor((framesRead * 2 * STAGE_MAINS_HZ) / sampleRateHz + 1e-9);
      return {
        arcHalfCycles: run.witness.arcHalfCycles(halfCycles),
        burnedMs: run.witness.burnedMs(halfCycles),
        ...(strikeAtMs === undefined ? {} : { strikeAtMs }),
      };
    },
  };
}

function gapSpec(stage: Stage, { columnA }: ReactingRow, options: MatrixRunOptions): ArcGapSpec {
  const { arcModel: model = 'carbonised' } = options;
  const random = stage.stream('bursts');
  const arcToArc = random.between(0.85, 0.98);
  const touchToArc = random.between(0.01, 0.2);
  return {
    model: typeof model === 'string' ? drawArcModel(model, columnA, stage.stream('model')) : model,
    arcToArc: options.arcToArc ?? arcToArc,
    touchToArc: options.touchToArc ?? touchToArc,
  };
}

function wireCase(
  stage: Stage,
  { loads, arcIn, switchings = [] }: MatrixCase,
  gap: ArcGap | undefined,
  { switchOnAtMs }: MatrixRunOptions,
  durationMs: number,
): void {
  const elements: CircuitElement[] = [];
  for (const spec of loads) {
    const load = stage.load(spec);
    if (switchOnAtMs === undefined) stage.startOn(load);
    else stage.switchOnAt(load, switchOnAtMs);
    for (const { load: id, onAtMs, offAtMs } of switchings) {
      if (id !== spec.id || gap !== undefined || offAtMs > durationMs) continue;
      stage.switchOffAt(load, onAtMs - 2000);
      stage.switchOnAt(load, onAtMs);
    }
    elements.push(gap !== undefined && arcIn === spec.id ? new GappedElement(load.element, gap) : load.element);
  }
  if (gap !== undefined) stage.watch(gap);
  if (gap !== undefined && arcIn === 'all') stage.wire(new GappedElement(new ParallelElements(elements), gap));
  else for (const element of elements) stage.wire(element);
}

/** A feeder that carries tens of amperes is a stiff one: at 63 A the drop stays below 10 V. */
function feederOf({ columnA }: ReactingRow, seed: number): Partial<StageFeeder> {
  if (columnA <= 10) return {};
  const share = 10 / columnA;
  const spread = new RandomStream(seed, 'matrix/stiff-feeder').between(0.75, 1.25);
  return { sourceOhm: 0.55 * share * spread, sourceH: 175e-6 * share * spread, cableOhm: 0.25 * share };
}
