import { encodeEvent, encodePresence, type Alarm } from '@fengsui/protocol';
import type { Lane, NewEntry, ReportMeta } from '../../apps/centre/src/journal/entry.ts';
import { partitionOf } from '../../apps/centre/src/journal/partition.ts';
import { Registry } from '../../apps/centre/src/registry/registry.ts';
import type { RegistryChange } from '../../apps/centre/src/registry/registry-change.ts';
import { AlarmGrouping } from '../../apps/centre/src/situation/alarm-grouping.ts';
import { applyEntry } from '../../apps/centre/src/situation/apply-entry.ts';
import { SWEEP_TIMER_ID } from '../../apps/centre/src/situation/apply-timer.ts';
import { decodeEntry } from '../../apps/centre/src/situation/decoded-entry.ts';
import { Effects } from '../../apps/centre/src/situation/effects.ts';
import { Situation } from '../../apps/centre/src/situation/situation.ts';
import { TimerQueue } from '../../apps/centre/src/situation/timer-queue.ts';
import type { Says } from './scenario.ts';
import { WaitingLines } from './waiting-lines.ts';

/** A row that somebody has to look at: an alarm, or alarms of one cause, has become unacknowledged, for the first time or again. */
export type Row = { readonly at: number; readonly alarm: Alarm };

/**
 * The centre's own code without its doors, journal and store, in simulated time: entries are applied by `applyEntry`,
 * its timers fire when they are due, alarms of one cause are grouped, and the duty order is that of the console.
 *
 * Telemetry is left out: a device that is not quiet counts as heard whenever silence is looked for.
 */
export class SimulatedCentre {
  readonly #situation: Situation;
  readonly #timers = new TimerQueue();
  readonly #quiet = new Set<string>();
  readonly #sequences: Record<Lane, number> = { alarm: 0, bulk: 0 };
  readonly #seqOf = new Map<string, number>();
  readonly rows: Row[] = [];
  /** What waits for a seat, in the order of the duty desk. */
  readonly waiting = new WaitingLines();
  readonly #grouping = new AlarmGrouping({ now: () => this.#now });
  #now = 0;
  #acts = 0;
  /** Entries applied. */
  entryCount = 0;

  constructor(changes: readonly RegistryChange[]) {
    const registry = new Registry();
    for (const change of changes) registry.apply(change);
    this.#situation = new Situation(registry);
  }

  /** When the next of the product's own timers is due. */
  get nextTimerAt(): number {
    return this.#timers.first?.dueAt ?? Infinity;
  }

  fireTimers(now: number): void {
    for (const { id: timerId, purpose, venueId } of this.#timers.takeDue(now)) {
      const meta = { timerId, firedAt: now, purpose };
      this.#apply('alarm', now, { kind: 'timerFired', partition: partitionOf(venueId), appendedAt: now, meta });
    }
  }

  /** @returns the alarm that the statement changed, as the screen shows it; undefined when the device cannot speak. */
  say({ at, deviceId, venueId, event, point, level, active }: Says): Alarm | undefined {
    if (this.#quiet.has(deviceId)) return undefined;
    const seq = (this.#seqOf.get(deviceId) ?? 0) + 1;
    this.#seqOf.set(deviceId, seq);
    const payload = encodeEvent({ epoch: 's', seq, at: Math.floor(at), kind: event, point, level, active });
    return this.#report('alarm', at, deviceId, venueId, 'event', payload)[0];
  }

  /** From now on nothing comes of them; they have been heard a moment ago. */
  quieten(deviceIds: readonly string[], at: number): void {
    for (const id of deviceIds) {
      this.#hear(id, at);
      this.#quiet.add(id);
    }
  }

  hearAgain(deviceIds: readonly string[], at: number): void {
    for (const id of deviceIds) {
      this.#quiet.delete(id);
      this.#hear(id, at);
    }
  }

  /** Looks for who has been silent for too long, as the centre does every few seconds. */
  sweep(now: number): void {
    const { deviceStates, lastReceivedAt } = this.#situation;
    for (const id of deviceStates.keys()) if (!this.#quiet.has(id)) lastReceivedAt.set(id, now);
    const meta = { timerId: SWEEP_TIMER_ID, firedAt: now, purpose: { kind: 'presenceSweep' } };
    this.#apply('alarm', now, { kind: 'timerFired', partition: 0, appendedAt: now, meta });
    // It is fired here, when somebody can be silent at all.
    this.#timers.delete(SWEEP_TIMER_ID);
  }

  /** One key for a row: each alarm that it stands for. @returns their ids. */
  acknowledge(row: Alarm, by: string, at: number): readonly string[] {
    const alarms = this.waiting.alarmsOf(row.id);
    for (const { id: alarmId, venueId } of alarms) {
      const meta = { actId: `act-${++this.#acts}`, alarmId, venueId, by, at, act: { kind: 'acknowledge' } };
      this.#apply('alarm', at, { kind: 'operatorAct', partition: partitionOf(venueId), appendedAt: at, meta });
    }
    return alarms.map(({ id }) => id);
  }

  #hear(deviceId: string, at: number): void {
    const device = this.#situation.registry.device(deviceId);
    if (device === undefined) throw new Error(`no device ${deviceId}`);
    if (!this.#situation.deviceStates.has(deviceId))
      this.#report('bulk', at, deviceId, device.venueId, 'presence', encodePresence({ online: true }));
    this.#situation.lastReceivedAt.set(deviceId, at);
  }

  #report(
    lane: Lane,
    at: number,
    deviceId: string,
    venueId: string,
    channel: ReportMeta['channel'],
    payload: Uint8Array,
  ): readonly Alarm[] {
    const meta: ReportMeta = { deviceId, venueId, origin: 'live', receivedAt: at, channel, live: true };
    const partition = partitionOf(venueId);
    return this.#apply(lane, at, { kind: 'report', partition, appendedAt: at, meta, payload });
  }

  #apply(lane: Lane, at: number, entry: NewEntry): readonly Alarm[] {
    this.entryCount++;
    const effects = new Effects();
    const decoded = decodeEntry({ ...entry, lane, sequence: ++this.#sequences[lane] });
    applyEntry(this.#situation, effects, decoded, new Map());
    for (const id of effects.timersEnded) this.#timers.delete(id);
    for (const timer of effects.timersSet.values()) this.#timers.set(timer);
    if (effects.alarms.size === 0) return [];
    const alarms = [...effects.alarms.values()].map(({ alarm }) => alarm);
    this.#now = at;
    for (const alarm of this.#grouping.follow(alarms)) {
      const row = this.waiting.put(alarm);
      if (row !== undefined) this.rows.push({ at, alarm: row });
    }
    return alarms;
  }
}
