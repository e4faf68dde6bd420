import type { WebSocket } from 'ws';

/** At once, and refilled each second: a page subscribes when it opens and when it is told to begin anew. */
const FRAMES = { atOnce: 40, perS: 2 } as const;
/** Sixteen of the longest frames. */
const BYTES = { atOnce: 4 * 1024 * 1024, perS: 256 * 1024 } as const;
const TOO_MUCH = 4429;
/** Between an answer and the next question. */
const ASK_EVERY_MS = 5_000;
/** From when a ping has left here: what the kernel still holds may be on its way over a slow line. */
const ANSWER_MS = 30_000;
/** For a ping to leave: behind what the client has not read. */
const LEAVE_MS = 120_000;
/** At most between two beats: a centre that stood still itself has looked at no answer meanwhile. */
const BEAT_MS = 5_000;
/** Who is told to go goes, or is cut off. */
const GO_MS = 2_000;

type Ping = { hasLeft: boolean; waitedMs: number };

/** What a client of the live feed may send, and whether it is there at all. */
export class ClientCare {
  readonly #ws: WebSocket;
  readonly #nowMs: () => number;
  #frames: number = FRAMES.atOnce;
  #bytes: number = BYTES.atOnce;
  #atMs: number;
  #isSentAway = false;
  #beatAtMs: number;
  #askedAtMs = -Infinity;
  #ping: Ping | undefined;

  /** @param nowMs a clock that never goes back, in milliseconds. */
  constructor(ws: WebSocket, nowMs: () => number = () => performance.now()) {
    this.#ws = ws;
    this.#nowMs = nowMs;
    this.#atMs = nowMs();
    this.#beatAtMs = this.#atMs;
    ws.on('ping', (data) => this.admits(data.length));
    ws.on('pong', (data) => {
      if (this.admits(data.length)) this.#ping = undefined;
    });
  }

  /** Counts a frame of the client; false when nothing of it is to be looked at any more. */
  admits(byteCount: number): boolean {
    if (this.#isSentAway) return false;
    const nowMs = this.#nowMs();
    const passedS = (nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    this.#frames = Math.min(FRAMES.atOnce, this.#frames + passedS * FRAMES.perS) - 1;
    this.#bytes = Math.min(BYTES.atOnce, this.#bytes + passedS * BYTES.perS) - byteCount;
    if (this.#frames >= 0 && this.#bytes >= 0) return true;
    this.#isSentAway = true;
    this.#ws.close(TOO_MUCH, 'sends more than is taken: subscribe seldom, and listen');
    setTimeout(() => this.#ws.terminate(), GO_MS).unref();
    return false;
  }

  /** Asks whether the client is there, and cuts it off when it has not said so for too long. To be called every few seconds. */
  beat(): void {
    const ws = this.#ws;
    if (ws.readyState !== ws.OPEN) return;
    const nowMs = this.#nowMs();
    const passedMs = Math.min(BEAT_MS, nowMs - this.#beatAtMs);
    this.#beatAtMs = nowMs;
    const waiting = this.#ping;
    if (waiting !== undefined) {
      waiting.waitedMs += passedMs;
      if (waiting.waitedMs > (waiting.hasLeft ? ANSWER_MS : LEAVE_MS)) ws.terminate();
      return;
    }
    if (nowMs - this.#askedAtMs < ASK_EVERY_MS) return;
    this.#askedAtMs = nowMs;
    const ping: Ping = { hasLeft: false, waitedMs: 0 };
    this.#ping = ping;
    ws.ping('', undefined, () => Object.assign(ping, { hasLeft: true, waitedMs: 0 }));
  }
}
