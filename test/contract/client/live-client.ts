import type { Incident, Isolation } from '@fengsui/protocol';
import { WebSocket } from 'ws';
import type { AlarmRow } from './api-client.ts';
import { eventually, within } from './eventually.ts';

export type LiveFrame = {
  readonly type: string;
  readonly n?: number;
  readonly cursor?: string;
  readonly at?: number;
  readonly alarms?: readonly AlarmRow[];
  readonly values?: readonly (readonly [string, string, number, number])[];
  readonly presence?: readonly (readonly [string, boolean, number])[];
  readonly isolations?: readonly Isolation[];
  readonly incidents?: readonly Incident[];
};

type Arrived = { readonly frame: LiveFrame; readonly receivedAt: number };

/** A client of the live feed: keeps every frame with the moment it came. */
export class LiveClient {
  readonly ws: WebSocket;
  readonly arrived: Arrived[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(webUrl: string, headers: Readonly<Record<string, string>> = {}) {
    this.ws = new WebSocket(`${webUrl.replace(/^http/, 'ws')}/api/v1/live`, { headers });
    this.ws.on('message', (data: Buffer) => {
      this.arrived.push({ frame: JSON.parse(data.toString('utf8')) as LiveFrame, receivedAt: performance.now() });
    });
    this.ws.on('error', () => undefined);
    this.ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  static async open(webUrl: string, token?: string, headers?: Readonly<Record<string, string>>): Promise<LiveClient> {
    const client = new LiveClient(webUrl, headers);
    await client.opened();
    if (token !== undefined) client.send({ type: 'auth', token });
    return client;
  }

  async opened(): Promise<void> {
    await within(
      'the live feed to open',
      new Promise<void>((resolve, reject) => {
        this.ws.once('open', () => resolve());
        this.ws.once('error', reject);
      }),
    );
  }

  send(frame: object): void {
    this.ws.send(JSON.stringify(frame));
  }

  subscribe(
    options: {
      readonly topics?: readonly string[];
      readonly venueIds?: readonly string[];
      readonly cursor?: string;
    } = {},
  ): void {
    this.send({ type: 'subscribe', topics: ['alarms', 'values', 'presence'], ...options });
  }

  get frames(): readonly LiveFrame[] {
    return this.arrived.map(({ frame }) => frame);
  }

  async frame(what: string, matches: (frame: LiveFrame) => boolean, timeoutMs?: number): Promise<LiveFrame> {
    return (await this.arrival(what, matches, timeoutMs)).frame;
  }

  async arrival(what: string, matches: (frame: LiveFrame) => boolean, timeoutMs?: number): Promise<Arrived> {
    return eventually(
      `${what} on the live feed${this.closed ? ` (closed ${this.closed.code} ${this.closed.reason})` : ''}`,
      () => this.arrived.find(({ frame }) => matches(frame)),
      timeoutMs,
    );
  }

  snapshot(): Promise<LiveFrame> {
    return this.frame('a snapshot', ({ type }) => type === 'snapshot');
  }

  async untilClosed(timeoutMs?: number): Promise<{ readonly code: number; readonly reason: string }> {
    return eventually('the live feed to be closed', () => this.closed, timeoutMs);
  }

  close(): void {
    this.ws.terminate();
  }
}
