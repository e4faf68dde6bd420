import type {
  Alarm,
  DeviceCommand,
  Incident,
  Isolation,
  LiveTopic,
  PresenceRow,
  ValueRow,
  WorkOrder,
} from '@fengsui/protocol';
import { incidentView } from '../incident/incident-view.ts';
import type { Clock } from '../platform/clock.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import { workOrderView } from '../workorder/work-order-view.ts';
import { commandView } from './command-view.ts';
import { isOpen } from './kept-command.ts';
import type { LiveBus } from './live-bus.ts';
import type { Situation } from './situation.ts';

/** `canary` is for the centre's own seat, which hears nothing else. */
export type FeedTopic = LiveTopic | 'canary';

/** All that the feed shows of a scope at one moment; what was not asked for is empty. */
export type FeedSnapshot = {
  readonly alarms: readonly Alarm[];
  readonly values: readonly ValueRow[];
  readonly presence: readonly PresenceRow[];
  /** Those that wait for a reply. */
  readonly commands: readonly DeviceCommand[];
  /** Those that are not closed. */
  readonly workOrders: readonly WorkOrder[];
  /** Those asked for and active. */
  readonly isolations: readonly Isolation[];
  /** Those that are not closed. */
  readonly incidents: readonly Incident[];
};

/** What a subscriber of the feed is told from. */
export type FeedSource = {
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly snapshot: (scope: Scope, topics: ReadonlySet<FeedTopic>) => FeedSnapshot;
};

/**
 * What the centre holds to be true now, as the feed shows it.
 *
 * @param shown an alarm with what is said of it beside its own life. `isolations`: those that are open, as they are told.
 */
export function snapshotOf(
  situation: Situation,
  scope: Scope,
  topics: ReadonlySet<FeedTopic>,
  shown: (alarm: Alarm) => Alarm = (alarm) => alarm,
  isolations: () => readonly Isolation[] = () => [],
): FeedSnapshot {
  const values: ValueRow[] = [];
  const presence: PresenceRow[] = [];
  for (const device of situation.registry.devices(scope)) {
    const state = situation.deviceStates.get(device.id);
    if (topics.has('presence') && state !== undefined) presence.push([device.id, state.online, state.changedAt]);
    if (!topics.has('values')) continue;
    for (const [pointId, { at, value }] of situation.values.of(device.id)) values.push([device.id, pointId, at, value]);
  }
  const commands = topics.has('commands') ? [...situation.commands.values()] : [];
  const workOrders = topics.has('workOrders') ? [...situation.work.open()] : [];
  const incidents = topics.has('incidents') ? [...situation.incidents.open()] : [];
  return {
    alarms: topics.has('alarms') ? situation.alarms(scope).map(shown) : [],
    values,
    presence,
    commands: commands.filter((command) => isOpen(command) && isInScope(scope, command.place.venueId)).map(commandView),
    workOrders: workOrders.filter(({ place }) => isInScope(scope, place.venueId)).map(workOrderView),
    isolations: topics.has('isolations') ? isolations().filter(({ venueId }) => isInScope(scope, venueId)) : [],
    incidents: incidents.filter(({ place }) => isInScope(scope, place.venueId)).map(incidentView),
  };
}
