import type { SourceBlock } from '../source/sample-source.ts';
import type { TerminalState } from '../state/terminal-state.ts';
import type { BoardMonitor, Observation } from './board-monitor.ts';

/**
 * The monitors of one run, one after the other: a new configuration and a gap in the samples begin a new one with the
 * state of the one before. Observations come as of the first frame of all.
 */
export type MonitorRun = {
  readonly current: BoardMonitor;
  /** Frames measured or missing since the start. */
  readonly frames: number;
  push(block: SourceBlock): void;
  flush(): void;
  /** Goes on with the monitor that `begin` makes for this instant. @throws RangeError of `begin`: then all is as before. */
  beginAnew(begin: (fromMs: number, state: TerminalState) => BoardMonitor, missingFrames?: number): void;
  /** Number of the capture; undefined before the first sample. */
  captureNow(): number | undefined;
};

/**
 * @param first the monitor the run begins with, at `startAtMs`.
 * @param observe told of everything, in the order it is found.
 */
export function createMonitorRun(
  first: BoardMonitor,
  { startAtMs, sampleRateHz }: { readonly startAtMs: number; readonly sampleRateHz: number },
  observe: (observation: Observation) => void,
): MonitorRun {
  let monitor = first;
  let before = { frames: 0, captures: 0 };
  let newestCapture = 0;
  const msOf = (frames: number): number => (frames * 1000) / sampleRateHz;
  const framesNow = (): number => before.frames + monitor.frames;

  const tell = (observation: Observation): void => {
    const shifted = shiftedBy(observation, before, msOf(before.frames));
    if ('capture' in shifted && shifted.capture !== undefined) newestCapture = Math.max(newestCapture, shifted.capture);
    observe(shifted);
  };

  return {
    get current() {
      return monitor;
    },
    get frames() {
      return framesNow();
    },
    push: (block) => monitor.push(block, tell),
    flush: () => monitor.flush(tell),
    beginAnew(begin, missingFrames = 0) {
      // Made once to see whether it can be: what is measured must not end for settings that do not fit.
      if (missingFrames === 0) begin(startAtMs + msOf(framesNow()), monitor.state());
      monitor.flush(tell);
      const next = { frames: framesNow() + missingFrames, captures: newestCapture };
      monitor = begin(startAtMs + msOf(next.frames), monitor.state());
      before = next;
    },
    captureNow() {
      if (monitor.frames === 0) return undefined;
      const asked = monitor.captureNow();
      if (asked === undefined) return undefined;
      const capture = before.captures + asked;
      newestCapture = Math.max(newestCapture, capture);
      return capture;
    },
  };
}

/** An observation of a monitor that was begun later, as of the first frame of all. */
function shiftedBy(
  observation: Observation,
  before: { readonly frames: number; readonly captures: number },
  beforeMs: number,
): Observation {
  if (before.frames === 0) return observation;
  if (observation.kind === 'capture') {
    const { capture, startFrame } = observation;
    return { ...observation, capture: capture + before.captures, startFrame: startFrame + before.frames };
  }
  const signalMs = observation.signalMs + beforeMs;
  if (observation.kind === 'telemetry' || observation.capture === undefined) return { ...observation, signalMs };
  return { ...observation, signalMs, capture: observation.capture + before.captures };
}
