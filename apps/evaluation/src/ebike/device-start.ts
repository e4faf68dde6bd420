import { renderSwitching } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { createCycleAnalyser } from '@fengsui/signal';
import type { PowerCourse } from './power-course.ts';

/** How a device comes on: its power per cycle of 20 ms since it was switched on, parts of what it settles at. */
export type DeviceStart = Float64Array;

const SAMPLE_RATE_HZ = 6400;
const CYCLE_MS = 20;
const CYCLES_PER_SECOND = 50;
const ON_AT_MS = 300;
const WATCHED_S = 4;
const DURATION_MS = ON_AT_MS + WATCHED_S * 1000 + 200;
const SETTLED_CYCLES = 25;

/** From the device's own waveform at 6.4 kHz, analysed as a terminal would. */
export function deviceStart(spec: LoadSpec, seed: number): DeviceStart {
  const { voltageV, currentA } = renderSwitching({
    target: spec,
    onAtMs: ON_AT_MS,
    durationMs: DURATION_MS,
    seed,
    sampleRateHz: SAMPLE_RATE_HZ,
  });
  const start = new Float64Array(WATCHED_S * CYCLES_PER_SECOND);
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50 });
  analyser.push({ voltageV, currentA }, ({ startFrame, frameCount, activePowerW }) => {
    const endMs = ((startFrame + frameCount) * 1000) / SAMPLE_RATE_HZ - ON_AT_MS;
    const cycle = Math.floor(endMs / CYCLE_MS);
    if (endMs > 0 && cycle < start.length) start[cycle] = activePowerW;
  });
  const settledW = start.slice(-SETTLED_CYCLES).reduce((sum, powerW) => sum + powerW, 0) / SETTLED_CYCLES;
  return start.map((powerW) => powerW / settledW);
}

/** Its power over what it settles at, mean of the second that begins `elapsedS` after switch-on. */
export function startRatio(start: DeviceStart, elapsedS: number): number {
  const from = elapsedS * CYCLES_PER_SECOND;
  if (from >= start.length) return 1;
  const cycles = start.subarray(from, from + CYCLES_PER_SECOND);
  return cycles.reduce((sum, ratio) => sum + ratio, 0) / cycles.length;
}

/** A course that begins as the device's waveform does. */
export function startingWith(start: DeviceStart, course: PowerCourse): PowerCourse {
  let askedS = 0;
  return {
    get everyS() {
      return askedS < WATCHED_S ? 1 : course.everyS;
    },
    at(elapsedS) {
      askedS = elapsedS;
      return course.at(elapsedS) * startRatio(start, elapsedS);
    },
  };
}
