import type { ConditionKey } from '@fengsui/alarm';
import {
  electricalKinds,
  PlaceEvidence,
  type ElectricalKind,
  type Modality,
  type PlaceEvidenceState,
} from '@fengsui/fusion';
import type { Registry } from '../../registry/registry.ts';
import type { Place } from '../kept.ts';

/** Where detectors share the air: a closed area of the registry, or a detector that stands alone. */
export type FirePlace = {
  /** Simulated and live devices of one room are two places: neither proves anything of the other. */
  readonly id: string;
  readonly venueId: string;
  /** Absent for a detector that stands alone. */
  readonly areaId?: string;
  /** The area, and those it is in: what feeds one of them feeds the place. */
  readonly areaIds: readonly string[];
};

/** What was told of a place: the condition that bears it, and the sensors it rests on. */
export type ToldFire = {
  readonly level: 'warning' | 'alarm';
  readonly deviceId: string;
  readonly pointId: string;
  readonly sensors: readonly string[];
};

/** As it is stored. Only places of which something was told are: the others learn anew what is usual. */
export type KeptFirePlace = {
  readonly place: Place;
  readonly where: FirePlace;
  readonly told?: ToldFire;
  readonly evidence: PlaceEvidenceState;
};

export type WatchedPlace = {
  readonly where: FirePlace;
  readonly evidence: PlaceEvidence;
  told: ToldFire | undefined;
};

/** The places of all venues with what their detectors say; rebuilt as reports come, but for those where it burns. */
export class FireWatch {
  readonly #places = new Map<string, WatchedPlace>();
  readonly #ofVenue = new Map<string, Set<WatchedPlace>>();
  readonly #placeOfSensor = new Map<string, WatchedPlace>();

  restore({ where, told, evidence }: KeptFirePlace): void {
    if (told === undefined) return;
    const watched = this.#put({ where, evidence: new PlaceEvidence(where.areaId ?? where.id, evidence), told });
    for (const sensor of Object.keys(evidence.sensors)) this.#placeOfSensor.set(sensor, watched);
  }

  /** The place of a sensor, where it stands now. `isNew`: nothing is known of it there. */
  placeOf(sensor: string, modality: Modality, where: FirePlace): { readonly watched: WatchedPlace; isNew: boolean } {
    const before = this.#placeOfSensor.get(sensor);
    if (before?.where.id === where.id) return { watched: before, isNew: false };
    before?.evidence.remove(sensor);
    const watched =
      this.#places.get(where.id) ??
      this.#put({ where, evidence: new PlaceEvidence(where.areaId ?? where.id), told: undefined });
    watched.evidence.add(sensor, modality);
    this.#placeOfSensor.set(sensor, watched);
    return { watched, isNew: true };
  }

  /** Rooms of the same floor; of doors the registry knows nothing. */
  neighboursOf({ where }: WatchedPlace): PlaceEvidence[] {
    const floor = where.areaIds[1];
    if (floor === undefined) return [];
    const others = [...(this.#ofVenue.get(where.venueId) ?? [])].filter(
      (other) =>
        other.where.id !== where.id && other.where.areaIds[1] === floor && originOf(other.where) === originOf(where),
    );
    return others.map(({ evidence }) => evidence);
  }

  /**
   * A hazard on a circuit whose area is known: a fire in every place of that area is likelier. By itself it is none, and
   * of a circuit without an area it says nothing.
   */
  noteElectrical(registry: Registry, { venueId, origin }: Place, { deviceId, prefix, kind }: ConditionKey, at: number) {
    const electrical = electricalKindOf(kind);
    const areaId = electrical === undefined ? undefined : registry.circuit(deviceId, prefix)?.areaId;
    if (electrical === undefined || areaId === undefined) return;
    for (const { where, evidence } of this.#ofVenue.get(venueId) ?? [])
      if (originOf(where) === origin && where.areaIds.includes(areaId))
        evidence.noteElectrical(`${deviceId}/${prefix}`, electrical, at);
  }

  #put(watched: WatchedPlace): WatchedPlace {
    const { id, venueId } = watched.where;
    this.#places.set(id, watched);
    const ofVenue = this.#ofVenue.get(venueId) ?? new Set();
    this.#ofVenue.set(venueId, ofVenue.add(watched));
    return watched;
  }
}

/** A joint that is too hot is what contact heating comes to, whoever measured it. */
function electricalKindOf(kind: string): ElectricalKind | undefined {
  return kind === 'overTemperature' ? 'contactHeating' : electricalKinds.find((known) => known === kind);
}

const originOf = ({ id }: FirePlace): string => id.slice(0, id.indexOf('/'));
