import { conditionId, conditionKeyOf, levels } from '@fengsui/alarm';
import type { HazardEvent } from './hazard-event.ts';

/** What each source holds, as plain JSON, and what was told of it. */
export type HazardUnionState = {
  readonly held: readonly { readonly source: string; readonly event: HazardEvent }[];
  readonly told: readonly HazardEvent[];
};

/** Joins what several engines say of the same (point, kind): to the centre it is one condition (design.md 5.1). */
export type HazardUnion = {
  /** Passes on the events of one source; gives those that change the level of a hazard. */
  readonly tell: (source: string, events: readonly HazardEvent[]) => readonly HazardEvent[];
  /** Replaces everything a source holds by `active`: after a restart, when it may hold less than before. */
  readonly align: (source: string, active: readonly HazardEvent[], at: number) => readonly HazardEvent[];
  /** Ends what sources hold that are not listed: after a restart, those the configuration no longer has. */
  readonly retain: (sources: readonly string[], at: number) => readonly HazardEvent[];
  /** The hazards that hold now, as last told. */
  readonly active: () => readonly HazardEvent[];
  /** Who holds a hazard now. */
  readonly sourcesOf: (point: string, kind: string) => readonly string[];
  readonly state: () => HazardUnionState;
};

/**
 * One state per (point, kind) from several sources: the highest level wins, and it is inactive only when every source
 * is. Falling to a lower level that another source still holds is told as active at that level, with its evidence.
 */
export function createHazardUnion(restored?: HazardUnionState): HazardUnion {
  const held = new Map<string, Map<string, HazardEvent>>();
  const told = new Map<string, HazardEvent>();
  for (const { source, event } of restored?.held ?? []) sourcesBy(hazardIdOf(event)).set(source, event);
  for (const event of restored?.told ?? []) told.set(hazardIdOf(event), event);

  function sourcesBy(hazardId: string): Map<string, HazardEvent> {
    const known = held.get(hazardId);
    if (known) return known;
    const fresh = new Map<string, HazardEvent>();
    held.set(hazardId, fresh);
    return fresh;
  }

  function apply(source: string, event: HazardEvent): HazardEvent | undefined {
    const hazardId = hazardIdOf(event);
    const sources = sourcesBy(hazardId);
    if (event.active) sources.set(source, event);
    else sources.delete(source);
    const leading = highestOf(sources.values());
    const before = told.get(hazardId);
    if (!leading) {
      held.delete(hazardId);
      told.delete(hazardId);
      return before && endOf(before, event);
    }
    if (leading.level === before?.level) return undefined;
    // A level another source has held for long is what holds from now on.
    const change = leading === event ? event : { ...leading, at: event.at };
    told.set(hazardId, change);
    return change;
  }

  function tell(source: string, events: readonly HazardEvent[]): readonly HazardEvent[] {
    return events.map((event) => apply(source, event)).filter((event) => event !== undefined);
  }

  function endAll(at: number, ends: (source: string, event: HazardEvent) => boolean): readonly HazardEvent[] {
    const ending = [...held.values()].flatMap((sources) =>
      [...sources].filter(([source, event]) => ends(source, event)),
    );
    return ending.flatMap(([source, event]) => tell(source, [{ ...event, active: false, at }]));
  }

  return {
    tell,
    align(source, active, at) {
      const kept = new Set(active.map(hazardIdOf));
      const raised = tell(source, active);
      return [...raised, ...endAll(at, (by, event) => by === source && !kept.has(hazardIdOf(event)))];
    },
    retain: (sources, at) => endAll(at, (source) => !sources.includes(source)),
    active: () => [...told.values()],
    sourcesOf: (point, kind) => [...(held.get(hazardIdOf({ point, kind }))?.keys() ?? [])],
    state: () => ({
      held: [...held.values()].flatMap((sources) => [...sources].map(([source, event]) => ({ source, event }))),
      told: [...told.values()],
    }),
  };
}

function endOf(before: HazardEvent, ending: HazardEvent): HazardEvent {
  // The value belongs to the limit that was told; another source's number would be read against the wrong one.
  const isSame = ending.pointId === before.pointId && ending.measure === before.measure;
  return { ...before, active: false, at: ending.at, value: isSame ? ending.value : before.value };
}

function highestOf(events: Iterable<HazardEvent>): HazardEvent | undefined {
  let highest: HazardEvent | undefined;
  for (const event of events) {
    if (!highest || levels.indexOf(event.level) > levels.indexOf(highest.level)) highest = event;
  }
  return highest;
}

function hazardIdOf({ point, kind }: Pick<HazardEvent, 'point' | 'kind'>): string {
  return conditionId(conditionKeyOf('', point, kind));
}
