import { createScenarioBoard, parseCitySource, type BoardBlock } from '@fengsui/city';
import {
  createLoadTracker,
  createRecogniser,
  fingerprintOf,
  observedSwitchOf,
  type RecognitionModel,
} from '@fengsui/fingerprint';
import { createArcDetector } from '@fengsui/hazard';
import {
  createBoardCycleAnalyser,
  createSwitchEventDetector,
  type BoardSampleBlock,
  type SwitchEvent,
} from '@fengsui/signal';

export const SAMPLE_RATE_HZ = 6400;
export const MAINS_HZ = 50;
export const SECONDS = 20;
export const CYCLES = SECONDS * MAINS_HZ;
export const RATED_A = 16;
/** A terminal takes its samples in pieces of one half-cycle. */
const PIECE_FRAMES = 64;
/** Until about the 35th run of 20 s the compiler still works; a terminal runs for months. */
const WARMING_RUNS = 40;

/** A scenario of the simulator. */
export function recordBlock(source: string, circuits = 1): BoardBlock {
  const scenario = parseCitySource(`${source}?seed=7&circuits=${circuits}&sampleRateHz=${SAMPLE_RATE_HZ}`);
  return createScenarioBoard(scenario, Date.UTC(2026, 0, 5, 10)).next(SECONDS * SAMPLE_RATE_HZ);
}

/** The same in pieces as a terminal takes them. */
export function recordPieces(source: string, circuits = 1): readonly BoardSampleBlock[] {
  const block = recordBlock(source, circuits);
  return Array.from({ length: block.voltageV.length / PIECE_FRAMES }, (_, index) => {
    const cut = (channel: Float64Array) => channel.slice(index * PIECE_FRAMES, (index + 1) * PIECE_FRAMES);
    return {
      voltageV: cut(block.voltageV),
      circuits: block.circuits.map(({ currentA }) => ({ currentA: cut(currentA) })),
    };
  });
}

export type EngineParts = {
  readonly circuits?: number;
  readonly cycles?: boolean;
  readonly switches?: boolean;
  readonly arcs?: boolean;
  readonly model?: RecognitionModel;
};

export type Engine = { push(piece: BoardSampleBlock, atMs: number): void; readonly seen: () => number };

/** The engines of the circuits on one voltage, as the terminal puts them together. */
export function createEngine({ circuits = 1, cycles = true, switches, arcs, model }: EngineParts): Engine {
  const at = { sampleRateHz: SAMPLE_RATE_HZ, mainsHz: MAINS_HZ } as const;
  const indices = Array.from({ length: circuits }, (_, index) => index);
  const analyser = cycles
    ? createBoardCycleAnalyser({ ...at, circuits: indices.map(() => ({})), reusesReading: true })
    : undefined;
  const detectors = switches === true ? indices.map(() => createSwitchEventDetector({ samplesPerCycle: 128 })) : [];
  const arcDetectors =
    arcs === true ? indices.map((n) => createArcDetector({ ...at, circuit: `c${n + 1}`, ratedA: RATED_A })) : [];
  const recogniser = model === undefined ? undefined : createRecogniser(model);
  const trackers = indices.map(() => createLoadTracker());
  let seen = 0;
  const onEvent = indices.map((circuit) => (event: SwitchEvent): void => {
    const fingerprint = fingerprintOf(event);
    const observed = observedSwitchOf(event, (event.startFrame * 1000) / SAMPLE_RATE_HZ);
    if (fingerprint.kind === 'unusable' || recogniser === undefined) trackers[circuit]?.tell(observed);
    else trackers[circuit]?.tell(observed, recogniser.recognise(fingerprint));
  });
  const onCycle: Parameters<NonNullable<typeof analyser>['push']>[1] = (circuit, reading, samples) => {
    seen++;
    detectors[circuit]?.push(reading, samples, onEvent[circuit] ?? (() => undefined));
  };
  return {
    push(piece, atMs) {
      for (const [circuit, detector] of arcDetectors.entries()) {
        const { currentA } = piece.circuits[circuit] ?? { currentA: piece.voltageV };
        seen += detector.push({ voltageV: piece.voltageV, currentA }, atMs).length;
      }
      analyser?.push(piece, onCycle);
    },
    seen: () => seen,
  };
}

/** The switch events in a recording of one circuit. */
export function switchEventsIn(pieces: readonly BoardSampleBlock[]): readonly SwitchEvent[] {
  const found: SwitchEvent[] = [];
  const analyser = createBoardCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: MAINS_HZ, circuits: [{}] });
  const detector = createSwitchEventDetector({ samplesPerCycle: analyser.samplesPerCycle });
  for (const piece of pieces) {
    analyser.push(piece, (_circuit, reading, samples) =>
      detector.push(reading, samples, (event) => void found.push(event)),
    );
  }
  return found;
}

export function runEngine(pieces: readonly BoardSampleBlock[], engine: Engine): number {
  pieces.forEach((piece, index) => engine.push(piece, (index * PIECE_FRAMES * 1000) / SAMPLE_RATE_HZ));
  return engine.seen();
}

/**
 * CPU time of the process per cycle, µs, of each run. The first runs warm the compiler up: a terminal runs for months,
 * and what is compiled meanwhile counts as CPU time of the process.
 */
export function cpuUsPerCycle(runs: number, work: () => number): number[] {
  let kept = 0;
  for (let run = 0; run < WARMING_RUNS; run++) kept += work();
  const all = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    kept += work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / CYCLES;
  });
  if (Number.isNaN(kept)) throw new Error('nothing was computed');
  return all;
}
