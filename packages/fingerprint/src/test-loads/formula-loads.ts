import { fingerprintOf } from '../current-fingerprint.ts';
import type { CurrentFingerprint } from '../current-fingerprint.ts';
import { featureVector } from '../feature-vector.ts';
import { createRandom } from '../learn/random.ts';
import type { LoadFamily } from '../load-family.ts';
import type { TrainingRow } from '../training/training-row.ts';

/** A device whose current is a formula: what tests learn from and recognise, without a simulator. */
export type FormulaDevice = {
  readonly family: LoadFamily;
  readonly type: string;
  /** Peak of the fundamental, A. */
  readonly peakA: number;
  /** Lag of the fundamental, rad. */
  readonly lagRad: number;
  /** Third and fifth harmonic over the fundamental, as sine parts. */
  readonly third: number;
  readonly fifth: number;
};

const POINTS = 128;

/** Types of formula loads; each draws its devices from ranges that do not overlap with the others'. */
export const FORMULA_TYPES = ['heater', 'lamp', 'pump', 'computer'] as const;

/** The `index`-th device of a type; same arguments, same device. */
export function formulaDevice(type: (typeof FORMULA_TYPES)[number], index: number): FormulaDevice {
  const random = createRandom(7000 + 97 * index + 13 * FORMULA_TYPES.indexOf(type));
  const between = (low: number, high: number): number => low + (high - low) * random();
  switch (type) {
    case 'heater':
      return { family: 'resistive', type, peakA: between(6, 14), lagRad: 0, third: 0, fifth: 0 };
    case 'lamp':
      return { family: 'resistive', type, peakA: between(0.15, 0.6), lagRad: 0, third: 0, fifth: 0 };
    case 'pump':
      return {
        family: 'motor',
        type,
        peakA: between(1, 6),
        lagRad: between(0.6, 1.1),
        third: between(-0.05, 0.05),
        fifth: 0,
      };
    case 'computer':
      return {
        family: 'electronic',
        type,
        peakA: between(0.5, 2),
        lagRad: -0.2,
        third: between(-0.9, -0.6),
        fifth: between(0.3, 0.5),
      };
  }
}

/** One switching-on of a device, with `noiseA` rms of white noise in the difference; `draw` numbers the switchings. */
export function formulaFingerprint(device: FormulaDevice, draw: number, noiseA = 0.004): CurrentFingerprint {
  const random = createRandom(31 * draw + Math.round(1e6 * device.peakA));
  const { peakA, lagRad, third, fifth } = device;
  const mainsPeakV = 311 * (0.95 + 0.1 * random());
  const wave = (theta: number): number =>
    (mainsPeakV / 311) * peakA * (Math.sin(theta - lagRad) + third * Math.sin(3 * theta) + fifth * Math.sin(5 * theta));
  // Uniform noise of the wanted rms: √12·σ wide.
  const noisy = (theta: number): number => wave(theta) + Math.sqrt(12) * noiseA * (random() - 0.5);
  const points = (of: (theta: number) => number): Float64Array =>
    Float64Array.from({ length: POINTS }, (_, point) => of((2 * Math.PI * point) / POINTS));
  const voltageV = points((theta) => mainsPeakV * Math.sin(theta));
  const fingerprint = fingerprintOf({
    kind: 'on',
    before: { cycleCount: 10, voltageV, currentA: new Float64Array(POINTS) },
    after: { cycleCount: 10, voltageV, currentA: points(noisy) },
    differenceErrorA: new Float64Array(POINTS).fill(noiseA),
  });
  if (fingerprint.kind !== 'fingerprint') throw new Error(fingerprint.reason);
  return fingerprint;
}

/** Rows of `deviceCount` devices per type, four switchings each. */
export function formulaRows(deviceCount: number): TrainingRow[] {
  return FORMULA_TYPES.flatMap((type) =>
    Array.from({ length: deviceCount }, (_, index) => formulaDevice(type, index)).flatMap((device, index) =>
      [0, 1, 2, 3].map((draw) => ({
        vector: featureVector(formulaFingerprint(device, draw)),
        type,
        family: device.family,
        group: `${type}/${index}`,
      })),
    ),
  );
}
