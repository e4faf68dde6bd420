import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import { distance } from './edges.ts';
import type { Motion } from './motion.ts';
import { measureState } from './state-difference.ts';
import type { MeasuredState } from './state-difference.ts';
import { createTransientRecorder } from './transient.ts';
import type { TransientRecorder } from './transient.ts';

/** A change that led from one steady state to another little by little. */
export type SoftStart = {
  /** First cycle that left the old state. */
  readonly cycle: number;
  readonly startFrame: number;
  /** First cycle of the new state. */
  readonly settledCycle: number;
  readonly before: MeasuredState;
  readonly after: MeasuredState;
  readonly recorder: TransientRecorder;
};

/** Watches for changes that no two neighbouring cycles show. */
export type SoftStartWatch = {
  /** Takes the newest cycle of the ring. */
  push(): void;
  /** A switch was told at `cycle`: what goes on there is that one's. */
  told(cycle: number): void;
  /** Whether a change of `stepA` at `cycle` is only a part of a ramp that has gone much farther since. */
  isPartOfRamp(cycle: number, stepA: number): boolean;
  /** A ramp that ended before `due`, once. */
  take(due: number): SoftStart | undefined;
  clear(): void;
};

/** Cycles averaged; twelve in a row must stand still before and after. */
const BLOCK_CYCLES = 6;
const STILL_BLOCKS = 2;
/** Longest ramp: 3 s at 50 Hz. Slower is a drift or a dimmer that is turned. */
const LONGEST_RAMP_CYCLES = 150;
/** Least change, in distances that consecutive cycles have anyway … */
const LEAST_NOISES = 10;
/** … as a part of the current before … */
const LEAST_SHARE = 0.05;
/** … and in units of what two blocks of a state differ by: the states may drift, but far slower. */
const LEAST_OVER_DRIFT = 20;
/** A ramp goes one way: its path is at most so much longer than the distance between its ends. */
const LONGEST_PATH = 1.3;

/** A change of less than this part of a ramp is not the switch that the ramp follows. */
const LEAST_PART = 0.5;

type Ramp = {
  readonly cycle: number;
  readonly startFrame: number;
  readonly old: Float32Array;
  readonly driftA: number;
  readonly before: MeasuredState;
  readonly recorder: TransientRecorder;
  pathA: number;
};

/** Creates the watch. State: three feature vectors; while something ramps also the state before it. */
export function createSoftStartWatch(ring: CycleRing, motion: Motion): SoftStartWatch {
  const blocks = [0, 1, 2].map(() => new Float32Array(FEATURE_COUNT));
  /** Blocks since the last clear; the newest is `blocks[(blockCount - 1) % 3]`. */
  let blockCount = 0;
  let stillBlocks = 0;
  let lastDriftA = 0;
  let ramp: Ramp | undefined;
  let ended: SoftStart | undefined;

  const average = (target: Float32Array): void => {
    target.fill(0);
    for (let cycle = ring.newest() - BLOCK_CYCLES + 1; cycle <= ring.newest(); cycle++) {
      const at = ring.featuresAt(cycle);
      for (let k = 0; k < FEATURE_COUNT; k++) (target[k] as number) += (ring.features[at + k] as number) / BLOCK_CYCLES;
    }
  };
  const block = (back: number): Float32Array => blocks[(blockCount - 1 - back) % 3] as Float32Array;

  /** The state before is that of the blocks before the last: the ramp may have begun in the last one. */
  const begin = (): Ramp => {
    const old = block(2).slice();
    const limit = 2 * motion.noiseA();
    const earliest = ring.newest() - 2 * BLOCK_CYCLES + 1;
    let cycle = ring.newest();
    while (cycle > earliest && distanceTo(ring, cycle - 1, old) > limit) cycle--;
    const from = Math.max(ring.oldest(), cycle - 1 - STILL_BLOCKS * BLOCK_CYCLES);
    const cycles = Array.from({ length: cycle - 1 - from }, (_, n) => from + n);
    return {
      cycle,
      startFrame: ring.startFrame(cycle),
      old,
      driftA: lastDriftA,
      before: measureState(ring, [cycles]),
      recorder: createTransientRecorder(ring, cycle),
      pathA: 0,
    };
  };

  const end = ({ cycle, startFrame, old, driftA, pathA, before, recorder }: Ramp): SoftStart | undefined => {
    const stepA = distance(block(0), old);
    const leastA = Math.max(
      LEAST_NOISES * motion.noiseA(),
      LEAST_OVER_DRIFT * Math.max(driftA, lastDriftA),
      LEAST_SHARE * Math.sqrt(old.reduce((sum, value) => sum + value * value, 0)),
    );
    if (stepA < leastA || pathA > LONGEST_PATH * stepA) return undefined;
    const settledCycle = ring.newest() + 1 - STILL_BLOCKS * BLOCK_CYCLES;
    const cycles = Array.from({ length: STILL_BLOCKS * BLOCK_CYCLES }, (_, n) => settledCycle + n);
    return { cycle, startFrame, settledCycle, before, after: measureState(ring, [cycles]), recorder };
  };

  const look = (): void => {
    average(blocks[blockCount % 3] as Float32Array);
    blockCount++;
    if (blockCount < 2) return;
    const driftA = distance(block(0), block(1));
    const isStill = driftA <= motion.noiseA();
    if (ramp !== undefined) ramp.pathA += driftA;
    if (!isStill) {
      // Beginning only from a state that stood still; otherwise it is a drift that goes on.
      if (ramp === undefined && stillBlocks >= STILL_BLOCKS && ended === undefined) {
        ramp = begin();
        ramp.pathA = driftA;
      }
      stillBlocks = 0;
    } else {
      stillBlocks++;
      lastDriftA = driftA;
      if (ramp !== undefined && stillBlocks === STILL_BLOCKS) {
        ended = end(ramp);
        ramp = undefined;
      }
    }
    if (ramp !== undefined && ring.newest() - ramp.cycle > LONGEST_RAMP_CYCLES + STILL_BLOCKS * BLOCK_CYCLES) {
      ramp = undefined;
    }
  };

  return {
    push() {
      (ramp?.recorder ?? ended?.recorder)?.record();
      if (ring.newest() % BLOCK_CYCLES === BLOCK_CYCLES - 1 && ring.newest() - ring.oldest() >= BLOCK_CYCLES) look();
    },
    told(cycle) {
      const since = (ramp ?? ended)?.cycle ?? Infinity;
      // A little early: its first cycle is known less well than that of a step.
      if (cycle < since - BLOCK_CYCLES) return;
      ramp = undefined;
      ended = undefined;
    },
    isPartOfRamp(cycle, stepA) {
      if (ramp === undefined || cycle < ramp.cycle - BLOCK_CYCLES) return false;
      return stepA < LEAST_PART * distance(block(0), ramp.old);
    },
    take(due) {
      if (ended === undefined || ended.settledCycle > due) return undefined;
      const taken = ended;
      ended = undefined;
      return taken;
    },
    clear() {
      blockCount = 0;
      stillBlocks = 0;
      ramp = undefined;
      ended = undefined;
    },
  };
}

function distanceTo(ring: CycleRing, cycle: number, level: Float32Array): number {
  const at = ring.featuresAt(cycle);
  let squares = 0;
  for (let k = 0; k < FEATURE_COUNT; k++) squares += ((ring.features[at + k] as number) - (level[k] as number)) ** 2;
  return Math.sqrt(squares);
}
