import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { liveTopics, type LiveTopic, type Permission } from '@fengsui/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type WebSocket, WebSocketServer } from 'ws';
import { haveSameRights, lockedOf, type Caller } from '../access/callers.ts';
import { narrow } from '../access/scope.ts';
import { ClientCare } from './client-care.ts';
import { SESSION_COOKIE } from './authentication.ts';
import type { FeedSource, FeedTopic } from '../situation/feed-source.ts';
import { LiveSubscriber } from './live-subscriber.ts';

const PATH = '/api/v1/live';
const AUTH_TIMEOUT_MS = 5_000;
/** A seat rings within three seconds when it hears nothing more. */
const HEARTBEAT_MS = 1_000;
const MAX_FRAME_BYTES = 256 * 1024;
/** Private close codes: 4401 not logged in (any more), 4400 not understood. */
const UNAUTHENTICATED = 4401;
const BAD_FRAME = 4400;
const TRY_AGAIN_LATER = 1013;
/** The snapshot of 500,000 devices is some 300 MB: a mirror must not be told to begin anew while it is on its way. */
const MIRROR_PATIENCE = 128;
/** A heartbeat of what is heard is missing: nobody begins with what may be the past. */
const LATE_MS = 7_000;
/** Longer than a take-over. */
const OLD_MS = 12_000;
const OLD = 'what holds now is not known here';

const AuthFrame = Compile(Type.Object({ type: Type.Literal('auth'), token: Type.String({ maxLength: 256 }) }));
const SubscribeFrame = Compile(
  Type.Object({
    type: Type.Literal('subscribe'),
    topics: Type.Array(Type.Union(liveTopics.map((topic) => Type.Literal(topic)))),
    venueIds: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 100_000 })),
    cursor: Type.Optional(Type.String({ maxLength: 256 })),
  }),
);

/** Sees every venue, and of none of them anything: it may read nothing. */
const CANARY_SEAT: Caller = { username: ':canary', role: 'display', permissions: new Set(), scope: { venues: 'all' } };
/** What each topic asks of who wants it. */
const NEEDED = {
  alarms: 'alarm.read',
  values: 'telemetry.read',
  presence: 'registry.read',
  commands: 'telemetry.read',
  workOrders: 'work.read',
  isolations: 'alarm.read',
  incidents: 'alarm.read',
} as const satisfies Record<LiveTopic, Permission>;
/** A process of this centre that serves seats: it hears everything, and looks itself who may see what. */
const MIRROR_SEAT: Caller = {
  username: ':mirror',
  role: 'display',
  permissions: new Set(Object.values(NEEDED)),
  scope: { venues: 'all' },
};

/** Where a feed is heard that is told on here: no word is sent that it is of now but its own. */
export type FeedUpstream = {
  /** What comes follows on what came. */
  readonly isFollowing: boolean;
  /** When it was heard last, `performance.now()`. */
  readonly heardAt: number;
  /** `pass` is called with each of its heartbeats. */
  onHeartbeat(pass: () => void): void;
};

export type FeedOptions = FeedSource & {
  /** Who holds these; `refresh` looks anew, where they are made elsewhere. */
  readonly accounts: {
    callerOfLogin(token: string): Caller | undefined;
    callerOfToken(token: string): Caller | undefined;
    /** Whether this log-in is locked: it hears of alarms alone. */
    isLocked?(token: string): boolean;
    refresh?(): Promise<void>;
    /** Told when log-ins ended or rights changed; gives back what ends it. */
    onChanged?(listener: () => void): () => void;
  };
  /** Whether this token opens the seat at which canary alarms are checked off. */
  readonly isCanarySeat?: (token: string) => boolean;
  /** Whether it opens one for a mirror of this feed. */
  readonly isMirrorSeat?: (token: string) => boolean;
  /** Default: what is told is of now. */
  readonly upstream?: FeedUpstream;
};

const OWN_SEATS: ReadonlySet<Caller | undefined> = new Set([CANARY_SEAT, MIRROR_SEAT]);

