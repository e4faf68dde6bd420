import type { Evidence } from '@fengsui/protocol';

/** A stretch of a capture, in milliseconds from its trigger. */
export type Mark = { readonly fromMs: number; readonly toMs: number };

export type CaptureClock = {
  /** Instant of frame 0, epoch ms. */
  readonly startAt: number;
  readonly triggerFrame: number;
  readonly sampleRateHz: number;
  readonly frames: number;
};

/** The stretches that arced, on the time axis of the capture; what lies outside it is cut or left out. */
export function arcMarks(evidence: readonly Evidence[], clock: CaptureClock): readonly Mark[] {
  const triggerMs = (clock.triggerFrame * 1000) / clock.sampleRateHz;
  const endMs = (clock.frames * 1000) / clock.sampleRateHz - triggerMs;
  const marks: Mark[] = [];
  for (const item of evidence) {
    if (item.schema !== 'arc/1') continue;
    for (const [fromAt, toAt] of item.windows) {
      const fromMs = Math.max(-triggerMs, fromAt - clock.startAt - triggerMs);
      const toMs = Math.min(endMs, toAt - clock.startAt - triggerMs);
      if (toMs > fromMs) marks.push({ fromMs, toMs });
    }
  }
  return merged(marks);
}

/** Events of one arc tell its stretches again and again: each is shaded once. */
function merged(marks: readonly Mark[]): readonly Mark[] {
  const joined: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || mark.fromMs > last.toMs) joined.push(mark);
    else joined.splice(-1, 1, { fromMs: last.fromMs, toMs: Math.max(last.toMs, mark.toMs) });
  }
  return joined;
}
