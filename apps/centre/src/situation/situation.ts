import {
  conditionId,
  conditionKeyOf,
  isActive,
  next,
  normalCondition,
  type ActiveAlarm,
  type ConditionEvent,
  type Refusal,
  type Step,
} from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { CallOutBook } from '../call-out/call-out-book.ts';
import { Commissioning, tickedBy } from '../commissioning/commissioning.ts';
import { Isolations, type Cover } from '../isolation/isolations.ts';
import { IncidentBook } from '../incident/incident-book.ts';
import type { KeptIsolation } from '../isolation/kept-isolation.ts';
import { isUnderMaintenance } from '../registry/device-life.ts';
import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import { RolloutBook } from '../rollout/rollout-book.ts';
import { alarmView } from './alarm-view.ts';
import { SensorFaults, type SensorFaultRow } from './fire/sensor-faults.ts';
import { FireWatch } from './fire/fire-watch.ts';
import type { Effects } from './effects.ts';
import type { Share } from './duty.ts';
import { ForeignLedger } from './foreign/foreign-ledger.ts';
import type { ForeignState } from './foreign/kept-source.ts';
import type { RelayState } from './gb-relay/relay-state.ts';
import { GbSituation } from './gb26875/gb-situation.ts';
import type { CaptureState, DeviceState, KeptCondition, Place } from './kept.ts';
import type { KeptCommand } from './kept-command.ts';
import { LastValues } from './last-values.ts';
import { LimitWatch } from './limit-watch.ts';
import { RuleWatch } from './rule-watch.ts';
import { OnSiteCauses } from './on-site-causes.ts';
import { ReceivedLedger } from './received-ledger.ts';
import { shardOf } from './share.ts';
import { WorkBook } from '../workorder/work-book.ts';

/** Who brings into view what an isolation kept from the queue, where no person does. */
const WITHOUT = { by: 'centre', reason: 'no longer isolated' } as const;

const outOfView = (kept: KeptCondition, { askedBy, beganAt = 0, id }: KeptIsolation): KeptCondition => {
  const step = next(kept.condition, { kind: 'removeFromService', at: beganAt, by: askedBy, reason: id });
  return 'refused' in step ? kept : { ...kept, condition: step.condition };
};

/**
 * What the centre holds to be true now, in memory: rebuilt at the start, changed only by applied entries.
 * It reads no clock: every instant comes from an entry.
 */
export class Situation {
  readonly registry: Registry;
  values = new LastValues();
  limits: LimitWatch;
  ruleWatch: RuleWatch;
  /** Rooms with what their detectors and their wiring say together. */
  fires = new FireWatch();
  readonly sensorFaults = new SensorFaults();
  /** Parts of transmission devices, and what is being asked of them. */
  readonly gb = new GbSituation();
  /** What foreign platforms have said already. */
  foreign = new ForeignLedger();
  /** When each foreign source was heard last, and how the connection to its broker stands. */
  foreignStates = new Map<string, ForeignState>();
  /** How each centre that frames are passed on to stands. */
  relayStates = new Map<string, RelayState>();
  /** Venues on test, acceptances and trials. */
  commissioning = new Commissioning();
  /** Venues, areas and devices whose alarms ring nobody for a while. */
  isolations = new Isolations();
  /** Incidents that are not closed. */
  incidents = new IncidentBook();
  /** Who is called about them, or to test the way. */
  callOuts = new CallOutBook();
  /** Work orders that are not closed. */
  work = new WorkBook();
  /** Releases, and which terminal has its turn. */
  rollouts = new RolloutBook();
  /** Why breakers are closed on site only. */
  onSite = new OnSiteCauses();
  captures = new Map<string, CaptureState>();
  /** Beginnings of UTC days that have a partition of `telemetry`, or cannot have one; what is not in here is asked for. */
  telemetryDays = new Set<number>();
  deviceStates = new Map<string, DeviceState>();
  /** Open commands and the last that ended; oldest change first. */
  commands = new Map<string, KeptCommand>();
  /** Newest receipt of any report, per device. */
  lastReceivedAt = new Map<string, number>();
  /** Clock of each device less ours, by its newest live report, ms; forgotten with a restart. */
  readonly clockOffsets = new Map<string, number>();
  /** When the doors opened last; before that silence means nothing. */
  listeningSince = 0;
  /** When the centre's clock was set last, in its new time; forgotten with a restart. */
  clockSetAt = Number.NEGATIVE_INFINITY;
  /** When it was last looked for self-tests that were missed. */
  selfTestsLookedAt = 0;
  /** Receipt of recent unreadable messages, per device; at most as many as make a fault. */
  unreadableAt = new Map<string, number[]>();
  #share: Share | undefined;
  #ledgers = new Map<string, ReceivedLedger>();
  #conditions = new Map<string, KeptCondition>();
  #conditionOfAlarm = new Map<string, string>();

  constructor(registry: Registry) {
    this.registry = registry;
    this.limits = new LimitWatch(registry);
    this.ruleWatch = new RuleWatch(registry);
  }

