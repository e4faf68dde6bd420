import type { LiveServerFrame } from '@fengsui/protocol';
import { liveTopics } from '@fengsui/protocol';
import { WebSocket } from 'ws';
import type { FeedUpstream } from '../api/live-feed.ts';
import type { Log } from '../platform/log.ts';
import { Pause } from '../platform/pause.ts';
import type { SeatsPlace } from './cluster-words.ts';
import type { FeedMirror } from './feed-mirror.ts';

export type LeaderFeedOptions = {
  readonly mirror: Pick<FeedMirror, 'replace' | 'apply'>;
  /** PEM of the authority that the centre's certificate is from. */
  readonly ca?: string | undefined;
  readonly log: Log;
  readonly silentMs?: number;
  readonly retryMs?: number;
};

/** The centre sends a heartbeat every second; one that takes over is there within this time. */
const SILENT_MS = 12_000;
const RETRY_MS = 500;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Of the snapshot of a city, the largest there is; a string in memory takes no more. */
const MAX_FRAME_BYTES = 512 * 1024 * 1024;

/** Hears the live feed of the centre that leads and keeps a mirror of it; connects anew, and goes on, until it is stopped. */
export class LeaderFeed implements FeedUpstream {
  readonly #options: LeaderFeedOptions;
  readonly #pause = new Pause();
  #place: SeatsPlace | undefined;
  #ws: WebSocket | undefined;
  #running: Promise<void> | undefined;
  #cursor: string | undefined;
  /** From the first frame of a connection on, which follows on what the mirror holds, to its end. */
  #isFollowing = false;
  #heardAt = -Infinity;
  #passHeartbeat: () => void = () => undefined;
  #n = 0;
  #trouble = 'no centre that leads was heard yet';
  #stopping = false;

  constructor(options: LeaderFeedOptions) {
    this.#options = options;
  }

  /** Where to connect; as often as it is said. */
  follow(place: SeatsPlace): void {
    if (place.url === this.#place?.url && place.key === this.#place.key) return;
    this.#place = place;
    // Another leads, or the same anew: what was open there is over.
    this.#ws?.terminate();
    this.#pause.end();
    this.#running ??= this.#run();
  }

  /** Why the mirror may be old; undefined while it follows. */
  get trouble(): string | undefined {
    return this.#isFollowing ? undefined : this.#trouble;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  onHeartbeat(pass: () => void): void {
    this.#passHeartbeat = pass;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#pause.end();
    this.#ws?.terminate();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, retryMs = RETRY_MS } = this.#options;
    while (!this.#stopping && this.#place !== undefined) {
      const reason = await this.#connection(this.#place);
      if (this.#stopping) return;
      if (reason !== this.#trouble) log.warn('the live feed of the centre is away; trying again', { reason });
      this.#trouble = reason;
      await this.#pause.wait(retryMs);
    }
  }

  /** Until it ends; why it did. */
  #connection({ url, key }: SeatsPlace): Promise<string> {
    const { ca, silentMs = SILENT_MS } = this.#options;
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/live`, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      ...(ca !== undefined && { ca }),
    });
    this.#ws = ws;
    this.#n = 0;
    let failure: string | undefined;
    let watch: NodeJS.Timeout | undefined;
    const watchAgain = (): void => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        failure = `the centre at ${url} is silent`;
        ws.terminate();
      }, silentMs);
    };
    return new Promise((resolve) => {
      ws.on('open', () => {
        ws.send(JSON.stringify({ type: 'auth', token: key }));
        this.#subscribe(ws);
        watchAgain();
      });
      ws.on('message', (data) => {
        watchAgain();
        try {
          this.#received(ws, JSON.parse((data as Buffer).toString('utf8')) as LiveServerFrame);
        } catch (error) {
          // Of another version, perhaps: what it meant is asked for anew.
          failure = `the centre at ${url} says what is not understood: ${String(error)}`;
          this.#cursor = undefined;
          ws.terminate();
        }
      });
      ws.on('error', (error) => (failure ??= `the centre at ${url}: ${error.message}`));
      ws.on('close', (code, reason) => {
        clearTimeout(watch);
        this.#isFollowing = false;
        resolve(failure ?? `the centre at ${url} closed the live feed: ${code} ${reason.toString('utf8')}`.trim());
      });
    });
  }

  #subscribe(ws: WebSocket): void {
    const cursor = this.#cursor;
    ws.send(JSON.stringify({ type: 'subscribe', topics: liveTopics, ...(cursor !== undefined && { cursor }) }));
  }

  #received(ws: WebSocket, frame: LiveServerFrame): void {
    if (frame.type === 'error') return;
    if (frame.type === 'resync') {
      this.#cursor = undefined;
      return this.#subscribe(ws);
    }
    // One is missing: the connection is broken.
    if (frame.n !== ++this.#n) return ws.terminate();
    if (frame.type === 'snapshot') this.#options.mirror.replace(frame);
    else if (frame.type === 'batch') this.#options.mirror.apply(frame);
    if (frame.type !== 'heartbeat') this.#cursor = frame.cursor;
    this.#isFollowing = true;
    this.#heardAt = performance.now();
    if (frame.type === 'heartbeat') this.#passHeartbeat();
  }
}
