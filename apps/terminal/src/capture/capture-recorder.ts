import { createSampleRing } from './sample-ring.ts';

/** How much is kept around a trigger. */
export type CaptureWindow = {
  /** Cycles before the trigger, ≥ 10. */
  readonly cyclesBefore: number;
  /** Cycles after it, ≥ 20. */
  readonly cyclesAfter: number;
};

export const defaultCaptureWindow: CaptureWindow = { cyclesBefore: 10, cyclesAfter: 30 };

/** Issue of what every alarm must show; a shorter window is refused. */
const leastWindow: CaptureWindow = { cyclesBefore: 10, cyclesAfter: 20 };
const mostCycles = 3000;

/** One window of raw samples. */
export type CaptureCut = {
  readonly number: number;
  readonly startFrame: number;
  /** Counted from `startFrame`. */
  readonly triggerFrame: number;
  /** In the order of the channels; finite throughout. */
  readonly values: readonly Float64Array[];
};

/** Keeps the newest samples and cuts windows around triggers out of them. */
export type CaptureRecorder = {
  append(channels: readonly Float64Array[], from: number, to: number): void;
  /**
   * Asks for a window around a frame, counted from the first; returns its number. A trigger within an open window that
   * shows 10 cycles before and 20 after it too gets that one. Undefined for a frame whose samples are gone: what is told
   * that late has no capture, and nothing else suffers.
   */
  trigger(frame: number): number | undefined;
  /** Yields the windows whose end has come. */
  collect(onCut: (cut: CaptureCut) => void): void;
  /** No further sample comes: yields the open windows as long as they got. */
  finish(onCut: (cut: CaptureCut) => void): void;
};

/** A trigger is told later than its frame: a soft start about 200 cycles (switch-event-detector.ts), hazards 700 ms. */
const TRIGGER_LAG_MS = 5000;

/** @throws RangeError for a window shorter than 10 + 20 cycles. */
export function createCaptureRecorder(
  signal: { readonly sampleRateHz: number; readonly mainsHz: number; readonly channels: readonly string[] },
  window: CaptureWindow,
): CaptureRecorder {
  checkWindow(window);
  const framesPerCycle = signal.sampleRateHz / signal.mainsHz;
  const framesOf = (cycles: number): number => Math.ceil(cycles * framesPerCycle);
  const before = framesOf(window.cyclesBefore);
  const after = framesOf(window.cyclesAfter);
  const lag = Math.ceil((signal.sampleRateHz * TRIGGER_LAG_MS) / 1000);
  const ring = createSampleRing(signal.channels.length, before + after + lag);
  let count = 0;
  let open: { readonly number: number; readonly frame: number }[] = [];

  function isCovered(frame: number, by: number): boolean {
    return (
      frame - by >= framesOf(leastWindow.cyclesBefore) - before &&
      by - frame >= framesOf(leastWindow.cyclesAfter) - after
    );
  }

  function cut({ number, frame }: { number: number; frame: number }, end: number): CaptureCut {
    const startFrame = Math.max(ring.oldestFrame, frame - before, 0);
    const values = ring.read(startFrame, end).map(withoutGaps);
    return { number, startFrame, triggerFrame: Math.max(0, Math.min(frame, end - 1) - startFrame), values };
  }

  return {
    append(channels, from, to) {
      ring.append(channels, from, to);
    },
    trigger(frame) {
      const covering = open.find((candidate) => isCovered(frame, candidate.frame));
      if (covering) return covering.number;
      if (frame < ring.oldestFrame) return undefined;
      count += 1;
      open.push({ number: count, frame });
      return count;
    },
    collect(onCut) {
      if (open.length === 0) return;
      for (const request of open.filter(({ frame }) => ring.frames >= frame + after)) {
        onCut(cut(request, request.frame + after));
      }
      open = open.filter(({ frame }) => ring.frames < frame + after);
    },
    finish(onCut) {
      for (const request of ring.frames > 0 ? open : [])
        onCut(cut(request, Math.min(ring.frames, request.frame + after)));
      open = [];
    },
  };
}

function checkWindow(window: CaptureWindow): void {
  for (const key of ['cyclesBefore', 'cyclesAfter'] as const) {
    const cycles = window[key];
    if (cycles >= leastWindow[key] && cycles <= mostCycles) continue;
    throw new RangeError(`capture window: ${key} is ${cycles}, expected ${leastWindow[key]} to ${mostCycles}`);
  }
}

/** A capture has no code for a missing sample: it shows the value before, as a converter that misses a beat does. */
function withoutGaps(values: Float64Array): Float64Array {
  let last = values.find(Number.isFinite) ?? 0;
  return values.map((value) => (last = Number.isFinite(value) ? value : last));
}
