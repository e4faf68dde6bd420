import { randomBytes } from 'node:crypto';
import {
  isClosedWorkOrder,
  type Alarm,
  type DeviceCommand,
  type Incident,
  type Isolation,
  type LiveServerFrame,
  type PresenceRow,
  type ValueRow,
  type WorkOrder,
} from '@fengsui/protocol';
import type { Registry } from '../registry/registry.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import type { FeedSnapshot, FeedTopic } from '../situation/feed-source.ts';
import { isOpen } from '../situation/kept-command.ts';
import { LiveBus } from '../situation/live-bus.ts';
import type { ReportedValues } from '../situation/reported-values.ts';

type Payload = Extract<LiveServerFrame, { readonly type: 'snapshot' | 'batch' }>;

/**
 * What the live feed of the centre that leads shows, kept by a process that hears it as one more seat, and told on to the
 * seats of this process. Rows do not say their venue: the registry does.
 */
export class FeedMirror {
  readonly bus = new LiveBus(0);
  readonly #registry: Registry;
  readonly #alarms = new Map<string, Alarm>();
  readonly #values = new Map<string, Map<string, ValueRow>>();
  readonly #presence = new Map<string, PresenceRow>();
  readonly #commands = new Map<string, DeviceCommand>();
  readonly #workOrders = new Map<string, WorkOrder>();
  readonly #isolations = new Map<string, Isolation>();
  readonly #incidents = new Map<string, Incident>();
  /** Devices of which rows came before the registry knew them here. */
  readonly #unplaced = new Set<string>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** All that holds now: who was told something before begins anew. */
  replace(frame: Payload): void {
    for (const map of [this.#alarms, this.#values, this.#presence, this.#commands]) map.clear();
    for (const map of [this.#workOrders, this.#isolations, this.#incidents]) map.clear();
    this.#unplaced.clear();
    this.#keep(frame);
    this.bus.beginAnew(`@${randomBytes(6).toString('hex')}`);
  }

  /** What changed since the frame before. */
  apply(frame: Payload): void {
    this.#keep(frame);
    this.bus.tell({
      alarms: frame.alarms,
      values: this.#reported(frame.values),
      presence: frame.presence.map((row) => ({ venueId: this.#venueOf(row[0]), row })),
      commands: frame.commands ?? [],
      workOrders: frame.workOrders ?? [],
      isolations: frame.isolations ?? [],
      incidents: frame.incidents ?? [],
    });
  }

  /** The registry has changed: what came before it is told to those who may see it. */
  place(): void {
    const placed = [...this.#unplaced].filter((id) => this.#registry.device(id) !== undefined);
    if (placed.length === 0) return;
    for (const id of placed) this.#unplaced.delete(id);
    this.bus.tell({
      alarms: [],
      commands: [],
      workOrders: [],
      isolations: [],
      incidents: [],
      values: this.#reported(placed.flatMap((id) => [...(this.#values.get(id)?.values() ?? [])])),
      presence: placed.flatMap((id) => {
        const row = this.#presence.get(id);
        return row === undefined ? [] : [{ venueId: this.#venueOf(id), row }];
      }),
    });
  }

  snapshot(scope: Scope, topics: ReadonlySet<FeedTopic>): FeedSnapshot {
    const values: ValueRow[] = [];
    const presence: PresenceRow[] = [];
    for (const { id } of this.#registry.devices(scope)) {
      const row = this.#presence.get(id);
      if (topics.has('presence') && row !== undefined) presence.push(row);
      if (topics.has('values')) for (const value of this.#values.get(id)?.values() ?? []) values.push(value);
    }
    const seen = <Item extends { readonly venueId: string }>(
      topic: FeedTopic,
      items: ReadonlyMap<string, Item>,
    ): Item[] => (topics.has(topic) ? [...items.values()].filter(({ venueId }) => isInScope(scope, venueId)) : []);
    return {
      alarms: seen('alarms', this.#alarms),
      values,
      presence,
      commands: seen('commands', this.#commands),
      workOrders: seen('workOrders', this.#workOrders),
      isolations: seen('isolations', this.#isolations),
      incidents: seen('incidents', this.#incidents),
    };
  }

  #keep({ alarms, values, presence, commands = [], workOrders = [], isolations = [], incidents = [] }: Payload): void {
    for (const alarm of alarms) keepWhile(alarm.state !== 'normal', this.#alarms, alarm);
    for (const command of commands) keepWhile(isOpen(command), this.#commands, command);
    for (const order of workOrders) keepWhile(!isClosedWorkOrder(order.state), this.#workOrders, order);
    for (const one of isolations) keepWhile(one.state === 'asked' || one.state === 'active', this.#isolations, one);
    for (const one of incidents) keepWhile(one.state !== 'closed', this.#incidents, one);
    for (const row of presence) this.#presence.set(this.#seen(row[0]), row);
    for (const row of values) {
      const ofDevice = this.#values.get(row[0]);
      if (ofDevice === undefined) this.#values.set(this.#seen(row[0]), new Map([[row[1], row]]));
      else ofDevice.set(row[1], row);
    }
  }

  #seen(deviceId: string): string {
    if (this.#registry.device(deviceId) === undefined) this.#unplaced.add(deviceId);
    return deviceId;
  }

  #venueOf(deviceId: string): string {
    return this.#registry.device(deviceId)?.venueId ?? '';
  }

  /** Rows of one device and instant together, as the feed carries them. */
  #reported(rows: readonly ValueRow[]): ReportedValues[] {
    const found: (ReportedValues & { readonly points: string[]; readonly values: number[] })[] = [];
    for (const [deviceId, pointId, at, value] of rows) {
      const last = found.at(-1);
      if (last?.deviceId === deviceId && last.at === at) {
        last.points.push(pointId);
        last.values.push(value);
      } else found.push({ venueId: this.#venueOf(deviceId), deviceId, at, points: [pointId], values: [value] });
    }
    return found;
  }
}

function keepWhile<Item extends { readonly id: string }>(holds: boolean, items: Map<string, Item>, item: Item): void {
  if (holds) items.set(item.id, item);
  else items.delete(item.id);
}
