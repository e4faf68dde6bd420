import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { liveTopics, type LiveTopic } from '@fengsui/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../registry/accounts.ts';
import { narrow } from '../registry/scope.ts';
import { SESSION_COOKIE } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { type FeedTopic, LiveSubscriber } from './live-subscriber.ts';

const PATH = '/api/v1/live';
const AUTH_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 5_000;
const MAX_FRAME_BYTES = 256 * 1024;
/** Private close codes: 4401 not logged in (any more), 4400 not understood. */
const UNAUTHENTICATED = 4401;
const BAD_FRAME = 4400;

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

/** The live feed, design.md 5.4: who may see it is decided here, what is sent by `LiveSubscriber`. */
export class LiveFeed {
  readonly #context: ApiContext;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  readonly #subscribers = new Map<WebSocket, LiveSubscriber>();
  readonly #callers = new Map<WebSocket, () => Caller | undefined>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(context: ApiContext) {
    this.#context = context;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Subscribed connections of people and programs. */
  get clientCount(): number {
    let seats = 0;
    for (const caller of this.#callers.values()) if (caller() === CANARY_SEAT) seats++;
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
    for (const ws of this.#server.clients) ws.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #opened(ws: WebSocket, cookie: string | undefined): void {
    const { accounts } = this.#context;
    if (cookie !== undefined && accounts.callerOfLogin(cookie) !== undefined) {
      this.#callers.set(ws, () => accounts.callerOfLogin(cookie));
    }
    const timeout = setTimeout(() => {
      if (!this.#callers.has(ws)) ws.close(UNAUTHENTICATED, 'no valid auth frame within 5 s');
    }, AUTH_TIMEOUT_MS);
    ws.on('message', (data) => this.#received(ws, data as Buffer));
    ws.on('error', () => ws.terminate());
    ws.on('close', () => {
      clearTimeout(timeout);
      this.#subscribers.get(ws)?.stop();
      this.#subscribers.delete(ws);
      this.#callers.delete(ws);
    });
  }

  #received(ws: WebSocket, data: Buffer): void {
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
      if (this.#context.isCanarySeat?.(token) === true) {
        this.#callers.set(ws, () => CANARY_SEAT);
        return;
      }
      if (this.#context.accounts.callerOfToken(token) === undefined)
        return ws.close(UNAUTHENTICATED, 'token is not valid');
      this.#callers.set(ws, () => this.#context.accounts.callerOfToken(token));
      return;
    }
    if (AuthFrame.Check(frame)) return;
    if (!SubscribeFrame.Check(frame)) return ws.close(BAD_FRAME, 'expected {"type":"subscribe","topics":[…]}');
    const topics: ReadonlySet<FeedTopic> =
      known === CANARY_SEAT ? new Set(['canary']) : permittedTopics(known, frame.topics);
    this.#subscribers.get(ws)?.stop();
    const subscriber = new LiveSubscriber(
      ws,
      this.#context,
      narrow(known.scope, frame.venueIds),
      topics,
      this.#subscribers.get(ws)?.frameCount ?? 0,
    );
    this.#subscribers.set(ws, subscriber);
    subscriber.start(frame.cursor);
  }

  #beat(): void {
    for (const [ws, caller] of this.#callers) {
      // Logged out, disabled or expired meanwhile: what is open ends too.
      if (caller() === undefined) ws.close(UNAUTHENTICATED, 'log-in has ended');
      else this.#subscribers.get(ws)?.heartbeat();
    }
  }
}

function permittedTopics({ permissions }: Caller, topics: readonly LiveTopic[]): ReadonlySet<LiveTopic> {
  const needs = {
    alarms: 'alarm.read',
    values: 'telemetry.read',
    presence: 'registry.read',
    commands: 'telemetry.read',
    workOrders: 'work.read',
  } as const;
  return new Set(topics.filter((topic) => permissions.has(needs[topic])));
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
