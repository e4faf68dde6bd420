import type {
  Alarm,
  DeviceCommand,
  Incident,
  Isolation,
  LiveServerFrame,
  PresenceRow,
  ValueRow,
  WorkOrder,
} from '@fengsui/protocol';
import type { WebSocket } from 'ws';
import type { CanaryAlarm } from '../canary/canary-words.ts';
import type { Scope } from '../access/scope.ts';
import type { FeedSource, FeedTopic } from '../situation/feed-source.ts';
import { inScope, type Publication } from '../situation/live-bus.ts';
import { valueRows } from '../situation/reported-values.ts';

const VALUES_EVERY_MS = 200;
/** Of frames with alarms: the first leaves at once, what a flood brings meanwhile shares the next. */
const ALARMS_EVERY_MS = 5;
/** A client that reads too slowly loses values first, then is told to begin anew; never an alarm in silence. */
const SLOW_BYTES = 4 * 1024 * 1024;
const HOPELESS_BYTES = 32 * 1024 * 1024;
const TRY_AGAIN_LATER = 1013;

/** What one connection is sent: a snapshot, then batches without a gap, each with the cursor it brings the client to. */
export class LiveSubscriber {
  readonly #ws: WebSocket;
  readonly #source: FeedSource;
  readonly #scope: Scope;
  readonly #topics: ReadonlySet<FeedTopic>;
  readonly #patience: number;
  readonly #alarms = new Map<string, Alarm>();
  readonly #values = new Map<string, ValueRow>();
  readonly #presence = new Map<string, PresenceRow>();
  readonly #commands = new Map<string, DeviceCommand>();
  readonly #workOrders = new Map<string, WorkOrder>();
  readonly #isolations = new Map<string, Isolation>();
  readonly #incidents = new Map<string, Incident>();
  readonly #canaries: CanaryAlarm[] = [];
  #position = 0;
  #n: number;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #flushedAt = -Infinity;
  #unsubscribe: (() => void) | undefined;
  #lostValues = false;

  /** @param patience how many times as much may wait for it as for a screen: a mirror reads what many screens do. */
  constructor(
    ws: WebSocket,
    source: FeedSource,
    scope: Scope,
    topics: ReadonlySet<FeedTopic>,
    frameCount: number,
    patience = 1,
  ) {
    this.#patience = patience;
    this.#ws = ws;
    this.#source = source;
    this.#scope = scope;
    this.#topics = topics;
    this.#n = frameCount;
  }

  get frameCount(): number {
    return this.#n;
  }

  start(cursor: string | undefined): void {
    const { bus } = this.#source;
    // Snapshots cost the most: who asks for one after the other and reads none gets no further.
    if (this.#ws.bufferedAmount > this.#patience * HOPELESS_BYTES)
      return this.#ws.close(TRY_AGAIN_LATER, 'reads too slowly');
    this.#unsubscribe = bus.subscribe(
      (publication) => this.#collect(publication),
      () => this.beginAnew(),
    );
    if (cursor === undefined) return this.#sendSnapshot();
    const position = positionOf(cursor, bus.name);
    const missed = position === undefined ? undefined : bus.since(position);
    if (missed === undefined) return this.beginAnew();
    this.#position = position ?? 0;
    for (const publication of missed) this.#collect(publication);
    // Nothing may have happened meanwhile: the client must not wait for the next beat to know that it is live again.
    this.heartbeat();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
  }

