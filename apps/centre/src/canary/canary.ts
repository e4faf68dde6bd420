import { encodeEvent } from '@fengsui/protocol';
import { WebSocket } from 'ws';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CanaryNews } from './canary-words.ts';
import type { CanaryDeviceLink } from './canary-device-link.ts';

export type CanaryOptions = {
  /** Of the seat. */
  readonly secret: string;
  readonly device: CanaryDeviceLink;
  /** Our own web door; `ca` signed its certificate. */
  readonly web: { readonly host: string; readonly port: number; readonly ca?: string };
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** It has not come through for three rounds, or does again. */
  readonly onNews: (news: CanaryNews) => void;
};

export type CanaryFigures = {
  /** Since the last one came through; since the doors opened, while none has. */
  readonly ageS: number;
  /** How long the last took, from the device to the seat; absent while none has come through. */
  readonly lastS?: number;
  /** Of the last rounds, at most a day's. */
  readonly p50S?: number;
  readonly p99S?: number;
  /** Rounds that came through, and that did not, since the start. */
  readonly seen: number;
  readonly missed: number;
  /** Rounds missed in a row until now. */
  readonly missedInARow: number;
  readonly isConnected: boolean;
};

/** A round is asked for again this often until it is seen: one lost packet is no missed round. */
const TRIES_PER_ROUND = 4;
export const MISSED_FOR_FAULT = 3;
const KEPT_ROUNDS = 1_440;
const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * An alarm nobody sees goes the whole way of an alarm again and again: over the MQTT door as a device sends it, through
 * journal, situation and store, over the live feed to a seat of our own, where it is checked off.
 */
export class Canary {
  readonly #options: CanaryOptions;
  readonly #startedAt = performance.now();
  readonly #epoch: string;
  readonly #tookS: number[] = [];
  #seat: WebSocket | undefined;
  #seatTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tick = 0;
  #round = 0;
  /** The round under way: when it was sent first. */
  #sentAt: number | undefined;
  #seenAt: number | undefined;
  #seen = 0;
  #missed = 0;
  #missedInARow = 0;
  #isInFlight = false;
  #isStopped = false;

  constructor(options: CanaryOptions) {
    this.#options = options;
    this.#epoch = options.clock.now().toString(36);
  }

  start(): void {
    this.#options.device.start(() => {
      if (this.#sentAt !== undefined) this.#send();
    });
    this.#connectSeat();
    this.#onTick();
    this.#timer = setInterval(() => this.#onTick(), this.#options.everyMs / TRIES_PER_ROUND);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#seatTimer);
    this.#seat?.terminate();
    this.#options.device.stop();
  }

  figures(): CanaryFigures {
    const sorted = [...this.#tookS].sort((left, right) => left - right);
    const at = (share: number): number | undefined =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    const [lastS, p50S, p99S] = [this.#tookS.at(-1), at(0.5), at(0.99)];
    return {
      ageS: (performance.now() - (this.#seenAt ?? this.#startedAt)) / 1000,
      ...(lastS !== undefined && { lastS }),
      ...(p50S !== undefined && { p50S }),
      ...(p99S !== undefined && { p99S }),
      seen: this.#seen,
      missed: this.#missed,
      missedInARow: this.#missedInARow,
      isConnected: this.#options.device.isConnected,
    };
  }

  #onTick(): void {
    if (this.#tick++ % TRIES_PER_ROUND === 0) this.#beginRound();
    else if (this.#sentAt !== undefined) this.#send();
  }

  #beginRound(): void {
    if (this.#sentAt !== undefined) this.#onMissed();
    this.#round++;
    this.#sentAt = performance.now();
    this.#send();
  }

  /** Without a connection it is sent once there is one, or with the next try. */
  #send(): void {
    const { device } = this.#options;
    if (!device.isConnected) return;
    // What is not acknowledged is held by the journal: more of it would only pile up.
    if (this.#isInFlight) return;
    this.#isInFlight = true;
    const round = this.#round;
    const event = { kind: 'canary', epoch: this.#epoch, seq: round, at: this.#options.clock.now() } as const;
    const payload = encodeEvent({ ...event, active: true, level: 'attention' });
    void device.send(payload).then(() => {
      this.#isInFlight = false;
      if (this.#sentAt !== undefined && this.#round !== round && !this.#isStopped) this.#send();
    });
  }

  #onSeen(round: number): void {
    if (round !== this.#round || this.#sentAt === undefined) return;
    const now = performance.now();
    this.#tookS.push((now - this.#sentAt) / 1000);
    if (this.#tookS.length > KEPT_ROUNDS) this.#tookS.shift();
    this.#sentAt = undefined;
    this.#seenAt = now;
    this.#seen++;
    const rounds = this.#missedInARow;
    this.#missedInARow = 0;
    if (rounds < MISSED_FOR_FAULT) return;
    this.#options.log.info('the canary alarm comes through again', { missedRounds: rounds });
    this.#options.onNews({ kind: 'canary', state: 'back', rounds });
  }

  #onMissed(): void {
    this.#missed++;
    const rounds = ++this.#missedInARow;
    this.#options.log.warn('a canary alarm did not come through', { round: this.#round, missedInARow: rounds });
    if (rounds === MISSED_FOR_FAULT) this.#options.onNews({ kind: 'canary', state: 'missed', rounds });
  }

  #connectSeat(): void {
    const { secret, web } = this.#options;
    const host = ['::', '0.0.0.0'].includes(web.host) ? '127.0.0.1' : web.host;
    const address = `${host.includes(':') ? `[${host}]` : host}:${web.port}`;
    const seat = new WebSocket(`${web.ca === undefined ? 'ws' : 'wss'}://${address}/api/v1/live`, {
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      ...(web.ca !== undefined && { ca: web.ca }),
    });
    this.#seat = seat;
    const subscribe = (): void => seat.send(JSON.stringify({ type: 'subscribe', topics: [] }));
    seat.on('open', () => {
      seat.send(JSON.stringify({ type: 'auth', token: secret }));
      subscribe();
    });
    seat.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString('utf8')) as {
        readonly type: string;
        readonly canary?: readonly { readonly round: number }[];
      };
      if (frame.type === 'resync') subscribe();
      for (const { round } of frame.canary ?? []) this.#onSeen(round);
    });
    seat.on('error', (error) => this.#options.log.debug('canary seat', { error: error.message }));
    seat.on('close', () => {
      if (this.#isStopped) return;
      this.#seatTimer = setTimeout(() => this.#connectSeat(), RECONNECT_MS);
    });
  }
}
