import type { GradedLimit } from '../graded-hazard.ts';

/** κ of a contact that was found sound, frozen: what every later one is compared with. */
export type ContactCommissioning = {
  readonly kappaKPerA2: number;
  readonly standardError: number;
  /** Time constant that fitted best then, s. */
  readonly tauS: number;
  /** Epoch ms. */
  readonly frozenAt: number;
};

export type ContactHeatingSettings = {
  /** Prefix of the temperature point on the terminal: `t1`. */
  readonly point: string;
  /** Prefix of the circuit whose current flows through it: `c1`. */
  readonly circuit: string;
  /** Rated current of the circuit, A; without it nothing is said about the rise at rated current. */
  readonly ratedA?: number;
  /** Thermal time constants to choose from, s; the one that fits best is used. */
  readonly tauBankS?: readonly number[];
  /** Least time of learning before the commissioning value is frozen, ms. */
  readonly commissioningMs?: number;
  /** A commissioning value from records; learning is then not needed. */
  readonly commissioning?: ContactCommissioning;
  /** Default: `defaultContactLimits`. */
  readonly limits?: readonly GradedLimit[];
};

/**
 * 15 s to 16 min: a loose contact heats a few grams of brass, a sound terminal of a 63 A breaker a quarter of a kilogram
 * and its cable. Half octaves: a constant 40 % off leaves errors at each change of load that look like a new contact.
 */
export const defaultTauBankS: readonly number[] = [15, 22, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960];
export const defaultCommissioningMs = 7 * 86_400_000;

/** @throws RangeError naming everything that is wrong. */
export function requireContactSettings(settings: ContactHeatingSettings): void {
  const { point, circuit, ratedA, tauBankS = defaultTauBankS, commissioning } = settings;
  const problems: string[] = [];
  const expect = (holds: boolean, what: string, value: unknown, expectation: string): void => {
    if (!holds) problems.push(`contact heating of "${point}": ${what} is ${String(value)}: expected ${expectation}`);
  };
  expect(/^[^.*]+$/.test(point), 'point', point, 'a prefix of points such as t1');
  expect(/^[^.*]+$/.test(circuit), 'circuit', circuit, 'a prefix of points such as c1');
  expect(ratedA === undefined || isPositive(ratedA), 'ratedA', ratedA, 'a rated current above 0 A');
  expect(
    tauBankS.length > 0 && tauBankS.every((tauS) => tauS >= 10 && tauS <= 7_200),
    'tauBankS',
    tauBankS,
    'time constants from 10 to 7200 s',
  );
  const { commissioningMs = defaultCommissioningMs } = settings;
  expect(commissioningMs > 0, 'commissioningMs', commissioningMs, 'milliseconds above 0');
  if (commissioning !== undefined) {
    const { kappaKPerA2, standardError, frozenAt } = commissioning;
    expect(isPositive(kappaKPerA2), 'commissioning.kappaKPerA2', kappaKPerA2, 'K/A² above 0');
    expect(standardError >= 0, 'commissioning.standardError', standardError, 'K/A² from 0');
    expect(Number.isFinite(frozenAt), 'commissioning.frozenAt', frozenAt, 'an instant in epoch ms');
  }
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
