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
import { SensorTrack, type SensorFault, type SensorTrackState } from './sensor-track.ts';

export type Stage = 'none' | 'attention' | 'warning' | 'alarm';

/** What made the log-odds: a sensor, electrical evidence of a branch, or a neighbour. `llr` is its part of the sum. */
export type Contribution = {
  readonly from: string;
  readonly modality: Modality | ElectricalKind | 'neighbour';
  readonly llr: number;
  /** Since when it counts, ms. */
  readonly since?: number;
};

export type PlaceAssessment = {
  readonly place: string;
  readonly logOdds: number;
  readonly stage: Stage;
  readonly contributions: readonly Contribution[];
  /** The sensor that moved first, of those that count now. */
  readonly firstOut?: string;
  readonly faults: readonly { readonly sensor: string; readonly fault: SensorFault }[];
};

/** Plain JSON, for who must go on after a restart. */
export type PlaceEvidenceState = {
  readonly sensors: Readonly<Record<string, { readonly modality: Modality; readonly track: SensorTrackState }>>;
  readonly electrical: readonly ElectricalFinding[];
};

type ElectricalFinding = { readonly branch: string; readonly kind: ElectricalKind; readonly at: number };
type Sensor = { readonly modality: Modality; readonly track: SensorTrack };

/** All that is known of one place: its sensors, each against its own past, and what its branches have shown. */
export class PlaceEvidence {
  readonly id: string;
  readonly #sensors = new Map<string, Sensor>();
  #electrical: readonly ElectricalFinding[];

  constructor(id: string, state: PlaceEvidenceState = { sensors: {}, electrical: [] }) {
    this.id = id;
    this.#electrical = state.electrical;
    for (const [sensor, { modality, track }] of Object.entries(state.sensors))
      this.#sensors.set(sensor, { modality, track: new SensorTrack(modality, track) });
  }

  get state(): PlaceEvidenceState {
    const sensors = [...this.#sensors].flatMap(([id, { modality, track }]) =>
      track.state === undefined ? [] : [[id, { modality, track: track.state }] as const],
    );
    return { sensors: Object.fromEntries(sensors), electrical: this.#electrical };
  }

  has(sensor: string): boolean {
    return this.#sensors.has(sensor);
  }

  add(sensor: string, modality: Modality): void {
    if (!this.#sensors.has(sensor)) this.#sensors.set(sensor, { modality, track: new SensorTrack(modality) });
  }

  remove(sensor: string): void {
    this.#sensors.delete(sensor);
  }

  /** A reading at `at` (ms) of a sensor that was added. True when it counts as evidence by now. */
  read(sensor: string, at: number, value: number): boolean {
    const track = this.#sensors.get(sensor)?.track;
    if (track === undefined) throw new RangeError(`sensor ${sensor}: not in place ${this.id}`);
    track.take(at, value);
    return track.isBeyondDoubt || track.llr(at) >= COUNTING_LLR;
  }

  /** Electrical evidence on one of its branches, at `at` (ms). */
  noteElectrical(branch: string, kind: ElectricalKind, at: number): void {
    const kept = this.#electrical.filter(
      (one) => at - one.at < 10 * ELECTRICAL_DECAY_MS && (one.branch !== branch || one.kind !== kind),
    );
    this.#electrical = [...kept, { branch, kind, at }];
  }

  /** Whether no sensor of these counts any more by its own newest reading. One that fell silent stays what it said. */
  isCalm(sensors: readonly string[]): boolean {
    return sensors.every((id) => {
      const track = this.#sensors.get(id)?.track;
      return track === undefined || (!track.isBeyondDoubt && track.llrAtLast < COUNTING_LLR);
    });
  }

  /** Of each modality the strongest sensor: two of one kind err together, so they do not add up. */
  strongest(at: number): Contribution[] {
    const best = new Map<Modality, Contribution>();
    for (const [id, { modality, track }] of this.#sensors) {
      const llr = track.llr(at);
      if (llr <= (best.get(modality)?.llr ?? 0)) continue;
      best.set(modality, { from: id, modality, llr, ...(track.since === undefined ? {} : { since: track.since }) });
    }
    return [...best.values()];
  }

  /** How a sensor failed at its last reading; undefined for one that is sound, or is not here. */
  faultOf(sensor: string): SensorFault | undefined {
    const track = this.#sensors.get(sensor)?.track;
    return track?.state === undefined ? undefined : track.fault(track.state.last.at);
  }

  /** As it stands at `at` (ms), with what its neighbours have. */
  assess(at: number, neighbours: Iterable<PlaceEvidence>): PlaceAssessment {
    const own = this.strongest(at);
    const contributions = [...own, ...this.#electricalAt(at), ...strongestNeighbour(neighbours, at)];
    const logOdds = contributions.reduce((sum, { llr }) => sum + llr, PRIOR_LOG_ODDS);
    const modalityCount = own.filter(({ llr }) => llr >= COUNTING_LLR).length;
    const isSure = [...this.#sensors.values()].some(({ track }) => track.isBeyondDoubt);
    const firstOut = this.#firstOut(at);
    return {
      place: this.id,
      logOdds,
      stage: stageOf(logOdds, modalityCount, isSure),
      contributions,
      ...(firstOut === undefined ? {} : { firstOut }),
      faults: [...this.#sensors].flatMap(([sensor, { track }]) => {
        const fault = track.fault(at);
        return fault === undefined ? [] : [{ sensor, fault }];
      }),
    };
  }

  #electricalAt(at: number): Contribution[] {
    const all = this.#electrical
      .filter((one) => one.at <= at)
      .map(({ branch, kind, at: since }) => {
        const llr = Math.log(electricalOdds[kind]) * Math.exp(-(at - since) / ELECTRICAL_DECAY_MS);
        return { from: branch, modality: kind, llr, since };
      });
    // The odds rise at most a hundredfold: what follows from one fault is one piece of evidence.
    return all.sort((a, b) => b.llr - a.llr).slice(0, 1);
  }

  #firstOut(at: number): string | undefined {
    const counting = [...this.#sensors].flatMap(([id, { track }]) =>
      track.since !== undefined && (track.isBeyondDoubt || track.llr(at) >= COUNTING_LLR)
        ? [{ id, since: track.since }]
        : [],
    );
    return counting.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))[0]?.id;
  }
}

/** The one that says most: a floor of a hundred rooms where people cook must not add up to a fire in one of them. */
function strongestNeighbour(neighbours: Iterable<PlaceEvidence>, at: number): Contribution[] {
  let best: Contribution | undefined;
  for (const neighbour of neighbours) {
    const sum = neighbour.strongest(at).reduce((total, { llr }) => total + llr, 0);
    const llr = Math.min(NEIGHBOUR_MAX, NEIGHBOUR_SHARE * sum);
    if (llr > (best?.llr ?? 0)) best = { from: neighbour.id, modality: 'neighbour', llr };
  }
  return best === undefined ? [] : [best];
}

function stageOf(logOdds: number, modalityCount: number, isSure: boolean): Stage {
  if (isSure || (logOdds >= 0 && modalityCount >= 2)) return 'alarm';
  if (logOdds >= WARNING_LOG_ODDS && modalityCount >= 1) return 'warning';
  return modalityCount >= 1 ? 'attention' : 'none';
}
