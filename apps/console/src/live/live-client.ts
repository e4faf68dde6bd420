import type { LiveClientFrame, LiveServerFrame, LiveTopic } from '@fengsui/protocol';
import { feedPhase, givenUpAfterMs, laggingAfterMs, type FeedPhase } from './feed-phase.ts';
import { readLiveFrame } from './live-frame.ts';
import { applyBatch, applySnapshot, emptyLiveState, type LiveState } from './live-state.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

/** One connection attempt. `close` may be called at any time; after it no handler may fire. */
export type LiveSocket = { readonly send: (text: string) => void; readonly close: () => void };

export type SocketHandlers = {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
};

export type LiveClientPorts = {
  readonly connect: (handlers: SocketHandlers) => LiveSocket;
  /** Epoch ms of the screen. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly setTimer: (run: () => void, delayMs: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
};

export type LiveSubscription = { readonly topics: readonly LiveTopic[]; readonly venueIds?: readonly string[] };

/** What readers of the feed see; a new object whenever something changed. */
export type LiveView = {
  readonly phase: FeedPhase;
  /** Screen clock of the newest frame; undefined before the first. */
  readonly lastFrameAt: number | undefined;
  /** Centre clock minus screen clock, as the quickest frame showed it; 0 before the first. */
  readonly centreOffsetMs: number;
  readonly attempt: number;
  /** The centre's last refusal, until a frame arrives. */
  readonly refusal: { readonly code: string; readonly detail: string } | undefined;
  /** How often the centre made it begin anew: what the session may see can be something else since. */
  readonly resyncs: number;
  readonly state: LiveState;
};

const openTimeoutMs = 8_000;
/** Lag that stays this long is either a feed that does not recover or a clock that was set: a new connection cures both. */
const lagTimeoutMs = 30_000;
const watchEveryMs = 500;
/** A look this late was held up, by sleep or by the browser: frames that came meanwhile may stand behind it. */
const lateAfterMs = 1_200;
/** Frames within this time are drawn together; the first one is drawn at once. */
const gatherMs = 40;

/**
 * Keeps one subscription to `/api/v1/live` alive: cursor, sequence numbers, resync, back-off, and the honest phase of
 * what is on the screen. `start` connects, `stop` ends everything it started. Time and sockets come from the ports.
 */
export class LiveClient {
  readonly #ports: LiveClientPorts;
  readonly #subscription: LiveSubscription;
  readonly #listeners = new Set<() => void>();
  #view: LiveView;
  #state: LiveState = emptyLiveState;
  #socket: LiveSocket | undefined;
  #cursor: string | undefined;
  #lastN: number | undefined;
  #isConnected = false;
  #hasState = false;
  #hasFailed = false;
  #isRunning = false;
  #lastFrameAt: number | undefined;
  #attemptStartedAt = 0;
  #watchedAt = 0;
  #wasLate = false;
  /** Screen clock up to which silence is known to be silence. */
  #heardOutAt = 0;
  #attempt = 0;
  #offsetMs = Number.NEGATIVE_INFINITY;
  #lagMs = 0;
  #laggingSince: number | undefined;
  #refusal: LiveView['refusal'];
  #resyncs = 0;
  #retryTimer: unknown;
  #watchTimer: unknown;
  #gatherTimer: unknown;
  #isDirty = false;

  constructor(ports: LiveClientPorts, subscription: LiveSubscription) {
    this.#ports = ports;
    this.#subscription = subscription;
    this.#view = this.#currentView();
  }

  readonly view = (): LiveView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#watchedAt = this.#ports.now();
    this.#wasLate = false;
    this.#connect();
    this.#watch();
  }

  stop(): void {
    this.#isRunning = false;
    this.#closeSocket();
    for (const timer of [this.#retryTimer, this.#watchTimer, this.#gatherTimer]) this.#ports.clearTimer(timer);
    this.#gatherTimer = undefined;
  }

  /** The network is back, or the operator asks: do not sit out the back-off. */
  retryNow(): void {
    if (!this.#isRunning || this.#isConnected) return;
    this.#ports.clearTimer(this.#retryTimer);
    this.#closeSocket();
    this.#connect();
  }

  #connect(): void {
    this.#attemptStartedAt = this.#ports.now();
    this.#lastN = undefined;
    this.#offsetMs = Number.NEGATIVE_INFINITY;
    this.#laggingSince = undefined;
    const socket: LiveSocket = this.#ports.connect({
      onOpen: () => this.#send(this.#subscribeFrame()),
      onText: (text) => this.#receive(text),
      onClose: () => this.#drop(),
    });
    this.#socket = socket;
  }

  #subscribeFrame(): LiveClientFrame {
    const { topics, venueIds } = this.#subscription;
    return {
      type: 'subscribe',
      topics,
      ...(venueIds ? { venueIds } : {}),
      ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
    };
  }

  #send(frame: LiveClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #receive(text: string): void {
    const frame = readLiveFrame(text);
    if (!frame) return this.#drop();
    if (frame.type === 'error') {
      this.#refusal = { code: frame.code, detail: frame.detail };
      return this.#drop();
    }
    if (frame.type === 'resync') {
      this.#cursor = undefined;
      this.#resyncs++;
      return this.#send(this.#subscribeFrame());
    }
    // A missing number is a missing batch: open anew with the last good cursor, which loses nothing.
    if (this.#lastN !== undefined && frame.n !== this.#lastN + 1) return this.#drop();
    this.#lastN = frame.n;
    this.#accept(frame);
  }

  #accept(frame: Extract<LiveServerFrame, { n: number }>): void {
    const now = this.#ports.now();
    this.#lastFrameAt = now;
    this.#heardOutAt = now;
    this.#attempt = 0;
    this.#refusal = undefined;
    this.#isConnected = true;
    const offsetMs = frame.at - now;
    // The quickest frame is nearest to the true difference of the clocks; whatever is behind it is lag.
    this.#offsetMs = Math.max(this.#offsetMs, offsetMs);
    this.#lagMs = this.#offsetMs - offsetMs;
    this.#laggingSince = this.#lagMs > laggingAfterMs ? (this.#laggingSince ?? now) : undefined;
    if (frame.type === 'snapshot') {
      this.#state = applySnapshot(this.#state, frame);
      this.#hasState = true;
    } else if (frame.type === 'batch') {
      this.#state = applyBatch(this.#state, frame);
    }
    if (frame.type !== 'heartbeat') this.#cursor = frame.cursor;
    this.#announce();
  }

  #drop(): void {
    this.#closeSocket();
    this.#isConnected = false;
    this.#hasFailed = true;
    if (this.#isRunning) {
      this.#ports.clearTimer(this.#retryTimer);
      const delayMs = reconnectDelayMs(this.#attempt++, this.#ports.random());
      this.#retryTimer = this.#ports.setTimer(() => this.#connect(), delayMs);
    }
    this.#publish();
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isConnected = false;
    socket?.close();
  }

  /**
   * A look in time knows what was heard. A late one does not, unless the one before was late too and nothing has come
   * since: a hidden tab is let look once a minute.
   */
  #hearOut(now: number): void {
    const isLate = now - this.#watchedAt > lateAfterMs;
    const hasHeardSince = (this.#lastFrameAt ?? 0) >= this.#watchedAt;
    if (!isLate || (this.#wasLate && !hasHeardSince)) this.#heardOutAt = now;
    this.#wasLate = isLate;
    this.#watchedAt = now;
  }

  /** A half-open connection tells nothing: silence and an opening that takes too long end it from this side. */
  #watch(): void {
    this.#hearOut(this.#ports.now());
    const now = this.#heardOutAt;
    const isSilent = this.#isConnected && now - (this.#lastFrameAt ?? now) > givenUpAfterMs;
    const isStuck = !this.#isConnected && this.#socket !== undefined && now - this.#attemptStartedAt > openTimeoutMs;
    const isLagging = this.#laggingSince !== undefined && now - this.#laggingSince > lagTimeoutMs;
    if (isSilent || isStuck || isLagging) this.#drop();
    else if (this.#phase() !== this.#view.phase) this.#publish();
    this.#watchTimer = this.#ports.setTimer(() => this.#watch(), watchEveryMs);
  }

  #announce(): void {
    if (this.#gatherTimer !== undefined) {
      this.#isDirty = true;
      return;
    }
    this.#publish();
    this.#gatherTimer = this.#ports.setTimer(() => {
      this.#gatherTimer = undefined;
      if (this.#isDirty) this.#announce();
    }, gatherMs);
  }

  #publish(): void {
    this.#isDirty = false;
    this.#view = this.#currentView();
    for (const listener of this.#listeners) listener();
  }

  #phase(): FeedPhase {
    return feedPhase(
      {
        isConnected: this.#isConnected,
        hasState: this.#hasState,
        hasFailed: this.#hasFailed,
        lastFrameAt: this.#lastFrameAt,
        lagMs: this.#lagMs,
      },
      this.#heardOutAt,
    );
  }

  #currentView(): LiveView {
    return {
      phase: this.#phase(),
      lastFrameAt: this.#lastFrameAt,
      // Between two connections the difference found last still holds.
      centreOffsetMs: Number.isFinite(this.#offsetMs) ? this.#offsetMs : (this.#view?.centreOffsetMs ?? 0),
      attempt: this.#attempt,
      refusal: this.#refusal,
      resyncs: this.#resyncs,
      state: this.#state,
    };
  }
}