  /** What of it this process applies, where there are several; undefined: everything. The rest is a mirror, or absent. */
  get share(): Share | undefined {
    return this.#share;
  }

  set share(share: Share | undefined) {
    this.#share = share;
    this.incidents.numbers.isShared = share !== undefined;
    this.work.numbers.isShared = share !== undefined;
  }

  /** Whether what is of this partition's venues is applied here. */
  owns(partition: number): boolean {
    return this.#share === undefined || this.#share.shards.has(shardOf(partition));
  }

  /** Whether what is of no venue is applied here. */
  get leads(): boolean {
    return this.#share === undefined || this.#share.leads;
  }

  ownsDevice({ venueId }: Pick<DeviceRecord, 'venueId'>): boolean {
    return this.#share === undefined || this.owns(this.registry.partitionOf(venueId));
  }

  /** How the sensors of a device fail, whoever applies it. */
  sensorFaultsOf(device: DeviceRecord): readonly SensorFaultRow[] {
    return this.sensorFaults.of(device.id, this.ownsDevice(device));
  }

  /** One that knows nothing but the registry and the rules, to be rebuilt from the store. */
  begunAnew(): Situation {
    const anew = new Situation(this.registry);
    for (const [id, profile] of this.gb.profiles) anew.gb.profiles.set(id, profile);
    anew.work.rules = this.work.rules;
    anew.share = this.#share;
    return anew;
  }

  /** Takes the place of what is known with what another has read from the store; what only memory knows stays. */
  become(read: Situation): void {
    this.values = read.values;
    this.limits = read.limits;
    this.ruleWatch = read.ruleWatch;
    this.fires = read.fires;
    this.gb.become(read.gb);
    this.foreign = read.foreign;
    this.foreignStates = read.foreignStates;
    this.relayStates = read.relayStates;
    this.incidents = read.incidents;
    this.callOuts = read.callOuts;
    this.work = read.work;
    this.rollouts = read.rollouts;
    this.commissioning = read.commissioning;
    this.isolations = read.isolations;
    this.commands = read.commands;
    this.onSite = read.onSite;
    this.telemetryDays = read.telemetryDays;
    this.captures = read.captures;
    this.deviceStates = read.deviceStates;
    this.lastReceivedAt = read.lastReceivedAt;
    this.unreadableAt = read.unreadableAt;
    this.#ledgers = read.#ledgers;
    this.#conditions = read.#conditions;
    this.#conditionOfAlarm = read.#conditionOfAlarm;
  }

  ledger(deviceId: string): ReceivedLedger {
    let ledger = this.#ledgers.get(deviceId);
    if (ledger === undefined) {
      ledger = new ReceivedLedger();
      this.#ledgers.set(deviceId, ledger);
    }
    return ledger;
  }

  placeOf(device: Pick<DeviceRecord, 'venueId' | 'origin'>): Place {
    return { partition: this.registry.partitionOf(device.venueId), venueId: device.venueId, origin: device.origin };
  }

  restoreCondition(kept: KeptCondition): void {
    const id = conditionId(kept.condition.key);
    const before = this.#conditions.get(id)?.condition.alarm;
    if (before !== undefined) this.#conditionOfAlarm.delete(before.id);
    this.#conditions.set(id, kept);
    if (kept.condition.alarm) this.#conditionOfAlarm.set(kept.condition.alarm.id, id);
  }

  condition(id: string): KeptCondition | undefined {
    return this.#conditions.get(id);
  }

