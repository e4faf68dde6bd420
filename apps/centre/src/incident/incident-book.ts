import type { Origin } from '@fengsui/alarm';
import { ShardNumbers } from '../situation/shard-numbers.ts';
import type { KeptIncident } from './kept-incident.ts';

/** Incidents that are not closed; in memory, rebuilt at the start. Of a venue there is one of each origin at most. */
export class IncidentBook {
  readonly numbers = new ShardNumbers();
  readonly #open = new Map<string, KeptIncident>();
  readonly #byVenue = new Map<string, string>();
  readonly #byAlarm = new Map<string, string>();

  get(id: string): KeptIncident | undefined {
    return this.#open.get(id);
  }

  open(): IterableIterator<KeptIncident> {
    return this.#open.values();
  }

  /** What happens in earnest, in a simulation and in a drill are never one incident. */
  ofVenue(venueId: string, origin: Origin): KeptIncident | undefined {
    return this.get(this.#byVenue.get(keyOf(venueId, origin)) ?? '');
  }

  /** The incident that knows this alarm; of the newest ones beyond those it keeps, none. */
  ofAlarm(alarmId: string): KeptIncident | undefined {
    return this.get(this.#byAlarm.get(alarmId) ?? '');
  }

  /** Keeps the incident as it is now; a closed one leaves. */
  put(incident: KeptIncident): void {
    const { id, place, alarms, number, state } = incident;
    const before = this.#open.get(id);
    this.numbers.given(number);
    const key = keyOf(place.venueId, place.origin);
    if (state === 'closed') {
      this.#open.delete(id);
      if (this.#byVenue.get(key) === id) this.#byVenue.delete(key);
      for (const { alarmId } of before?.alarms ?? []) this.#byAlarm.delete(alarmId);
      return;
    }
    this.#open.set(id, incident);
    this.#byVenue.set(key, id);
    // They only grow.
    for (const { alarmId } of alarms.slice(before?.alarms.length ?? 0)) this.#byAlarm.set(alarmId, id);
  }
}

const keyOf = (venueId: string, origin: Origin): string => `${origin}/${venueId}`;
