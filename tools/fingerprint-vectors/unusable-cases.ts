import type { SwitchedStates } from '../../packages/fingerprint/src/index.ts';
import type { VectorCase } from './vector-case.ts';

const POINTS = 128;
const angle = (point: number): number => (2 * Math.PI * point) / POINTS;
const sine = (peak: number): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, at) => peak * Math.sin(angle(at)));

const sound: SwitchedStates = {
  kind: 'on',
  before: { cycleCount: 10, voltageV: sine(311), currentA: sine(0) },
  after: { cycleCount: 10, voltageV: sine(311), currentA: sine(10) },
};

/** Inputs of which no fingerprint may be made, each for another reason. */
export function unusableCases(): VectorCase[] {
  const faulty: Readonly<Record<string, SwitchedStates>> = {
    'no voltage': withBoth({ voltageV: sine(5) }),
    'difference below 3 mA': { ...sound, after: { ...sound.after, currentA: sine(0.003) } },
    'difference within its noise': {
      ...sound,
      after: { ...sound.after, currentA: sine(0.1) },
      differenceErrorA: new Float64Array(POINTS).fill(0.2),
    },
    'no fundamental in the difference': {
      ...sound,
      after: {
        ...sound.after,
        currentA: Float64Array.from({ length: POINTS }, (_, at) => Math.sin(3 * angle(at))),
      },
    },
    'clipped current': {
      ...sound,
      after: { ...sound.after, currentA: sine(10).map((value) => Math.max(-7, Math.min(7, value))) },
    },
    'two cycles in all': {
      ...sound,
      before: { ...sound.before, cycleCount: 1 },
      after: { ...sound.after, cycleCount: 1 },
    },
    'a mean of no cycle': { ...sound, before: { ...sound.before, cycleCount: 0 } },
    'a sample that is no number': {
      ...sound,
      after: { ...sound.after, currentA: sine(10).map((value, at) => (at === 77 ? NaN : value)) },
    },
  };
  return Object.entries(faulty).map(([name, states], index) => ({
    id: `unusable-${index + 1}`,
    made: { kind: 'unusable', name },
    states,
  }));
}

function withBoth(part: { readonly voltageV: Float64Array }): SwitchedStates {
  return { ...sound, before: { ...sound.before, ...part }, after: { ...sound.after, ...part } };
}
