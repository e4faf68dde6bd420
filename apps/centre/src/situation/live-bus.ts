import type { Alarm, DeviceCommand, Incident, Isolation, PresenceRow, WorkOrder } from '@fengsui/protocol';
import type { CanaryAlarm } from '../canary/canary-words.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import { incidentView } from '../incident/incident-view.ts';
import { commandView } from './command-view.ts';
import type { Effects } from './effects.ts';
import type { ReportedValues } from './reported-values.ts';
import { workOrderView } from '../workorder/work-order-view.ts';

/** What one commit changed, for whoever watches. */
export type Publication = {
  readonly position: number;
  readonly alarms: readonly Alarm[];
  readonly values: readonly ReportedValues[];
  readonly presence: readonly { readonly venueId: string; readonly row: PresenceRow }[];
  readonly commands: readonly DeviceCommand[];
  readonly workOrders: readonly WorkOrder[];
  readonly isolations: readonly Isolation[];
  readonly incidents: readonly Incident[];
  /** For the centre's own seat alone. */
  readonly canary?: CanaryAlarm | undefined;
};

/** Publications kept for subscribers that come back with a cursor: some minutes at the rate of a busy centre. */
const KEPT = 4_096;
/** Of all that is kept: at 5,000 reports/s a publication is no longer small, and memory is bounded by rows. */
const KEPT_ROWS = 400_000;

/** Hands every commit to the subscribers, in order, after it is durable; remembers the last ones. */
export class LiveBus {
  readonly #kept: Publication[] = [];
  /** Each with what it does when the bus begins anew. */
  readonly #subscribers = new Map<(publication: Publication) => void, () => void>();
  #keptRows = 0;
  readonly #shown: (alarms: readonly Alarm[]) => readonly Alarm[];
  readonly #isolations: (effects: Effects) => readonly Isolation[];
  #position: number;
  #name = '';

  /**
   * @param shown the alarms that a commit changed, as they are told: with what else is said of them, and of others by it.
   * `isolations`: those that a commit changed, as they are told.
   */
  constructor(
    position: number,
    shown: (alarms: readonly Alarm[]) => readonly Alarm[] = (alarms) => alarms,
    isolations: (effects: Effects) => readonly Isolation[] = () => [],
  ) {
    this.#position = position;
    this.#shown = shown;
    this.#isolations = isolations;
  }

  /** Whose positions these are: those of the centre, '', go on with whoever leads; a mirror has its own. */
  get name(): string {
    return this.#name;
  }

  get position(): number {
    return this.#position;
  }

  publish(effects: Effects): void {
    this.tell({
      alarms: this.#shown([...effects.alarms.values()].map(({ alarm }) => alarm)),
      values: effects.values,
      presence: [...effects.presence.values()],
      commands: [...effects.commands.values()].map(commandView),
      workOrders: [...effects.workOrders.values()].map(workOrderView),
      isolations: this.#isolations(effects),
      incidents: [...effects.incidents.values()].map(incidentView),
      canary: effects.canary,
    });
  }

  tell(changes: Omit<Publication, 'position'>): void {
    const publication: Publication = { position: ++this.#position, ...changes };
    this.#kept.push(publication);
    this.#keptRows += rowsOf(publication);
    while (this.#kept.length > KEPT || this.#keptRows > KEPT_ROWS) {
      const oldest = this.#kept.shift();
      if (oldest === undefined) break;
      this.#keptRows -= rowsOf(oldest);
    }
    for (const subscriber of this.#subscribers.keys()) subscriber(publication);
  }

  /** What came after `position`; undefined when that is no longer known (or was never): the subscriber must resync. */
  since(position: number): readonly Publication[] | undefined {
    if (position === this.#position) return [];
    const first = this.#kept[0]?.position;
    if (first === undefined || position < first - 1 || position > this.#position) return undefined;
    return this.#kept.slice(position - first + 1);
  }

  /** What was told does not lead to what comes: every subscriber must resync, and old positions are unknown. */
  beginAnew(name: string): void {
    this.#kept.length = 0;
    this.#keptRows = 0;
    this.#name = name;
    for (const resync of [...this.#subscribers.values()]) resync();
  }

  subscribe(subscriber: (publication: Publication) => void, onBeginAnew: () => void = () => undefined): () => void {
    this.#subscribers.set(subscriber, onBeginAnew);
    return () => this.#subscribers.delete(subscriber);
  }
}

const rowsOf = ({ alarms, values, presence, commands, workOrders, isolations, incidents }: Publication): number =>
  alarms.length +
  values.reduce((sum, { points }) => sum + points.length, 0) +
  presence.length +
  commands.length +
  workOrders.length +
  isolations.length +
  incidents.length;

/** The part of a publication that lies in a scope. */
export function inScope(scope: Scope, publication: Publication): Publication {
  if (scope.venues === 'all') return publication;
  const { position, alarms, values, presence, commands, workOrders, isolations, incidents } = publication;
  const sees = ({ venueId }: { readonly venueId: string }): boolean => isInScope(scope, venueId);
  return {
    position,
    alarms: alarms.filter(sees),
    values: values.filter(sees),
    presence: presence.filter(sees),
    commands: commands.filter(sees),
    workOrders: workOrders.filter(sees),
    isolations: isolations.filter(sees),
    incidents: incidents.filter(sees),
  };
}
