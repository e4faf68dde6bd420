import { copyBytes, joinBytes } from '../bytes.ts';
import { gbStartByte, type GbDiscardReason } from './frame.ts';
import { inspectFrame } from './inspect-frame.ts';

export type GbPiece =
  /** A sound frame. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array<ArrayBuffer> }
  /**
   * Start, length and end agree, the checksum does not: what a deny answers (6.5.3). Only a notice: the same bytes are
   * searched again from the second on and come as `discarded`, or as a frame that lies among them. Told once; damaged
   * candidates inside of it are not told.
   */
  | { readonly kind: 'damaged'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Bytes in no frame; a run of them, with the reason why its first candidate failed (`noStart`: there was none). */
  | { readonly kind: 'discarded'; readonly bytes: Uint8Array<ArrayBuffer>; readonly reason: GbDiscardReason };

export type GbFrameSplitter = {
  /** Takes bytes as they arrive, in pieces of any size. @param at when they arrived, by any clock that `expire` uses. */
  push(chunk: Uint8Array, at?: number): GbPiece[];
  /** Gives up every unfinished frame that began to arrive at `before` or earlier, and searches its bytes again. */
  expire(before: number): GbPiece[];
  /** Nothing follows (end of connection, of datagram, of file): everything held is searched and let go. */
  end(): GbPiece[];
  /** Bytes held back for what may come; at most 1053. */
  readonly heldBytes: number;
  /** When the first byte held arrived; undefined when none is. The owner's timer runs from here. */
  readonly heldSince: number | undefined;
};

/**
 * Cuts a byte stream into frames by their length, never by searching `##`: head and data may hold `@@` and `##`.
 *
 * Rule of resynchronisation: the search goes from left to right. Where `@@` starts a sound frame (length ≤ 1024, `##`
 * where the length says, checksum right), the frame owns its bytes, also when others that look like a frame lie inside
 * or begin in it. Any other `@@` costs one byte, not the length it claims. So a good frame is found behind and inside
 * any garbage, unless garbage before it reads as a sound frame that reaches into it. While the claim of a `@@` can
 * still come true the bytes are held; `expire` ends the wait.
 *
 * The frames do not depend on how the stream was cut into chunks. Every byte comes out in one `frame` or `discarded`.
 */
export function createGbFrameSplitter(): GbFrameSplitter {
  let held: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes of `held` from its start that lie in a damaged candidate that was told. */
  let toldBytes = 0;
  /** How many bytes of `held` came when, oldest first. */
  const arrivals: { bytes: number; readonly at: number }[] = [];

  const take = (bytes: Uint8Array, giveUpBefore: number): GbPiece[] => {
    const scan = scanFrames(bytes, giveUpBefore, toldBytes);
    held = copyBytes(bytes, scan.consumed);
    toldBytes = Math.max(0, scan.toldUntil - scan.consumed);
    let gone = scan.consumed;
    for (let first = arrivals[0]; first !== undefined; first = arrivals[0]) {
      const part = Math.min(gone, first.bytes);
      gone -= part;
      first.bytes -= part;
      // What arrives in single bytes must not cost a copy of the list for each.
      if (first.bytes > 0) break;
      arrivals.shift();
    }
    return scan.pieces;
  };

  return {
    push: (chunk, at = 0) => {
      if (chunk.length > 0) arrivals.push({ bytes: chunk.length, at });
      return take(held.length === 0 ? chunk : joinBytes([held, chunk]), 0);
    },
    expire: (before) => {
      const old = arrivals.filter((arrival) => arrival.at <= before);
      return take(
        held,
        old.reduce((sum, arrival) => sum + arrival.bytes, 0),
      );
    },
    end: () => take(held, Infinity),
    get heldBytes() {
      return held.length;
    },
    get heldSince() {
      return arrivals[0]?.at;
    },
  };
}

type Scan = { readonly pieces: GbPiece[]; readonly consumed: number; readonly toldUntil: number };

/** @param giveUpBefore an unfinished frame that starts before this offset is not waited for. */
function scanFrames(bytes: Uint8Array, giveUpBefore: number, toldBytes: number): Scan {
  const pieces: GbPiece[] = [];
  let toldUntil = toldBytes;
  let runStart = 0;
  let reason: GbDiscardReason = 'noStart';
  let at = 0;
  const closeRun = () => {
    if (at > runStart) pieces.push({ kind: 'discarded', bytes: copyBytes(bytes, runStart, at), reason });
    reason = 'noStart';
  };
  for (;;) {
    const start = bytes.indexOf(gbStartByte, at);
    at = start < 0 ? bytes.length : start;
    if (start < 0) break;
    const found = inspectFrame(bytes, at);
    if (found.kind === 'frame') {
      closeRun();
      pieces.push({ kind: 'frame', bytes: copyBytes(bytes, at, at + found.length) });
      at += found.length;
      runStart = at;
      continue;
    }
    if (found.reason === 'incomplete' && at >= giveUpBefore) break;
    if (found.reason === 'badChecksum' && found.length !== undefined && at >= toldUntil) {
      toldUntil = at + found.length;
      pieces.push({ kind: 'damaged', bytes: copyBytes(bytes, at, toldUntil) });
    }
    if (reason === 'noStart') reason = found.reason;
    at += 1;
  }
  closeRun();
  return { pieces, consumed: at, toldUntil };
}

/** Cuts one datagram: it holds whole frames, a rest is discarded. */
export function splitGbDatagram(datagram: Uint8Array): GbPiece[] {
  const splitter = createGbFrameSplitter();
  return [...splitter.push(datagram), ...splitter.end()];
}
