import { BINS, distortionOf, magnitudeOf, VOLTAGE_IN_PHASE } from './harmonic-phasors.ts';
import { HIGHEST_HARMONIC } from './pair-harmonics.ts';

/** Voltage of one cycle, measured once for all currents beside it; written anew for each cycle. */
export class VoltageCycle {
  /** Rms, dc included. */
  rms = NaN;
  crestFactor = NaN;
  /** Whether there is a fundamental that phases can refer to; what follows is NaN without. */
  locked = false;
  fundamentalV = NaN;
  thdPct = NaN;
  /** Harmonics in phase and in quadrature, as the first half of the phasors of a reading. */
  readonly phasors = new Float64Array(2 * BINS);
  // The turn of the first harmonic to the phase of the fundamental, of length 1.
  #turnRe = NaN;
  #turnIm = NaN;
  #count = 0;

  measureWave(voltageV: Float64Array): void {
    const points = voltageV.length;
    let squares = 0;
    let peak = 0;
    for (let point = 0; point < points; point++) {
      const v = voltageV[point] as number;
      squares += v * v;
      // A NaN is passed over here, but not by the sum that the peak is divided by.
      if (v > peak) peak = v;
      else if (-v > peak) peak = -v;
    }
    this.rms = Math.sqrt(squares / points);
    this.crestFactor = peak / this.rms;
  }

  /** For a cycle without a phase. */
  unlock(): void {
    this.locked = false;
    this.fundamentalV = NaN;
    this.thdPct = NaN;
    this.phasors.fill(NaN);
  }

  /**
   * Takes the harmonics, as cosine and sine parts, of a cycle of `frameCount` frames. Not locked where the fundamental is
   * below `leastVoltageV`.
   */
  lock(cos: Float64Array, sin: Float64Array, frameCount: number, leastVoltageV: number): void {
    const cosine = cos[1] as number;
    const sine = sin[1] as number;
    const size = Math.sqrt(cosine * cosine + sine * sine);
    if (!(size >= leastVoltageV)) {
      this.unlock();
      return;
    }
    this.locked = true;
    // A tone at the Nyquist frequency itself is not measurable: its sine part is lost.
    this.#count = Math.min(HIGHEST_HARMONIC, Math.ceil(frameCount / 2) - 1);
    this.#turnRe = sine / size;
    this.#turnIm = -cosine / size;
    this.turn(cos, sin, this.phasors, VOLTAGE_IN_PHASE);
    this.fundamentalV = magnitudeOf(this.phasors, VOLTAGE_IN_PHASE + 1);
    this.thdPct = distortionOf(this.phasors, VOLTAGE_IN_PHASE);
  }

  /** Writes the harmonics of a signal of this cycle to `phasors`, referred to the phase of the voltage's fundamental. */
  turn(cos: Float64Array, sin: Float64Array, phasors: Float64Array, from: number): void {
    const count = this.#count;
    const re = this.#turnRe;
    const im = this.#turnIm;
    phasors[from] = cos[0] as number;
    phasors[from + BINS] = 0;
    // Harmonic h is turned h times as far as the fundamental is from zero.
    let turnRe = re;
    let turnIm = im;
    for (let h = 1; h <= count; h++) {
      const c = cos[h] as number;
      const s = sin[h] as number;
      phasors[from + h] = s * turnRe - c * turnIm;
      phasors[from + BINS + h] = c * turnRe + s * turnIm;
      const next = turnRe * re - turnIm * im;
      turnIm = turnRe * im + turnIm * re;
      turnRe = next;
    }
    for (let h = count + 1; h < BINS; h++) {
      phasors[from + h] = NaN;
      phasors[from + BINS + h] = NaN;
    }
  }
}
