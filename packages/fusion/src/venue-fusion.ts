import {
  COUNTING_LLR,
  ELECTRICAL_DECAY_MS,
  NEIGHBOUR_MAX,
  NEIGHBOUR_SHARE,
  PRIOR_LOG_ODDS,
  WARNING_LOG_ODDS,
  electricalOdds,
  type ElectricalKind,
  type Modality,
} from './fire-evidence.ts';
import { SensorTrack, type SensorFault } from './sensor-track.ts';

/** A room or area: its neighbours through doors, its sensors and the branches that feed it. */
export type Place = {
  readonly id: string;
  readonly neighbours: readonly string[];
  readonly sensors: readonly { readonly id: string; readonly modality: Modality }[];
  readonly branches: readonly string[];
};

export type Stage = 'none' | 'attention' | 'warning' | 'alarm';

/** What made the log-odds: a sensor, electrical evidence of a branch, or a neighbour. `llr` is its part of the sum. */
export type Contribution = {
  readonly from: string;
  readonly modality: Modality | ElectricalKind | 'neighbour';
  readonly llr: number;
  readonly since?: number;
};

export type PlaceAssessment = {
  readonly place: string;
  readonly logOdds: number;
  readonly stage: Stage;
  readonly contributions: readonly Contribution[];
  /** The sensor that moved first, of those that count. */
  readonly firstOut?: string;
  readonly faults: readonly { readonly sensor: string; readonly fault: SensorFault }[];
};

type Sensor = { readonly id: string; readonly modality: Modality; readonly track: SensorTrack };
type Electrical = { readonly branch: string; readonly kind: ElectricalKind; readonly at: number };

/**
 * Log-odds of fire for each place of a venue. It raises earlier and ranks; it never withholds: the plain rules of every
 * detector go on beside it, and its silence is no reason to doubt theirs.
 */
export class VenueFusion {
  readonly #places: readonly Place[];
  readonly #sensors = new Map<string, Sensor>();
  #electrical: Electrical[] = [];

  /** Throws RangeError on a sensor that is in two places or a neighbour that does not exist. */
  constructor(places: readonly Place[]) {
    this.#places = places;
    const ids = new Set(places.map(({ id }) => id));
    for (const place of places) {
      const stranger = place.neighbours.find((id) => !ids.has(id));
      if (stranger !== undefined)
        throw new RangeError(`place ${place.id}: neighbour ${stranger}, expected one of the venue`);
      for (const { id, modality } of place.sensors) {
        if (this.#sensors.has(id)) throw new RangeError(`sensor ${id}: occurs twice, expected one place`);
        this.#sensors.set(id, { id, modality, track: new SensorTrack(modality) });
      }
    }
  }

  /** A reading at `at` (ms). Throws RangeError on a sensor that the venue does not have. */
  read(sensor: string, at: number, value: number): void {
    const known = this.#sensors.get(sensor);
    if (known === undefined) throw new RangeError(`sensor ${sensor}: not in this venue`);
    known.track.take(at, value);
  }

  /** Electrical evidence on a branch, at `at` (ms). */
  electrical(branch: string, kind: ElectricalKind, at: number): void {
    this.#electrical = this.#electrical.filter((one) => at - one.at < 10 * ELECTRICAL_DECAY_MS);
    this.#electrical.push({ branch, kind, at });
  }

  /** All places as they stand at `at` (ms, not before the last reading). */
  assess(at: number): readonly PlaceAssessment[] {
    const own = new Map(this.#places.map((place) => [place.id, this.#strongest(place, at)]));
    return this.#places.map((place) => {
      const mine = own.get(place.id) ?? [];
      const contributions = [
        ...mine,
        ...this.#electricalOf(place, at),
        ...spread(place, (neighbour) => own.get(neighbour) ?? []),
      ];
      const logOdds = contributions.reduce((sum, { llr }) => sum + llr, PRIOR_LOG_ODDS);
      const moved = mine.filter(({ llr }) => llr >= COUNTING_LLR);
      const isSure = place.sensors.some(({ id }) => this.#sensors.get(id)?.track.isBeyondDoubt);
      const firstOut = this.#firstOut(place, at);
      return {
        place: place.id,
        logOdds,
        stage: stageOf(logOdds, moved.length, isSure),
        contributions,
        ...(firstOut === undefined ? {} : { firstOut }),
        faults: place.sensors.flatMap(({ id }) => {
          const fault = this.#sensors.get(id)?.track.fault(at);
          return fault === undefined ? [] : [{ sensor: id, fault }];
        }),
      };
    });
  }

  /** Of each modality the strongest sensor: two of one kind err together, so they do not add up. */
  #strongest(place: Place, at: number): Contribution[] {
    const best = new Map<Modality, Contribution>();
    for (const { id, modality } of place.sensors) {
      const track = this.#sensors.get(id)?.track;
      const llr = track?.llr(at) ?? 0;
      if (track === undefined || llr <= (best.get(modality)?.llr ?? 0)) continue;
      best.set(modality, { from: id, modality, llr, ...(track.since === undefined ? {} : { since: track.since }) });
    }
    return [...best.values()];
  }

  #electricalOf(place: Place, at: number): Contribution[] {
    const all = this.#electrical
      .filter((one) => one.at <= at && place.branches.includes(one.branch))
      .map(({ branch, kind, at: since }) => {
        const llr = Math.log(electricalOdds[kind]) * Math.exp(-(at - since) / ELECTRICAL_DECAY_MS);
        return { from: branch, modality: kind, llr, since };
      });
    // The odds rise at most a hundredfold: what follows from one fault is one piece of evidence.
    return all.sort((a, b) => b.llr - a.llr).slice(0, 1);
  }

  #firstOut(place: Place, at: number): string | undefined {
    const counting = place.sensors.flatMap(({ id }) => {
      const track = this.#sensors.get(id)?.track;
      return track?.since !== undefined && track.llr(at) >= COUNTING_LLR ? [{ id, since: track.since }] : [];
    });
    return counting.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))[0]?.id;
  }
}

function spread(place: Place, of: (neighbour: string) => readonly Contribution[]): Contribution[] {
  return place.neighbours.flatMap((from) => {
    const llr = Math.min(NEIGHBOUR_MAX, NEIGHBOUR_SHARE * of(from).reduce((sum, one) => sum + one.llr, 0));
    return llr > 0 ? [{ from, modality: 'neighbour' as const, llr }] : [];
  });
}

function stageOf(logOdds: number, modalityCount: number, isSure: boolean): Stage {
  if (isSure || (logOdds >= 0 && modalityCount >= 2)) return 'alarm';
  if (logOdds >= WARNING_LOG_ODDS && modalityCount >= 1) return 'warning';
  return modalityCount >= 1 ? 'attention' : 'none';
}