  heartbeat(): void {
    if (this.#unsubscribe === undefined) return;
    this.#send({ type: 'heartbeat', n: ++this.#n, at: this.#source.clock.now() });
  }

  /** Nothing more is sent until the client subscribes again. */
  beginAnew(): void {
    this.stop();
    this.#send({ type: 'resync' });
  }

  #sendSnapshot(): void {
    const { bus, clock } = this.#source;
    this.#position = bus.position;
    const { alarms, values, presence, commands, workOrders, isolations, incidents } = this.#source.snapshot(
      this.#scope,
      this.#topics,
    );
    this.#send({
      type: 'snapshot',
      n: ++this.#n,
      cursor: cursorOf(this.#position, bus.name),
      at: clock.now(),
      alarms,
      values,
      presence,
      ...this.#commandsOf(commands),
      ...this.#workOrdersOf(workOrders),
      ...this.#isolationsOf(isolations),
      ...this.#incidentsOf(incidents),
    });
  }

  #commandsOf(commands: readonly DeviceCommand[]): { readonly commands?: readonly DeviceCommand[] } {
    return this.#topics.has('commands') ? { commands } : {};
  }

  #workOrdersOf(workOrders: readonly WorkOrder[]): { readonly workOrders?: readonly WorkOrder[] } {
    return this.#topics.has('workOrders') ? { workOrders } : {};
  }

  #isolationsOf(isolations: readonly Isolation[]): { readonly isolations?: readonly Isolation[] } {
    return this.#topics.has('isolations') ? { isolations } : {};
  }

  #incidentsOf(incidents: readonly Incident[]): { readonly incidents?: readonly Incident[] } {
    return this.#topics.has('incidents') ? { incidents } : {};
  }

  #collect(publication: Publication): void {
    const seen = inScope(this.#scope, publication);
    this.#position = publication.position;
    if (this.#topics.has('alarms')) for (const alarm of seen.alarms) this.#alarms.set(alarm.id, alarm);
    if (this.#topics.has('values')) {
      for (const reported of seen.values)
        for (const row of valueRows(reported)) this.#values.set(`${row[0]}/${row[1]}`, row);
    }
    if (this.#topics.has('presence')) for (const { row } of seen.presence) this.#presence.set(row[0], row);
    if (this.#topics.has('commands')) for (const command of seen.commands) this.#commands.set(command.id, command);
    if (this.#topics.has('workOrders')) for (const order of seen.workOrders) this.#workOrders.set(order.id, order);
    if (this.#topics.has('isolations')) for (const one of seen.isolations) this.#isolations.set(one.id, one);
    if (this.#topics.has('incidents')) for (const one of seen.incidents) this.#incidents.set(one.id, one);
    if (this.#topics.has('canary') && publication.canary !== undefined) this.#canaries.push(publication.canary);
    const urgent = [this.#alarms, this.#commands, this.#workOrders, this.#isolations, this.#incidents];
    const isUrgent = urgent.some(({ size }) => size > 0);
    if (this.#canaries.length > 0 || isUrgent)
      this.#flushWithin(Math.max(0, this.#flushedAt + ALARMS_EVERY_MS - performance.now()));
    else if (this.#values.size > 0 || this.#presence.size > 0) this.#flushWithin(VALUES_EVERY_MS);
  }

  #flushWithin(ms: number): void {
    const dueAt = performance.now() + ms;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#flush(), ms);
  }

  #flush(): void {
    this.#dueAt = Infinity;
    this.#flushedAt = performance.now();
    if (this.#ws.bufferedAmount > this.#patience * HOPELESS_BYTES)
      return this.#ws.close(TRY_AGAIN_LATER, 'reads too slowly');
    if (this.#ws.bufferedAmount > this.#patience * SLOW_BYTES) {
      this.#lostValues ||= this.#values.size > 0;
      this.#values.clear();
    } else if (this.#lostValues) return this.beginAnew();
    const frame = {
      type: 'batch' as const,
      n: ++this.#n,
      cursor: cursorOf(this.#position, this.#source.bus.name),
      at: this.#source.clock.now(),
      alarms: [...this.#alarms.values()],
      values: [...this.#values.values()],
      presence: [...this.#presence.values()],
      ...this.#commandsOf([...this.#commands.values()]),
      ...this.#workOrdersOf([...this.#workOrders.values()]),
      ...this.#isolationsOf([...this.#isolations.values()]),
      ...this.#incidentsOf([...this.#incidents.values()]),
      ...(this.#canaries.length > 0 && { canary: this.#canaries.splice(0) }),
    };
    this.#alarms.clear();
    this.#values.clear();
    this.#presence.clear();
    this.#commands.clear();
    this.#workOrders.clear();
    this.#isolations.clear();
    this.#incidents.clear();
    this.#send(frame);
  }

  #send(frame: LiveServerFrame): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(JSON.stringify(frame));
  }
}

/** Positions of another bus say nothing here: its name is part of the cursor. */
const cursorOf = (position: number, name: string): string => Buffer.from(`1:${position}${name}`).toString('base64url');

function positionOf(cursor: string, name: string): number | undefined {
  const match = /^1:(\d{1,16})(.*)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  return match === null || match[2] !== name ? undefined : Number(match[1]);
}
