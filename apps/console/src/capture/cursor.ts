import type { CaptureRecord } from './capture-record.ts';

export type CursorName = 'a' | 'b';

/** Frames of the two cursors. */
export type Cursors = { readonly a: number; readonly b: number };

/** A at the trigger (or the start), B ten cycles later: 200 ms at 50 Hz, the block of IEC 61000-4-30. */
export function initialCursors(record: CaptureRecord): Cursors {
  const a = clampFrame(record, record.triggerFrame ?? 0);
  return { a, b: clampFrame(record, a + Math.round(10 * record.samplesPerCycle)) };
}

/** Cursors out of the URL; a frame that is unreadable or beyond the recording falls back to the initial one. */
export function cursorsOfSearch(record: CaptureRecord, search: { a?: string; b?: string }): Cursors {
  const initial = initialCursors(record);
  return { a: readFrame(record, search.a) ?? initial.a, b: readFrame(record, search.b) ?? initial.b };
}

/**
 * Where a key takes a cursor: arrows by one sample, with Shift by one cycle, Home to the trigger, End to the last frame.
 * Undefined when the key is none of ours.
 */
export function cursorAfterKey(
  record: CaptureRecord,
  frame: number,
  press: { readonly key: string; readonly shift: boolean },
): number | undefined {
  const step = press.shift ? Math.round(record.samplesPerCycle) : 1;
  switch (press.key) {
    case 'ArrowLeft':
      return clampFrame(record, frame - step);
    case 'ArrowRight':
      return clampFrame(record, frame + step);
    case 'Home':
      return clampFrame(record, record.triggerFrame ?? 0);
    case 'End':
      return record.frames - 1;
    default:
      return undefined;
  }
}

/** The frames between the cursors as a slice [from, to): both cursors included, whichever is left. */
export function sliceBetween({ a, b }: Cursors): { readonly from: number; readonly to: number } {
  return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
}

function clampFrame(record: CaptureRecord, frame: number): number {
  return Math.min(record.frames - 1, Math.max(0, frame));
}

function readFrame(record: CaptureRecord, text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const frame = Number(text);
  return frame < record.frames ? frame : undefined;
}
