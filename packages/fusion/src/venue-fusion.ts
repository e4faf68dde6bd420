import type { ElectricalKind, Modality } from './fire-evidence.ts';
import { PlaceEvidence, type PlaceAssessment } from './place-evidence.ts';

/** A room or area: its neighbours through doors, its sensors and the branches that feed it. */
export type Place = {
  readonly id: string;
  readonly neighbours: readonly string[];
  readonly sensors: readonly { readonly id: string; readonly modality: Modality }[];
  readonly branches: readonly string[];
};

/**
 * Fusion of a venue's evidence. Feed readings in the order of their time, then assess. It withholds no alarm: it raises
 * earlier and ranks, and the plain rules (fixed limits, a detector's own alarm) go on beside it.
 *
 * Whoever knows the places only as they report, as the centre does, puts {@link PlaceEvidence} together by itself.
 */
export class VenueFusion {
  readonly #places: readonly Place[];
  readonly #evidence: ReadonlyMap<string, PlaceEvidence>;
  readonly #placeOfSensor = new Map<string, PlaceEvidence>();

  /** Throws RangeError on a sensor that is in two places or a neighbour that does not exist. */
  constructor(places: readonly Place[]) {
    this.#places = places;
    this.#evidence = new Map(places.map(({ id }) => [id, new PlaceEvidence(id)]));
    for (const { id, neighbours, sensors } of places) {
      const stranger = neighbours.find((neighbour) => !this.#evidence.has(neighbour));
      if (stranger !== undefined) throw new RangeError(`place ${id}: neighbour ${stranger}, expected one of the venue`);
      const evidence = this.#of(id);
      for (const { id: sensor, modality } of sensors) {
        if (this.#placeOfSensor.has(sensor)) throw new RangeError(`sensor ${sensor}: occurs twice, expected one place`);
        evidence.add(sensor, modality);
        this.#placeOfSensor.set(sensor, evidence);
      }
    }
  }

  /** A reading at `at` (ms). Throws RangeError on a sensor that the venue does not have. */
  read(sensor: string, at: number, value: number): void {
    const evidence = this.#placeOfSensor.get(sensor);
    if (evidence === undefined) throw new RangeError(`sensor ${sensor}: not in this venue`);
    evidence.read(sensor, at, value);
  }

  /** Electrical evidence on a branch, at `at` (ms). */
  electrical(branch: string, kind: ElectricalKind, at: number): void {
    for (const { id, branches } of this.#places)
      if (branches.includes(branch)) this.#of(id).noteElectrical(branch, kind, at);
  }

  /** All places as they stand at `at` (ms, not before the last reading). */
  assess(at: number): readonly PlaceAssessment[] {
    return this.#places.map(({ id, neighbours }) =>
      this.#of(id).assess(
        at,
        neighbours.map((neighbour) => this.#of(neighbour)),
      ),
    );
  }

  #of(id: string): PlaceEvidence {
    const evidence = this.#evidence.get(id);
    if (evidence === undefined) throw new RangeError(`place ${id}: not in this venue`);
    return evidence;
  }
}
