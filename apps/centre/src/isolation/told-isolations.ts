import type { Isolation } from '@fengsui/protocol';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { hiddenBy, isolationView, reachCounts, type ReachCounts } from './isolation-view.ts';
import type { KeptIsolation } from './kept-isolation.ts';

/** Isolations as the live feed tells them, which does not look at every device of a city with every commit. */
export class ToldIsolations {
  readonly #situation: Situation;
  /** Of those that are open; what the registry changed in a venue is counted anew. */
  readonly #reach = new Map<string, ReachCounts>();

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  /** Those that a commit changed, and those of venues where it changed an alarm or a device: what they hide or hold. */
  changedBy({ isolations, alarms, registryChanges }: Effects): Isolation[] {
    const { isolations: kept } = this.#situation;
    if (kept.isEmpty && isolations.size === 0) return [];
    const moved = new Set(registryChanges.flatMap(venuesOf));
    const touched = new Set([...moved, ...[...alarms.values()].map(({ place }) => place.venueId)]);
    const told = new Map(isolations);
    for (const isolation of touched.size === 0 ? [] : kept.open()) {
      const { id, place } = isolation;
      if (moved.has(place.venueId)) this.#reach.delete(id);
      if (touched.has(place.venueId)) told.set(id, isolation);
    }
    return this.#views([...told.values()]);
  }

  /** All that are asked for or active. */
  open(): Isolation[] {
    const open = this.#situation.isolations.open();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of this.#reach.keys()) if (!ids.has(id)) this.#reach.delete(id);
    return this.#views(open);
  }

  /** Without the telephone of who watches: who listens may not be allowed to read it. */
  #views(isolations: readonly KeptIsolation[]): Isolation[] {
    const hidden = hiddenBy(this.#situation, isolations);
    return isolations.map((isolation) => {
      const { id, endedAt } = isolation;
      const reach = this.#reach.get(id) ?? reachCounts(this.#situation, isolation);
      if (endedAt === undefined) this.#reach.set(id, reach);
      else this.#reach.delete(id);
      return isolationView(this.#situation, isolation, { mayReadContacts: false, reach, hidden: hidden.get(id) });
    });
  }
}

function venuesOf(change: RegistryChange): readonly string[] {
  if (change.kind === 'devicePut') return [change.device.venueId];
  return change.kind === 'areaPut' ? [change.area.venueId] : [];
}
