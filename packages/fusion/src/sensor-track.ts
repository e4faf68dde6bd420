import {
  ALONE_READINGS,
  BASELINE_MS,
  COUNTING_LLR,
  DECAY_MS,
  NOISE_MARGIN,
  NOISE_READINGS,
  REFERENCE_MS,
  STUCK_MS,
  evidenceLaws,
  logLikelihoodRatio,
  type EvidenceLaw,
  type Modality,
} from './fire-evidence.ts';

/** A sensor that fails slowly. It is a fault of its own and says nothing of fire while it lasts. */
export type SensorFault = 'drifting' | 'noisy' | 'stuck';

type Reading = { readonly at: number; readonly value: number };

/** What a track knows but for the last half minute of heat; plain JSON. Instants in ms, values in the modality's unit. */
export type SensorTrackState = {
  readonly last: Reading;
  readonly beforeLast: number;
  /** What it shows when nothing happens; and the same over days, against which it drifts. */
  readonly baseline: number;
  readonly reference: number;
  /** Mean deviation from reading to reading. */
  readonly noise: number;
  /** Evidence at the last reading, a log-likelihood ratio, and since when it counts. */
  readonly held: number;
  readonly since?: number;
  readonly aloneCount: number;
  readonly movedAt: number;
  readonly hasMoved: boolean;
};

/** One sensor against its own past: baseline, rise, evidence that fades, and whether it is failing. */
export class SensorTrack {
  readonly #law: EvidenceLaw;
  #state: SensorTrackState | undefined;
  readonly #window: Reading[] = [];

  constructor(modality: Modality, state?: SensorTrackState) {
    this.#law = evidenceLaws[modality];
    this.#state = state;
    if (state !== undefined) this.#window.push(state.last);
  }

  /** Undefined before the first reading. */
  get state(): SensorTrackState | undefined {
    return this.#state;
  }

  /** A reading at `at` (ms). Not finite, or not newer than the last: nothing happens. */
  take(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const before = this.#state;
    if (before === undefined) {
      this.#state = begun({ at, value });
      this.#window.push({ at, value });
      return;
    }
    const passedMs = at - before.last.at;
    if (passedMs <= 0) return;
    const rise = this.#rise(at, value, before) - NOISE_MARGIN * before.noise;
    // The second difference: a reading that swings back is noise, one that goes on is a rise.
    const jump = Math.abs(value - 2 * before.last.value + before.beforeLast) / Math.sqrt(6);
    const moved = value !== before.last.value;
    const told: SensorTrackState = {
      ...before,
      noise: before.noise + (jump - before.noise) / NOISE_READINGS,
      ...(moved && { movedAt: at, hasMoved: true }),
    };
    const isSound = this.#faultOf(told, at) === undefined;
    const held = Math.max(isSound ? logLikelihoodRatio(rise, this.#law) : 0, faded(before, at));
    const { since: _before, ...rest } = told;
    this.#state = {
      ...rest,
      last: { at, value },
      beforeLast: before.last.value,
      held,
      ...(held >= COUNTING_LLR && { since: before.held >= COUNTING_LLR ? (before.since ?? at) : at }),
      aloneCount: isSound && rise >= this.#law.aloneRise ? before.aloneCount + 1 : 0,
      // What counts as evidence is not what is usual: smoke that stays for an hour is still smoke.
      baseline: towards(before.baseline, value, passedMs / (held >= COUNTING_LLR ? REFERENCE_MS : BASELINE_MS)),
      reference: towards(before.reference, value, passedMs / REFERENCE_MS),
    };
  }

  /** Evidence left at `at`, as a log-likelihood ratio. */
  llr(at: number): number {
    return this.#state === undefined ? 0 : faded(this.#state, at);
  }

  /** Evidence as of its own last reading. */
  get llrAtLast(): number {
    return this.#state?.held ?? 0;
  }

  /** Since when the sensor counts as evidence. */
  get since(): number | undefined {
    return this.#state?.since;
  }

  /** Whether it needs no second modality. */
  get isBeyondDoubt(): boolean {
    return (this.#state?.aloneCount ?? 0) >= ALONE_READINGS;
  }

  fault(at: number): SensorFault | undefined {
    return this.#state === undefined ? undefined : this.#faultOf(this.#state, at);
  }

  #faultOf({ noise, last, baseline, reference, hasMoved, movedAt }: SensorTrackState, at: number) {
    if (noise > this.#law.noiseLimit && Math.abs(last.value - baseline) < NOISE_MARGIN * noise) return 'noisy';
    if (Math.abs(baseline - reference) > this.#law.driftLimit) return 'drifting';
    return hasMoved && at - movedAt > STUCK_MS ? 'stuck' : undefined;
  }

  #rise(at: number, value: number, { baseline }: SensorTrackState): number {
    const { windowMs } = this.#law;
    if (windowMs === undefined) return value - baseline;
    const beginsAt = at - windowMs;
    this.#window.push({ at, value });
    while ((this.#window[1]?.at ?? Infinity) <= beginsAt) this.#window.shift();
    return value - Math.min(valueAt(beginsAt, this.#window), ...this.#window.slice(1).map((one) => one.value));
  }
}

const begun = (last: Reading): SensorTrackState => ({
  last,
  beforeLast: last.value,
  baseline: last.value,
  reference: last.value,
  noise: 0,
  held: 0,
  aloneCount: 0,
  movedAt: last.at,
  hasMoved: false,
});

const faded = ({ held, last }: SensorTrackState, at: number): number =>
  held * Math.exp(-Math.max(0, at - last.at) / DECAY_MS);

const towards = (from: number, to: number, timeConstants: number): number =>
  from - (to - from) * Math.expm1(-timeConstants);

/**
 * Between the first two readings at `at`; the first one where it is not before. A detector that reports every minute
 * has no reading at the beginning of a window of half a minute: half of its rise counts.
 */
function valueAt(at: number, [first, second]: readonly Reading[]): number {
  if (first === undefined) return NaN;
  if (second === undefined || first.at >= at) return first.value;
  return first.value + ((second.value - first.value) * (at - first.at)) / (second.at - first.at);
}
