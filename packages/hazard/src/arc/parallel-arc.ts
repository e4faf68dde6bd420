import { REST_RATIO, type LoadState } from './load-state.ts';

/**
 * Half-cycles within 0.5 s that confirm a parallel arc. IEC 62606 Table 3 allows 12 at 75 A, 10 at 100 A, 8 from 150 A
 * on, UL 1699 8 (field notes 2.3). Half of the strictest: first strikes and half-cycles that look like a short are missed.
 */
export const PARALLEL_HALF_CYCLES = 4;

/**
 * Smallest rms of the current above the loads' own that is looked at, A. The table names the current that would flow
 * without an arc, from 75 A on; with one it is about two thirds of that.
 */
const LEAST_FAULT_A = 45;
/** Share of the half-cycle (0.6 ms at 50 Hz) without fault current around the zero: the arc has gone out. */
const LEAST_REST = 0.06;
/** Step away from zero over the fault's peak when it strikes again. */
const LEAST_STEP = 0.1;
/** Largest likeness of one fault half-cycle to the one before of its polarity: what fires by design repeats itself. */
const LEAST_CHANGE = 0.04;
/**
 * Part of the fault half-cycle before, that rested and struck, below which it has gone out; and half-cycles (0.5 s at
 * 50 Hz) for which what strikes after that needs no other sign: what fires by design leaves none out.
 */
const OUT_SHARE = 0.25;
const OUT_REACH = 50;

/** Half-cycles in a row that each draw more, or less, by so much: a soft starter is turned up or down. */
const TURNED_COUNT = 3;
const LEAST_TURN = 1.005;

/** One half-cycle of the current above the loads' own. */
export type FaultHalfCycle = { readonly isArc: boolean; readonly rmsA: number };

export type FaultWatch = {
  /** Looks at the newest half-cycle (turned over if negative) above the mean of the loads' state. */
  look(currentA: Float64Array, side: 0 | 1, state: LoadState | undefined): FaultHalfCycle;
};

const QUIET: FaultHalfCycle = { isArc: false, rmsA: 0 };

/**
 * Watches for line-to-neutral and line-to-earth arcs: fault current far above the loads', which goes out at its zero,
 * strikes again with a step and is never twice the same. A motor's start and a bolted fault do not rest; the inrush of a
 * transformer or a capacitor rests but rises smoothly, in one polarity or for a few half-cycles only.
 */
export function createFaultWatch(points: number): FaultWatch {
  const before = [new Float32Array(points), new Float32Array(points)] as const;
  /** Of the half-cycle before, when it rested and struck; else 0. */
  let struckA = 0;
  let sinceOut = Infinity;
  let rmsBeforeA = 0;
  let risen = 0;
  let fallen = 0;
  return {
    look(currentA, side, state) {
      const last = before[side];
      let squares = 0;
      let peak = 0;
      let change = 0;
      let size = 0;
      const meanA = state?.meanA;
      for (let n = 0; n < points; n++) {
        const fault = (currentA[n] as number) - (meanA === undefined ? 0 : (meanA[side * points + n] as number));
        squares += fault * fault;
        change += Math.abs(fault - (last[n] as number));
        size += Math.abs(fault);
        if (Math.abs(fault) > peak) peak = Math.abs(fault);
        last[n] = fault;
      }
      const rmsA = Math.sqrt(squares / points);
      risen = rmsA > LEAST_TURN * rmsBeforeA ? risen + 1 : 0;
      fallen = rmsBeforeA > LEAST_TURN * rmsA ? fallen + 1 : 0;
      rmsBeforeA = rmsA;
      sinceOut = rmsA < OUT_SHARE * struckA ? 0 : sinceOut + 1;
      struckA = 0;
      if (rmsA < LEAST_FAULT_A || !restsAndStrikes(last, peak)) return QUIET;
      struckA = rmsA;
      const isTurned = Math.max(risen, fallen) >= TURNED_COUNT;
      const isArc = !isTurned && (change > LEAST_CHANGE * size || sinceOut <= OUT_REACH);
      return { isArc, rmsA };
    },
  };
}

function restsAndStrikes(fault: Float32Array, peak: number): boolean {
  const points = fault.length;
  let run = 0;
  for (let n = 1; n < points; n++) {
    if (Math.abs(fault[n] as number) < REST_RATIO * peak) {
      run++;
      continue;
    }
    // The step may be spread over two points by the anti-alias filter.
    const here = Math.abs(fault[n] as number);
    const next = Math.abs(fault[Math.min(n + 1, points - 1)] as number);
    const rest = Math.abs(fault[n - 1] as number);
    if (run >= LEAST_REST * points && Math.max(here - rest, (next - rest) / 2) >= LEAST_STEP * peak) return true;
    run = 0;
  }
  return false;
}
