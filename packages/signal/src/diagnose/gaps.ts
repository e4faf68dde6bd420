import type { Finding } from './finding.ts';

/** A voltage that stands still for this part of a cycle was not measured: at its crest a sine rests 1/30 of a cycle. */
const LEAST_REST = 0.1;
/** A sample this many times farther from the line through its neighbours than usual breaks the wave … */
const BREAK_RATIO = 12;
/** … if that is also this part of the peak: notches of converters stay below. */
const LEAST_BREAK = 0.25;

/**
 * Finds samples that are missing from a mains voltage: stretches held at one value (a filled gap, a stuck converter),
 * certain; and places where the wave jumps, as it does when a piece was cut out, `maybe`, because a switching transient
 * can look the same. A piece of exactly one period leaves no trace.
 */
export function findGaps(voltageV: Float64Array, framesPerCycle: number): Finding[] {
  const peak = voltageV.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(peak > 0 && peak < Infinity)) return [];
  const held = findHeld(voltageV, Math.max(4, LEAST_REST * framesPerCycle), peak);
  return held.length > 0 ? held : findBreaks(voltageV, peak);
}

function findHeld(voltageV: Float64Array, shortest: number, peak: number): Finding[] {
  let count = 0;
  let longest = 0;
  let firstFrame = -1;
  for (let frame = 1; frame < voltageV.length; frame++) {
    const start = frame - 1;
    const level = voltageV[start] as number;
    while (frame < voltageV.length && voltageV[frame] === level) frame++;
    // At the extremes it is clipping, which has a finding of its own.
    if (frame - start < shortest || Math.abs(level) > 0.95 * peak) continue;
    count++;
    longest = Math.max(longest, frame - start);
    if (firstFrame < 0) firstFrame = start;
  }
  if (count === 0) return [];
  const detail =
    `the voltage stands still ${count} times, for up to ${longest} samples; ` +
    `expected at most ${Math.floor(shortest)} equal samples in a mains cycle: samples are missing`;
  return [{ kind: 'gap', channel: 'voltageV', certainty: 'certain', detail, firstFrame }];
}

function findBreaks(voltageV: Float64Array, peak: number): Finding[] {
  const bends = new Float64Array(Math.max(0, voltageV.length - 2));
  for (let n = 0; n < bends.length; n++) {
    bends[n] = Math.abs((voltageV[n] as number) - 2 * (voltageV[n + 1] as number) + (voltageV[n + 2] as number));
  }
  const usual = bends.toSorted()[Math.floor(0.9 * bends.length)] ?? Infinity;
  const limit = Math.max(BREAK_RATIO * usual, LEAST_BREAK * peak);
  const first = bends.findIndex((bend) => bend > limit);
  if (first < 0) return [];
  // One jump bends the line at two neighbouring samples.
  const count = bends.reduce((total, bend, n) => total + (bend > limit && !((bends[n - 1] ?? 0) > limit) ? 1 : 0), 0);
  const detail =
    `the voltage jumps at ${count} places, first by about ${(bends[first] as number).toPrecision(3)} V against its own ` +
    `course; expected steps below ${limit.toPrecision(3)} V: samples may be missing`;
  return [{ kind: 'gap', channel: 'voltageV', certainty: 'maybe', detail, firstFrame: first + 2 }];
}
