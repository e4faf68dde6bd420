import type { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import type { DutySpec } from './course-spec.ts';

/** The thermostat inside a load: full power from cold, then on and off in turn. Asked with times that never fall. */
export class DutyCycle {
  readonly #spec: Required<DutySpec>;
  readonly #random: RandomStream;
  #isOn = true;
  #nextMs = 0;

  /** Throws RangeError naming the load, the field and the range expected. */
  constructor(place: string, spec: DutySpec, random: RandomStream) {
    this.#spec = { firstOnMs: spec.onMs, jitterRatio: 0.15, ...spec };
    const { onMs, offMs, firstOnMs, jitterRatio } = this.#spec;
    requireWithin(`${place}: duty.onMs`, onMs, 1, 1e8);
    requireWithin(`${place}: duty.offMs`, offMs, 1, 1e8);
    requireWithin(`${place}: duty.firstOnMs`, firstOnMs, 0, 1e8);
    requireWithin(`${place}: duty.jitterRatio`, jitterRatio, 0, 0.9);
    this.#random = random;
  }

  /** Starts from cold, or somewhere inside its turns when `isSettled`. */
  begin(isSettled: boolean): void {
    const { onMs, offMs, firstOnMs } = this.#spec;
    this.#isOn = true;
    this.#nextMs = firstOnMs;
    if (!isSettled) return;
    const offset = this.#random.between(0, onMs + offMs);
    this.#isOn = offset < onMs;
    this.#nextMs = this.#isOn ? onMs - offset : onMs + offMs - offset;
  }

  /** Whether it is on `elapsedMs` after `begin`. */
  isOn(elapsedMs: number): boolean {
    while (elapsedMs >= this.#nextMs) {
      this.#isOn = !this.#isOn;
      const { onMs, offMs, jitterRatio } = this.#spec;
      this.#nextMs += (this.#isOn ? onMs : offMs) * (1 + jitterRatio * this.#random.between(-1, 1));
    }
    return this.#isOn;
  }
}
