import type { RandomStream } from '../random/random-stream.ts';
import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';
import { nearNormal } from './near-normal.ts';

/** Scatter of the firing instant of a speed control, in turns of a half-wave: 15 µs at 50 Hz. */
const JITTER_TURNS = 0.0015;

/** Share of the inductance that lies in the field's iron and saturates with it; the rest is the armature's and stray. */
export const FIELD_SHARE = 0.5;

export type BrushMotorParts = {
  /** Windings, ohm and henry, before saturation. */
  readonly ohm: number;
  readonly henry: number;
  /** Voltage per ampere that the rotation induces at full speed and small current, ohm. */
  readonly rotationOhm: number;
  /** Current at which iron saturation halves the square of that, A. */
  readonly saturationA: number;
  /** Relative scatter of the resistance from one commutator bar to the next. */
  readonly noiseRatio: number;
  readonly commutationHz: number;
  /** Bars of the commutator: one turn of the shaft. */
  readonly barCount: number;
};

/**
 * Universal motor: field and armature in series, so the induced voltage is in phase with the current and acts as a
 * resistance that grows with the speed and falls as the iron saturates (which makes the current pointed: third harmonic).
 * The same flux i / √(1 + (i / i_s)²) links the field winding, whose inductance falls with its slope.
 * The brushes redraw the resistance at every commutator bar. `firingAngleDeg` > 0: a triac in series.
 */
export class BrushMotor extends ElementCore {
  /** 0 at rest … 1 at full speed; set by the owner. */
  speedRatio = 0;
  /** Delay of the triac after the voltage's zero, degrees; 0 = none. */
  firingAngleDeg = 0;
  readonly #parts: BrushMotorParts;
  readonly #henryPerStep: number;
  readonly #barsPerStep: number;
  readonly #perSaturationSquared: number;
  readonly #random: RandomStream;
  #barPosition = 0;
  #shaftTurns = 0;
  #noise = 1;
  #lastTurns = 1;
  #jitterTurns = 0;
  #isFired = true;
  #isOpening = false;

  constructor(stepS: number, parts: BrushMotorParts, random: RandomStream) {
    super(true);
    this.#parts = parts;
    this.#henryPerStep = parts.henry / stepS;
    this.#barsPerStep = parts.commutationHz * stepS;
    this.#perSaturationSquared = 1 / parts.saturationA ** 2;
    this.#random = random;
  }

  prepare({ phaseTurns, voltageV: lastV }: ElementNode): void {
    const share = this.firingAngleDeg > 0 ? this.#conductingShare(phaseTurns) : 1;
    if (share === 0) {
      this.port.conductance = 0;
      this.port.sourceA = 0;
      return;
    }
    this.#commutate();
    const { port } = this;
    const { ohm, rotationOhm } = this.#parts;
    const saturated = 1 / Math.sqrt(1 + port.currentA * port.currentA * this.#perSaturationSquared);
    const inductive = 2 * this.#henryPerStep * (1 - FIELD_SHARE + FIELD_SHARE * saturated * saturated * saturated);
    const total = (ohm + rotationOhm * this.speedRatio * saturated) * this.#noise;
    // Trapezoidal rule; the step in which the triac fires carries current for a part of its length only.
    const gain = share / (inductive + total * share);
    port.conductance = gain;
    port.sourceA = port.currentA + gain * (lastV - 2 * total * port.currentA);
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const after = port.conductance * v + port.sourceA;
    const isZero = after * port.currentA < 0;
    if (isZero && this.firingAngleDeg > 0) this.#isFired = false;
    // A triac holds until the current's zero, and so does the arc of a switch.
    const ends = isZero && (this.firingAngleDeg > 0 || this.#isOpening);
    port.currentA = ends ? 0 : after;
    if (this.#isOpening && port.currentA === 0) port.isActive = false;
  }

  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.port.currentA = 0;
    this.#isFired = false;
    this.#lastTurns = 1;
  }

  open(): void {
    this.#isOpening = true;
  }

  #commutate(): void {
    this.#barPosition += this.#barsPerStep * (0.05 + 0.95 * this.speedRatio);
    if (this.#barPosition < 1) return;
    this.#barPosition -= Math.floor(this.#barPosition);
    const { noiseRatio, barCount } = this.#parts;
    this.#shaftTurns = (this.#shaftTurns + 1 / barCount) % 1;
    // The commutator is never quite round: a part of the scatter comes back with every turn of the shaft.
    const scatter = nearNormal(this.#random) + 0.4 * Math.sin(2 * Math.PI * this.#shaftTurns);
    // Never below a fifth: the brush keeps touching at least one bar.
    this.#noise = Math.max(0.2, 1 + noiseRatio * scatter);
  }

  /** Part of this step in which the triac conducts. */
  #conductingShare(phaseTurns: number): number {
    const half = phaseTurns >= 0.5 ? phaseTurns * 2 - 1 : phaseTurns * 2;
    const last = this.#lastTurns;
    this.#lastTurns = half;
    if (this.#isFired) return 1;
    if (half < last) this.#jitterTurns = JITTER_TURNS * nearNormal(this.#random);
    const firing = this.firingAngleDeg / 180 + this.#jitterTurns;
    if (half < firing || this.#isOpening) return 0;
    this.#isFired = true;
    const advance = half - last + (half < last ? 1 : 0);
    return advance > 0 ? Math.min(1, Math.max(0.02, (half - firing) / advance)) : 1;
  }
}