  /** Its credential may be in two hands, until a person has looked into it (alarm `clonedIdentity`). */
  isIdentitySuspect(deviceId: string): boolean {
    if (this.#conditions.get(`${deviceId}//clonedIdentity`)?.condition.alarm !== undefined) return true;
    const gatewayId = this.registry.device(deviceId)?.parentId;
    return (
      gatewayId !== undefined && this.#conditions.get(`${gatewayId}//clonedIdentity`)?.condition.alarm !== undefined
    );
  }

  conditionOfAlarm(alarmId: string): KeptCondition | undefined {
    const id = this.#conditionOfAlarm.get(alarmId);
    return id === undefined ? undefined : this.#conditions.get(id);
  }

  /** Tells a condition what happened and notes what follows from it. */
  tell(
    place: Place,
    deviceId: string,
    point: string,
    kind: string,
    event: ConditionEvent,
    effects: Effects,
  ): Step | Refusal {
    const key = conditionKeyOf(deviceId, point, kind);
    const id = conditionId(key);
    const known = this.#conditions.get(id) ?? { place, condition: normalCondition(key), changeCount: 0 };
    const { hidden, tested } =
      event.kind === 'sourceActive' ? this.isolations.cover(this.registry, key, event) : ({} as Cover);
    if (event.kind === 'sourceActive' && known.condition.state === 'outOfService' && hidden === undefined) {
      // No longer under it, or told at a level that it is not about: what is known already comes into view first.
      this.tell(place, deviceId, point, kind, { kind: 'returnToService', at: event.receivedAt, ...WITHOUT }, effects);
      return this.tell(place, deviceId, point, kind, event, effects);
    }
    // An alarm stays where it was raised; the next one belongs where the device is by then.
    const placed = known.condition.alarm === undefined ? { ...known, place } : known;
    // What is on the queue stays there: an isolation is about the alarms to come.
    const kept = hidden !== undefined && placed.condition.state === 'normal' ? outOfView(placed, hidden) : placed;
    const { alarm } = kept.condition;
    const expected =
      event.kind === 'sourceActive'
        ? this.commissioning.expected(place.venueId, key, event, alarm?.origin === 'test' && isActive(kept.condition))
        : undefined;
    // A simulated device proves nothing by a test; it stays marked as what it is.
    const isTest = (expected !== undefined || tested !== undefined) && place.origin === 'live';
    const step = next(kept.condition, isTest && event.kind === 'sourceActive' ? { ...event, origin: 'test' } : event);
    if ('refused' in step) return step;
    this.#keep(id, kept, step, effects);
    if (event.kind === 'sourceActive' && event.late !== true && event.level !== 'attention')
      this.fires.noteElectrical(this.registry, place, key, event.at);
    if (expected !== undefined && !expected.isEcho && event.kind === 'sourceActive') {
      const ticked = tickedBy(expected, key.kind, event, (step.condition.alarm ?? step.ended)?.id);
      this.commissioning.tests.set(place.venueId, ticked);
      effects.commissioningTests.set(ticked.id, ticked);
    }
    return step;
  }

  #keep(id: string, before: KeptCondition, step: Step, effects: Effects): void {
    const alarmBefore = before.condition.alarm;
    const alarm = step.condition.alarm ?? step.ended;
    const isNewAlarm = alarm !== undefined && alarm.id !== alarmBefore?.id;
    let changeCount = isNewAlarm ? 0 : before.changeCount;
    for (const change of step.changes) {
      if (change.alarmId === undefined) continue;
      effects.alarmChanges.push({ alarmId: change.alarmId, number: ++changeCount, place: before.place, change });
    }
    const kept: KeptCondition = { place: before.place, condition: step.condition, changeCount };
    this.#conditions.set(id, kept);
    effects.conditions.set(id, kept);
    if (alarm === undefined) return;
    if (isNewAlarm) {
      const { deviceId, prefix, kind } = kept.condition.key;
      this.onSite.note({ deviceId, prefix, kind, at: alarm.raisedAt }, before.place, effects);
    }
    if (step.condition.alarm) this.#conditionOfAlarm.set(alarm.id, id);
    else this.#conditionOfAlarm.delete(alarm.id);
    const view = this.view(kept, alarm);
    effects.alarms.set(alarm.id, { place: before.place, alarm: view, raisedAt: alarm.raisedAt });
    this.#keepShelveTimer(id, alarmBefore?.shelvedUntil, kept, effects);
  }

  #keepShelveTimer(id: string, shelvedBefore: number | undefined, kept: KeptCondition, effects: Effects): void {
    const until = kept.condition.alarm?.shelvedUntil;
    if (until === shelvedBefore) return;
    const timerId = `unshelve/${id}`;
    if (until === undefined) effects.endTimer(timerId);
    else
      effects.setTimer({
        id: timerId,
        venueId: kept.place.venueId,
        dueAt: until,
        purpose: { kind: 'unshelve', conditionId: id },
      });
  }

  /** The alarm as API and feed show it. */
  view(kept: KeptCondition, alarm: ActiveAlarm): Alarm {
    return alarmView(kept, alarm, isUnderMaintenance(this.registry.device(kept.condition.key.deviceId)));
  }

  /** Conditions that have an alarm which has not ended. */
  openConditions(): KeptCondition[] {
    return [...this.#conditionOfAlarm.values()].flatMap((id) => this.#conditions.get(id) ?? []);
  }

  /** Conditions of a device that have an alarm which has not ended. */
  openConditionsOf(deviceId: string): readonly KeptCondition[] {
    return [...this.#conditionOfAlarm.values()].flatMap((id) => {
      const kept = this.#conditions.get(id);
      return kept?.condition.key.deviceId === deviceId ? [kept] : [];
    });
  }

  /** Shows the open alarms of a device anew: what is said of them beside their own life has changed. */
  showAnew(deviceId: string, effects: Effects): void {
    for (const kept of this.openConditionsOf(deviceId)) {
      const { alarm } = kept.condition;
      if (alarm === undefined) continue;
      effects.alarms.set(alarm.id, { place: kept.place, alarm: this.view(kept, alarm), raisedAt: alarm.raisedAt });
    }
  }

  /** Alarms that have not ended, of the caller's venues. */
  alarms(scope: Scope): Alarm[] {
    const found: Alarm[] = [];
    for (const id of this.#conditionOfAlarm.values()) {
      const kept = this.#conditions.get(id);
      if (kept?.condition.alarm && isInScope(scope, kept.place.venueId))
        found.push(this.view(kept, kept.condition.alarm));
    }
    return found;
  }
}
