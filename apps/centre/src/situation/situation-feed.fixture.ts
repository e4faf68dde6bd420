import type { Alarm } from '@fengsui/protocol';
import type { Lane, NewEntry } from '../journal/entry.ts';
import { Registry } from '../registry/registry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { applyEntry } from './apply-entry.ts';
import type { StoredDigests } from './apply-report.ts';
import { decodeEntry } from './decoded-entry.ts';
import { Effects } from './effects.ts';
import { house } from './entries.fixture.ts';
import { Situation } from './situation.ts';
import type { Timer } from './timer.ts';

/** A situation without journal and store: entries go in, effects come out, timers are remembered until they end. */
export class SituationFeed {
  readonly situation: Situation;
  readonly timers = new Map<string, Timer>();
  /** Every alarm as last shown, the ended ones included. */
  readonly shown = new Map<string, Alarm>();
  stored: StoredDigests = new Map();
  readonly #sequences: Record<Lane, number> = { alarm: 0, bulk: 0 };

  constructor(changes: readonly RegistryChange[] = house) {
    const registry = new Registry();
    for (const change of changes) registry.apply(change);
    this.situation = new Situation(registry);
  }

  /** One batch. */
  apply(lane: Lane, ...entries: readonly NewEntry[]): Effects {
    const effects = new Effects();
    for (const entry of entries) {
      const decoded = decodeEntry({ ...entry, lane, sequence: ++this.#sequences[lane] });
      applyEntry(this.situation, effects, decoded, this.stored);
    }
    for (const id of effects.timersEnded) this.timers.delete(id);
    for (const timer of effects.timersSet.values()) this.timers.set(timer.id, timer);
    for (const { alarm } of effects.alarms.values()) this.shown.set(alarm.id, alarm);
    return effects;
  }

  bulk(...entries: readonly NewEntry[]): Effects {
    return this.apply('bulk', ...entries);
  }

  alarm(...entries: readonly NewEntry[]): Effects {
    return this.apply('alarm', ...entries);
  }

  /** Fires the timer as the timer service would, at `firedAt` (default: when it is due). */
  fire(timerId: string, firedAt?: number): Effects {
    const timer = this.timers.get(timerId);
    if (timer === undefined) throw new Error(`no timer ${timerId}; there are ${[...this.timers.keys()].join(', ')}`);
    const meta = { timerId, firedAt: firedAt ?? timer.dueAt, purpose: timer.purpose };
    return this.alarm({ kind: 'timerFired', partition: 0, appendedAt: meta.firedAt, meta });
  }

  /** Alarms that have not ended, by kind. */
  open(kind?: string): readonly Alarm[] {
    return this.situation.alarms({ venues: 'all' }).filter((alarm) => kind === undefined || alarm.kind === kind);
  }
}