/** The live feed, design.md 5.4: who may see it is decided here, what is sent by `LiveSubscriber`. */
export class LiveFeed {
  readonly #options: FeedOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  readonly #subscribers = new Map<WebSocket, LiveSubscriber>();
  /** With which rights each has subscribed. */
  readonly #rights = new WeakMap<WebSocket, Caller>();
  readonly #callers = new Map<WebSocket, () => Caller | undefined>();
  readonly #cares = new Map<WebSocket, ClientCare>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unfollow: (() => void) | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#unfollow = options.accounts.onChanged?.(() => this.#recheck());
    const beat = (): void => {
      for (const subscriber of this.#subscribers.values()) subscriber.heartbeat();
    };
    this.#heartbeat = setInterval(() => {
      this.#recheck();
      // How often each is asked, it knows itself.
      for (const care of this.#cares.values()) care.beat();
      if (options.upstream === undefined) beat();
    }, HEARTBEAT_MS);
    options.upstream?.onHeartbeat(beat);
  }

  /** Subscribed connections of people and programs. */
  get clientCount(): number {
    let seats = 0;
    for (const caller of this.#callers.values()) if (OWN_SEATS.has(caller())) seats++;
    return this.#subscribers.size - Math.min(seats, this.#subscribers.size);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (new URL(request.url ?? '', 'http://localhost').pathname !== PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    const cookie = cookieOf(request);
    // A page of another site carries the cookie too: only our own pages may use it (design.md 5.4).
    if (cookie !== undefined && !isOwnOrigin(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#opened(ws, cookie));
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#unfollow?.();
    for (const ws of this.#server.clients) ws.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #opened(ws: WebSocket, cookie: string | undefined): void {
    const refused = (): void => ws.close(TRY_AGAIN_LATER, 'the centre cannot look up log-ins');
    // What comes is looked at in its order, also while it is looked up who sends it.
    let before = Promise.resolve();
    if (cookie !== undefined) before = this.#admit(ws, () => this.#callerOfLogin(cookie)).catch(refused);
    const timeout = setTimeout(() => {
      if (!this.#callers.has(ws)) ws.close(UNAUTHENTICATED, 'no valid auth frame within 5 s');
    }, AUTH_TIMEOUT_MS);
    const care = new ClientCare(ws);
    this.#cares.set(ws, care);
    ws.on('message', (data) => {
      if (!care.admits((data as Buffer).length)) return;
      before = before.then(() => this.#received(ws, data as Buffer)).catch(refused);
    });
    ws.on('error', () => ws.terminate());
    ws.on('close', () => {
      clearTimeout(timeout);
      this.#subscribers.get(ws)?.stop();
      this.#subscribers.delete(ws);
      this.#callers.delete(ws);
      this.#cares.delete(ws);
    });
  }

  #callerOfLogin(cookie: string): Caller | undefined {
    const { accounts } = this.#options;
    const caller = accounts.callerOfLogin(cookie);
    return caller !== undefined && accounts.isLocked?.(cookie) === true ? lockedOf(caller) : caller;
  }

  /** Lets the connection in when there is such a caller. */
  async #admit(ws: WebSocket, caller: () => Caller | undefined): Promise<void> {
    const { accounts } = this.#options;
    if (caller() === undefined && accounts.refresh !== undefined) {
      // Nothing is kept of what somebody sends who may be nobody.
      ws.pause();
      await accounts.refresh();
      ws.resume();
    }
    if (caller() !== undefined && ws.readyState === ws.OPEN) this.#callers.set(ws, caller);
  }

  async #received(ws: WebSocket, data: Buffer): Promise<void> {
    if (ws.readyState !== ws.OPEN) return;
    let frame: unknown;
    try {
      frame = JSON.parse(data.toString('utf8'));
    } catch {
      return ws.close(BAD_FRAME, 'frame is not JSON');
    }
    const known = this.#callers.get(ws)?.();
    if (known === undefined) {
      if (!AuthFrame.Check(frame)) return ws.close(UNAUTHENTICATED, 'the first frame must be auth');
      const { token } = frame;
      const { accounts, isCanarySeat, isMirrorSeat } = this.#options;
      const own =
        isCanarySeat?.(token) === true ? CANARY_SEAT : isMirrorSeat?.(token) === true ? MIRROR_SEAT : undefined;
      await this.#admit(ws, () => own ?? accounts.callerOfToken(token));
      if (!this.#callers.has(ws)) ws.close(UNAUTHENTICATED, 'token is not valid');
      return;
    }
    if (AuthFrame.Check(frame)) return;
    if (!SubscribeFrame.Check(frame)) return ws.close(BAD_FRAME, 'expected {"type":"subscribe","topics":[…]}');
    // The first frame, whatever it is, says that this is the present.
    if (this.#options.upstream?.isFollowing === false || this.#ageMs() > LATE_MS) return ws.close(TRY_AGAIN_LATER, OLD);
    const topics: ReadonlySet<FeedTopic> =
      known === CANARY_SEAT ? new Set(['canary']) : permittedTopics(known, frame.topics);
    this.#subscribers.get(ws)?.stop();
    const subscriber = new LiveSubscriber(
      ws,
      this.#options,
      narrow(known.scope, frame.venueIds),
      topics,
      this.#subscribers.get(ws)?.frameCount ?? 0,
      known === MIRROR_SEAT ? MIRROR_PATIENCE : 1,
    );
    this.#subscribers.set(ws, subscriber);
    this.#rights.set(ws, known);
    subscriber.start(frame.cursor);
  }

  /** What is over ends; who may see something else than when he subscribed begins anew. */
  #recheck(): void {
    const isOld = this.#ageMs() > OLD_MS;
    for (const [ws, caller] of this.#callers) {
      const known = caller();
      const subscribed = this.#rights.get(ws);
      // Logged out, disabled or expired meanwhile: what is open ends too.
      if (known === undefined) ws.close(UNAUTHENTICATED, 'log-in has ended');
      else if (isOld) ws.close(TRY_AGAIN_LATER, OLD);
      else if (subscribed !== undefined && !haveSameRights(subscribed, known)) {
        this.#rights.delete(ws);
        this.#subscribers.get(ws)?.beginAnew();
      }
    }
  }

  /** Of what is told. */
  #ageMs(): number {
    const { upstream } = this.#options;
    return upstream === undefined ? 0 : performance.now() - upstream.heardAt;
  }
}

function permittedTopics({ permissions }: Caller, topics: readonly LiveTopic[]): ReadonlySet<LiveTopic> {
  return new Set(topics.filter((topic) => permissions.has(NEEDED[topic])));
}

function cookieOf(request: IncomingMessage): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([A-Za-z0-9_-]+)`).exec(request.headers.cookie ?? '');
  return match?.[1];
}

function isOwnOrigin({ headers }: IncomingMessage): boolean {
  try {
    return headers.origin !== undefined && new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}
