import { createArcDetector, type ArcDecision } from '@fengsui/hazard';

/** A piece of waveform. */
export type WaveBlock = { readonly voltageV: Float64Array; readonly currentA: Float64Array };

export type DetectorRun = {
  /** First confirmed arc, s from the first sample; absent when silent. */
  readonly reactedAtS?: number;
  /** Highest level told. */
  readonly level: 'none' | 'attention' | 'warning' | 'alarm';
  readonly halfCycles: number;
  /** Half-cycles held for arcing. */
  readonly arcing: number;
  readonly seconds: number;
};

/** Rated current assumed for the circuit of a recording: half an ampere is then the least load that is looked at. */
const RATED_A = 10;
/** Frames pushed at a time: 10 ms at 6.4 kHz, as a terminal would. */
const BLOCK_FRAMES = 64;
const RANK = { none: 0, attention: 1, warning: 2, alarm: 3 } as const;

/** Runs a fresh detector over a waveform given in pieces. */
export function runDetector(
  blocks: Iterable<WaveBlock>,
  sampleRateHz: number,
  mainsHz: 50 | 60,
  onDecision?: (decision: ArcDecision) => void,
): DetectorRun {
  let halfCycles = 0;
  let arcing = 0;
  let reactedAtS: number | undefined;
  let level: DetectorRun['level'] = 'none';
  let frames = 0;
  const detector = createArcDetector({
    circuit: 'c1',
    sampleRateHz,
    mainsHz,
    ratedA: RATED_A,
    onDecision(decision) {
      halfCycles++;
      if (decision.isArcing) arcing++;
      onDecision?.(decision);
    },
  });
  for (const { voltageV, currentA } of blocks) {
    for (let from = 0; from < voltageV.length; from += BLOCK_FRAMES) {
      const to = Math.min(from + BLOCK_FRAMES, voltageV.length);
      const block = { voltageV: voltageV.subarray(from, to), currentA: currentA.subarray(from, to) };
      for (const event of detector.push(block, (frames * 1000) / sampleRateHz)) {
        if (!event.active) continue;
        if (RANK[event.level] > RANK[level]) level = event.level;
        if (event.level === 'alarm') reactedAtS ??= event.at / 1000;
      }
      frames += to - from;
    }
  }
  const run = { level, halfCycles, arcing, seconds: frames / sampleRateHz };
  return reactedAtS === undefined ? run : { ...run, reactedAtS };
}
