import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import { distance, PULSE_CYCLES } from './edges.ts';
import type { Motion } from './motion.ts';
import { measureState } from './state-difference.ts';
import type { MeasuredState } from './state-difference.ts';
import { createTransientRecorder } from './transient.ts';
import type { TransientRecorder } from './transient.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** A change that led from one steady state to another little by little. */
export type SoftStart = {
  /** First cycle that left the old state. */
  readonly cycle: number;
  readonly startFrame: number;
  /** First cycle of the new state. */
  readonly settledCycle: number;
  /** Features of the old state. */
  readonly old: Float32Array;
  /** Distance of the two states, A. */
  readonly stepA: number;
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
  /**
   * Whether a switch at `cycle`, with features `early` a few cycles after it, is only the beginning of a ramp that has
   * gone farther since, or that has ended and is not taken yet.
   */
  isWithin(cycle: number, early: Float64Array): boolean;
  /** Whether nothing ramps and nothing waits to be taken. */
  isOver(): boolean;
  /** A ramp that ended before `due`, once. */
  take(due: number): SoftStart | undefined;
  clear(): void;
};

/** Cycles averaged; twelve in a row must stand still before and after. */
const BLOCK_CYCLES = 6;
const STILL_BLOCKS = 2;
/** What goes on by more than this part per block grows: 3 s of 0.12 s each double it. */
const GROWING_SHARE = 0.03;
/** What creeps by less than this part of a ramp per block has ended it: the slowest one goes by 4 %. */
const STILL_SHARE = 0.015;
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
/** A charger's capacitor fills first, at many times the current of the ramp: its path is that from this block on. */
const INRUSH_BLOCKS = 2;
/** Within this part of the whole the new state is reached; it may creep on. */
const SETTLED_SHARE = 0.05;
/** Cycles of an inrush: what jumps in them is no step of another load … */
const INRUSH_CYCLES = 12;
/** … but later a cycle that goes this part of the ramp, or … */
const JUMP_SHARE = 1 / 12;
/** … so many noises, does. */
const JUMP_NOISES = 3;
/** What rests sooner after it began goes on when it moves again: its first step is told only then (0.8 s at 50 Hz). */
const LEAST_RAMP_CYCLES = PULSE_CYCLES;

/** A change of less than this part of a ramp is not the switch that the ramp follows; steps that are more are no ramp. */
export const LEAST_PART = 0.5;

type Ramp = {
  readonly cycle: number;
  readonly startFrame: number;
  readonly old: Float32Array;
  readonly driftA: number;
  /** The cycles of the state before, and the state: measured only once it is needed or they are about to leave. */
  readonly beforeCycles: readonly number[];
  before: MeasuredState | undefined;
  readonly recorder: TransientRecorder;
  /** Length of the way so far. */
  pathA: number;
  /** The level after the inrush, and the length of the way from there. */
  base: Float32Array | undefined;
  basePathA: number;
  /** Distances of its blocks from the old state. */
  readonly awayA: number[];
  /** Distances of its cycles from the one before, behind the inrush. */
  readonly movesA: number[];
  /** What it is if nothing moves any more. */
  ended: SoftStart | undefined;
};

