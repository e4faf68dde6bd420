import {
  ALONE_READINGS,
  BASELINE_MS,
  COUNTING_LLR,
  DECAY_MS,
  NOISE_MARGIN,
  STUCK_MS,
  evidenceLaws,
  logLikelihoodRatio,
  type EvidenceLaw,
  type Modality,
} from './fire-evidence.ts';

/** A sensor that fails slowly. It is a fault of its own and says nothing of fire while it lasts. */
export type SensorFault = 'drifting' | 'noisy' | 'stuck';

/** One sensor against its own past: baseline, rise, evidence that fades, and whether it is failing. */
export class SensorTrack {
  readonly #law: EvidenceLaw;
  #first: number | undefined;
  #baseline = 0;
  #beforeLast: number | undefined;
  #last = 0;
  #lastAt = 0;
  #movedAt = 0;
  #hasMoved = false;
  #noise = 0;
  #held = 0;
  #aloneCount = 0;
  #since: number | undefined;
  readonly #window: { readonly at: number; readonly value: number }[] = [];

  constructor(modality: Modality) {
    this.#law = evidenceLaws[modality];
  }

  /** A reading at `at` (ms). Not finite, or not newer than the last: nothing happens. */
  take(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.#first === undefined) {
      this.#first = this.#baseline = this.#last = value;
      this.#lastAt = this.#movedAt = at;
      this.#window.push({ at, value });
      return;
    }
    const passedMs = at - this.#lastAt;
    if (passedMs <= 0) return;
    const wasQuiet = this.#held < COUNTING_LLR;
    const rise = this.#rise(at, value) - NOISE_MARGIN * this.#noise;
    // The second difference: a reading that swings back is noise, one that goes on is a rise.
    const jump = Math.abs(value - 2 * this.#last + (this.#beforeLast ?? this.#last)) / Math.sqrt(6);
    this.#noise += (jump - this.#noise) * -Math.expm1(-passedMs / DECAY_MS);
    if (value !== this.#last) [this.#movedAt, this.#hasMoved] = [at, true];
    const now = this.fault(at) === undefined ? logLikelihoodRatio(rise, this.#law) : 0;
    this.#held = Math.max(now, this.#held * Math.exp(-passedMs / DECAY_MS));
    this.#aloneCount = rise >= this.#law.aloneRise && this.fault(at) === undefined ? this.#aloneCount + 1 : 0;
    if (this.#held < COUNTING_LLR) this.#since = undefined;
    else if (wasQuiet) this.#since = at;
    this.#baseline += (value - this.#baseline) * -Math.expm1(-passedMs / BASELINE_MS);
    this.#beforeLast = this.#last;
    this.#last = value;
    this.#lastAt = at;
  }

  /** Evidence left at `at`, as a log-likelihood ratio. */
  llr(at: number): number {
    return this.#held * Math.exp(-Math.max(0, at - this.#lastAt) / DECAY_MS);
  }

  /** Since when the sensor counts as evidence. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Whether it needs no second modality. */
  get isBeyondDoubt(): boolean {
    return this.#aloneCount >= ALONE_READINGS;
  }

  fault(at: number): SensorFault | undefined {
    if (this.#noise > this.#law.noiseLimit && Math.abs(this.#last - this.#baseline) < 4 * this.#noise) return 'noisy';
    if (Math.abs(this.#baseline - (this.#first ?? this.#baseline)) > this.#law.driftLimit) return 'drifting';
    if (this.#hasMoved && at - this.#movedAt > STUCK_MS) return 'stuck';
    return undefined;
  }

  #rise(at: number, value: number): number {
    const { windowMs } = this.#law;
    if (windowMs === undefined) return value - this.#baseline;
    this.#window.push({ at, value });
    while (this.#window.length > 1 && at - (this.#window[0]?.at ?? at) > windowMs) this.#window.shift();
    return value - Math.min(...this.#window.map((reading) => reading.value));
  }
}
