import type { RandomStream } from '../random/random-stream.ts';

/** The converter in front of the terminal. `noiseLsb`: rms noise in units of the last bit (default 0.7). */
export type ConverterSpec = {
  readonly kind: 'quantised';
  /** 8 … 24, default 16. */
  readonly bits?: number;
  readonly noiseLsb?: number;
};

/** Adds noise, rounds to the last bit and clips at ±`fullScale`. */
export class Converter {
  readonly #random: RandomStream;
  readonly #lsb: number;
  readonly #perLsb: number;
  /** For a sum of four bytes. */
  readonly #noise: number;
  readonly #maxCode: number;

  constructor(spec: ConverterSpec, fullScale: number, random: RandomStream) {
    const bits = spec.bits ?? 16;
    if (!Number.isInteger(bits) || bits < 8 || bits > 24) {
      throw new RangeError(`converter: bits is ${bits}, expected an integer from 8 to 24`);
    }
    this.#maxCode = 2 ** (bits - 1) - 1;
    this.#lsb = fullScale / this.#maxCode;
    this.#perLsb = 1 / this.#lsb;
    this.#noise = (spec.noiseLsb ?? 0.7) / BYTE_SUM_DEVIATION;
    this.#random = random;
  }

  convert(value: number): number {
    // Not `Math.round`: its branch on the fraction, which is noise here, is guessed wrong every other time (16 ns, not 6).
    const code = Math.floor(value * this.#perLsb + this.#noise * this.#byteSum() + 0.5);
    return Math.max(-this.#maxCode, Math.min(this.#maxCode, code)) * this.#lsb;
  }

  /** `values[from … until − 1]`, in place. */
  convertAll(values: Float64Array, from = 0, until = values.length): void {
    for (let n = from; n < until; n++) values[n] = this.convert(values[n] as number);
  }

  /** The sum of the four bytes of one draw about its mean: nearly normal, and one draw per sample keeps the board cheap. */
  #byteSum(): number {
    const draw = this.#random.nextUint32();
    return (draw & 255) + ((draw >>> 8) & 255) + ((draw >>> 16) & 255) + (draw >>> 24) - 510;
  }
}

/** Standard deviation of the sum of four independent uniform bytes. */
const BYTE_SUM_DEVIATION = Math.sqrt((4 * (256 ** 2 - 1)) / 12);
