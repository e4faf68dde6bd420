import {
  createRecogniser,
  fingerprintOf,
  type CurrentFingerprint,
  type EnrolledDevices,
  type LoadFamily,
  type RecognitionModel,
} from '@fengsui/fingerprint';

/** A load whose current is a formula, and the families a model may take it for. */
type GoldenLoad = {
  readonly name: string;
  readonly families: readonly LoadFamily[];
  /** Peak of the fundamental, A; its lag, rad; third and fifth harmonic over it, as sine parts. */
  readonly peakA: number;
  readonly lagRad: number;
  readonly third: number;
  readonly fifth: number;
};

/**
 * What every model must tell, whatever it was trained on: a heater is resistive, a bridge with a capacitor is not. The
 * formulas are those of textbooks, not recordings: no model was trained on them.
 */
const goldenLoads: readonly GoldenLoad[] = [
  { name: 'heater 2 kW', families: ['resistive'], peakA: 12.9, lagRad: 0, third: 0, fifth: 0 },
  { name: 'heater 1 kW', families: ['resistive'], peakA: 6.4, lagRad: 0, third: 0, fifth: 0 },
  { name: 'rectifier 90 W', families: ['electronic', 'charger'], peakA: 0.6, lagRad: -0.15, third: -0.8, fifth: 0.5 },
];

const POINTS = 128;
const MAINS_PEAK_V = 311;
const NOISE_A = 0.004;

/**
 * Tries a model on loads whose family is known, and with what was taught on site.
 *
 * @returns undefined when it passes, otherwise what it got wrong.
 */
export function goldenProblem(model: RecognitionModel, enrolled: readonly EnrolledDevices[]): string | undefined {
  try {
    const recogniser = createRecogniser(model);
    for (const load of goldenLoads) {
      const { families } = recogniser.recognise(fingerprintOfLoad(load));
      const [best] = families;
      const sum = families.reduce((total, { probability }) => total + probability, 0);
      if (!(sum > 0 && sum <= 1 + 1e-6)) return `${load.name}: probabilities add up to ${sum}`;
      if (best === undefined || !load.families.includes(best.family))
        return `${load.name}: taken for ${best?.family ?? 'nothing'}, expected ${load.families.join(' or ')}`;
    }
    // What was taught must go on with it: it is kept as it is.
    for (const taught of enrolled) createRecogniser(model, taught);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fingerprintOfLoad({ peakA, lagRad, third, fifth }: GoldenLoad): CurrentFingerprint {
  const points = (of: (theta: number, point: number) => number): Float64Array =>
    Float64Array.from({ length: POINTS }, (_, point) => of((2 * Math.PI * point) / POINTS, point));
  const voltageV = points((theta) => MAINS_PEAK_V * Math.sin(theta));
  // The noise of a sampler, by a rule instead of by chance: the same fingerprint every time.
  const noise = (point: number): number => NOISE_A * Math.sin(1 + point * point * 0.7);
  const currentA = points(
    (theta, point) =>
      peakA * (Math.sin(theta - lagRad) + third * Math.sin(3 * theta) + fifth * Math.sin(5 * theta)) + noise(point),
  );
  const fingerprint = fingerprintOf({
    kind: 'on',
    before: { cycleCount: 10, voltageV, currentA: new Float64Array(POINTS) },
    after: { cycleCount: 10, voltageV, currentA },
    differenceErrorA: new Float64Array(POINTS).fill(NOISE_A),
  });
  if (fingerprint.kind !== 'fingerprint') throw new Error(`no fingerprint of a formula: ${fingerprint.reason}`);
  return fingerprint;
}
