import type { Socket } from 'node:net';
import { createGbFrameSplitter, type GbPiece } from '@fengsui/protocol';
import type { Clock } from '../../platform/clock.ts';
import { mayTellFire } from './may-tell-fire.ts';
import { plainAddress } from './address-list.ts';
import type { GbIntake } from './gb-intake.ts';
import type { GbPath } from './gb-path.ts';
import { TokenBucket } from './token-bucket.ts';

/** Below the 10 s of the standard's time-out, so that the resend finds the stream in step. */
const PARTIAL_FRAME_MS = 5_000;
const MOST_FRAMING_ERRORS = 20;
/** Bytes without a frame among them that end the connection. */
const MOST_NOISE_BYTES = 64 * 1024;
const IDENTIFY_WITHIN_MS = 60_000;
/** Frames that wait for the journal before no more are read: of a connection, and when many wait together. */
const MOST_PENDING = 16_384;
const MOST_PENDING_IN_A_CROWD = 64;
const CROWD = 40_000;
const SLICE_FRAMES = 64;
/** A device that sends and does not read its confirms. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** A panel that empties its queue after an outage is not held up; one that never stops is. */
const FRAME_BURST = 20_000;
const FRAMES_PER_SECOND = 2_000;
/** Frames of strangers on a connection with no device of ours. */
const MOST_STRANGE_FRAMES = 20;

/** One TCP connection: bytes in, frames cut and bounded; replies out. */
export class GbConnection implements GbPath {
  readonly isStream = true;
  readonly remote: string;
  readonly address: string;
  readonly #socket: Socket;
  readonly #intake: GbIntake;
  readonly #clock: Clock;
  readonly #splitter = createGbFrameSplitter();
  readonly #bucket: TokenBucket;
  readonly #openedAt: number;
  readonly #onClose: (connection: GbConnection, reason: string) => void;
  #closeReason = 'closed by the device';
  #errors = 0;
  #noiseBytes = 0;
  #strangeFrames = 0;
  #pending = 0;
  #waiting: { readonly bytes: Uint8Array; readonly order: number }[] = [];
  #waitingFrom = 0;
  #readAgainAt = 0;
  #hasEnded = false;

  constructor(
    socket: Socket,
    intake: GbIntake,
    clock: Clock,
    onClose: (connection: GbConnection, reason: string) => void,
  ) {
    this.#socket = socket;
    this.#intake = intake;
    this.#clock = clock;
    this.#onClose = onClose;
    this.#openedAt = clock.now();
    this.#bucket = new TokenBucket(FRAME_BURST, FRAMES_PER_SECOND, this.#openedAt);
    this.address = plainAddress(socket.remoteAddress ?? '');
    this.remote = `${this.address}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#takeAll(this.#splitter.push(chunk, this.#clock.now())));
    socket.on('error', (error) => (this.#closeReason = error.message));
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#takeAll(this.#splitter.end());
      this.#endWhenAnswered();
    });
    socket.on('close', () => {
      this.#intake.gone(this);
      this.#onClose(this, this.#closeReason);
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  send(bytes: Uint8Array): void {
    if (!this.isOpen || !this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > MOST_UNREAD_BYTES) this.close('it does not read');
  }

  close(reason: string): void {
    if (this.#socket.destroyed) return;
    this.#closeReason = reason;
    this.#socket.destroy();
  }

  /** Once a second. */
  sweep(now: number): void {
    const heldSince = this.#splitter.heldSince;
    if (heldSince !== undefined && now - heldSince >= PARTIAL_FRAME_MS) {
      this.#takeAll(this.#splitter.expire(now - PARTIAL_FRAME_MS));
    }
    if (!this.#intake.isIdentified(this) && now - this.#openedAt > IDENTIFY_WITHIN_MS) {
      this.close('no frame of a registered device');
    }
    this.#readOrWait(now);
  }

  #takeAll(pieces: readonly GbPiece[]): void {
    let frames = 0;
    for (const piece of pieces) {
      if (this.#socket.destroyed && piece.kind !== 'frame') return;
      if (piece.kind === 'frame') {
        frames++;
        this.#takeFrame(piece.bytes);
      } else if (piece.kind === 'damaged') this.#intake.takeDamaged(this, piece.bytes);
      else this.#takeNoise(piece.bytes, piece.reason);
    }
    if (frames === 0) return;
    const now = this.#clock.now();
    const waitMs = this.#bucket.take(frames, now);
    if (waitMs > 0) this.#readAgainAt = now + waitMs;
    this.#readOrWait(now);
  }

  #takeFrame(bytes: Uint8Array): void {
    this.#errors = 0;
    this.#noiseBytes = 0;
    this.#pending++;
    this.#intake.inHand++;
    const order = this.#intake.nextOrder();
    if (this.#intake.isIdentified(this)) {
      if (mayTellFire(bytes)) this.#giveIntake(bytes, order);
      else this.#later(bytes, order);
      return;
    }
    this.#giveIntake(bytes, order);
    if (!this.#intake.isIdentified(this) && ++this.#strangeFrames > MOST_STRANGE_FRAMES)
      this.close('frames of no registered device');
  }

  #giveIntake(bytes: Uint8Array, order: number): void {
    void this.#intake.take(this, bytes, order).then(() => {
      this.#pending--;
      this.#intake.inHand--;
      this.#endWhenAnswered();
      if (this.#socket.isPaused()) this.#readOrWait(this.#clock.now());
    });
  }

  /** A device that says no more may still wait for its confirms. */
  #endWhenAnswered(): void {
    if (this.#hasEnded && this.#pending === 0) this.#socket.end();
  }

  /** A panel's queue is worked off in slices, so that a fire that comes behind it is seen meanwhile. */
  #later(bytes: Uint8Array, order: number): void {
    this.#waiting.push({ bytes, order });
    if (this.#waiting.length - this.#waitingFrom === 1) setImmediate(() => this.#workOff());
  }

  #workOff(): void {
    const slice = this.#waiting.slice(this.#waitingFrom, this.#waitingFrom + SLICE_FRAMES);
    this.#waitingFrom += slice.length;
    for (const { bytes, order } of slice) this.#giveIntake(bytes, order);
    if (this.#waitingFrom < this.#waiting.length) setImmediate(() => this.#workOff());
    else {
      this.#waiting = [];
      this.#waitingFrom = 0;
    }
  }

  #takeNoise(bytes: Uint8Array, reason: string): void {
    this.#errors++;
    this.#noiseBytes += bytes.length;
    this.#intake.noteFraming(this, bytes, reason);
    if (this.#errors >= MOST_FRAMING_ERRORS) this.close(`${this.#errors} framing errors in a row`);
    else if (this.#noiseBytes > MOST_NOISE_BYTES) this.close(`${this.#noiseBytes} bytes without a frame`);
  }

  #readOrWait(now: number): void {
    if (this.#socket.destroyed) return;
    const most = this.#intake.inHand > CROWD ? MOST_PENDING_IN_A_CROWD : MOST_PENDING;
    const mayRead = this.#pending <= most && now >= this.#readAgainAt;
    if (mayRead && this.#socket.isPaused()) this.#socket.resume();
    else if (!mayRead && !this.#socket.isPaused()) this.#socket.pause();
  }
}