/** Creates the watch. State: three feature vectors; while something ramps also the state before it. */
export function createSoftStartWatch(ring: CycleRing, motion: Motion): SoftStartWatch {
  const blocks = [0, 1, 2].map(() => new Float32Array(FEATURES));
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
      for (let k = 0; k < FEATURES; k++) (target[k] as number) += (ring.features[at + k] as number) / BLOCK_CYCLES;
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
    return {
      cycle,
      startFrame: ring.startFrame(cycle),
      old,
      driftA: lastDriftA,
      beforeCycles: Array.from({ length: cycle - 1 - from }, (_, n) => from + n),
      before: undefined,
      recorder: createTransientRecorder(ring, cycle),
      pathA: 0,
      movesA: [],
      awayA: [],
      base: undefined,
      basePathA: 0,
      ended: undefined,
    };
  };

  const beforeOf = (one: Ramp): MeasuredState => (one.before ??= measureState(ring, [one.beforeCycles]));

  const follow = (one: Ramp, driftA: number): void => {
    one.pathA += driftA;
    if (one.base !== undefined) one.basePathA += driftA;
    if (one.awayA.length === INRUSH_BLOCKS) one.base = block(0).slice();
    one.awayA.push(distance(block(0), one.old));
  };

  /** Whether it went one way: from its beginning, or from behind an inrush by more than what the inrush left. */
  const goesOneWay = ({ pathA, base, basePathA }: Ramp, stepA: number): boolean => {
    if (pathA <= LONGEST_PATH * stepA) return true;
    const restA = base === undefined ? 0 : distance(block(0), base);
    return restA >= LEAST_PART * stepA && basePathA <= LONGEST_PATH * restA;
  };

  /** Whether most of the way was made in single cycles: then several loads were switched one after the other. */
  const isStairs = ({ movesA }: Ramp, stepA: number): boolean => {
    const jumpA = Math.max(JUMP_SHARE * stepA, JUMP_NOISES * motion.noiseA());
    return movesA.reduce((total, moveA) => (moveA > jumpA ? total + moveA : total), 0) > LEAST_PART * stepA;
  };

  const end = (one: Ramp): SoftStart | undefined => {
    const { cycle, startFrame, old, driftA, awayA, recorder } = one;
    const stepA = distance(block(0), old);
    const leastA = Math.max(
      LEAST_NOISES * motion.noiseA(),
      LEAST_OVER_DRIFT * Math.max(driftA, lastDriftA),
      LEAST_SHARE * Math.sqrt(old.reduce((sum, value) => sum + value * value, 0)),
    );
    if (stepA < leastA || !goesOneWay(one, stepA) || isStairs(one, stepA)) return undefined;
    const stillFrom = ring.newest() + 1 - STILL_BLOCKS * BLOCK_CYCLES;
    const cycles = Array.from({ length: STILL_BLOCKS * BLOCK_CYCLES }, (_, n) => stillFrom + n);
    const near = awayA.length - 1 - awayA.findLastIndex((one) => Math.abs(one - stepA) > SETTLED_SHARE * stepA);
    const settledCycle = Math.min(stillFrom, ring.newest() + 1 - near * BLOCK_CYCLES);
    const after = measureState(ring, [cycles]);
    return { cycle, startFrame, settledCycle, old, stepA, before: beforeOf(one), after, recorder };
  };

  const look = (): void => {
    average(blocks[blockCount % 3] as Float32Array);
    blockCount++;
    if (blockCount < 2) return;
    const driftA = distance(block(0), block(1));
    // At the end of a ramp the noise is little against what still creeps.
    const stillA = ramp === undefined ? 0 : STILL_SHARE * distance(block(0), ramp.old);
    const isStill = driftA <= Math.max(motion.noiseA(), stillA);
    if (ramp !== undefined) follow(ramp, driftA);
    if (!isStill) {
      // Beginning only from a state that stood still; otherwise it is a drift that goes on.
      if (ramp === undefined && stillBlocks >= STILL_BLOCKS && ended === undefined) {
        ramp = begin();
        follow(ramp, driftA);
      }
      if (ramp !== undefined) ramp.ended = undefined;
      stillBlocks = 0;
    } else {
      stillBlocks++;
      lastDriftA = driftA;
      if (ramp !== undefined && stillBlocks === STILL_BLOCKS) ramp.ended = end(ramp);
    }
    if (ramp === undefined) return;
    const length = ring.newest() - ramp.cycle + 1;
    if (stillBlocks >= STILL_BLOCKS && length >= LEAST_RAMP_CYCLES) {
      ended = ramp.ended;
      ramp = undefined;
    } else if (length > LONGEST_RAMP_CYCLES + STILL_BLOCKS * BLOCK_CYCLES) {
      ramp = undefined;
    }
  };

  const isPart = (since: number, cycle: number, stepA: number, wholeA: number): boolean =>
    // A little early: its first cycle is known less well than that of a step.
    cycle >= since - BLOCK_CYCLES && stepA < LEAST_PART * wholeA;

  return {
    push() {
      (ramp?.recorder ?? ended?.recorder)?.record();
      if (ramp !== undefined && ring.newest() >= ramp.cycle + INRUSH_CYCLES)
        ramp.movesA.push(motion.distanceOf(ring.newest()));
      if (ring.newest() % BLOCK_CYCLES === BLOCK_CYCLES - 1 && ring.newest() - ring.oldest() >= BLOCK_CYCLES) look();
      const isLeaving = ramp !== undefined && (ramp.beforeCycles[0] ?? Infinity) <= ring.oldest();
      if (ramp !== undefined && isLeaving) beforeOf(ramp);
    },
    told(cycle) {
      const since = (ramp ?? ended)?.cycle ?? Infinity;
      // A little early: its first cycle is known less well than that of a step.
      if (cycle < since - BLOCK_CYCLES || cycle >= (ended?.after.state.firstCycle ?? Infinity)) return;
      ramp = undefined;
      ended = undefined;
    },
    isPartOfRamp: (cycle, stepA) =>
      ramp !== undefined && isPart(ramp.cycle, cycle, stepA, distance(block(0), ramp.old)),
    isWithin(cycle, early) {
      if (ramp !== undefined) {
        const [awayA = 0, earlierA = 0] = [ramp.awayA.at(-1), ramp.awayA.at(-2)];
        // What is only just beginning to grow may become more than twice the step.
        const wholeA = stillBlocks === 0 && awayA > (1 + GROWING_SHARE) * earlierA ? Infinity : awayA;
        return isPart(ramp.cycle, cycle, distance(early, ramp.old), wholeA);
      }
      if (ended === undefined || cycle >= ended.after.state.firstCycle) return false;
      return isPart(ended.cycle, cycle, distance(early, ended.old), ended.stepA);
    },
    isOver: () => ramp === undefined && ended === undefined,
    take(due) {
      if (ended === undefined || ended.after.state.firstCycle > due) return undefined;
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
  for (let k = 0; k < FEATURES; k++) squares += ((ring.features[at + k] as number) - (level[k] as number)) ** 2;
  return Math.sqrt(squares);
}
