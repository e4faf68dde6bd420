import type { ChargerSpec, LoadSpec, RandomStream } from '@fengsui/city';

const HOUR_MS = 3_600_000;

/**
 * Charger models of the judges' makes: circuit parameters drawn beside the ranges of city's own population (which the
 * recogniser was developed with): less or more storage, more resistance and inductance, slower soft starts, powers of
 * 90 … 620 W. One in eight of those above 200 W corrects its power factor.
 */
export function unseenCharger(random: RandomStream, id: string): LoadSpec & ChargerSpec {
  const chemistry = random.between(0, 1) < 0.5 ? ('lithium' as const) : ('leadAcid' as const);
  const isFast = chemistry === 'lithium' && random.between(0, 1) < 0.4;
  const powerW = isFast ? logBetween(random, 280, 620) : logBetween(random, 90, 380);
  const base = {
    id,
    kind: 'eBikeCharger' as const,
    powerW,
    chemistry,
    // One in twelve is plugged in with the battery nearly full.
    constantCurrentMs: random.between(0, 12) < 1 ? 0 : random.between(0.7, 8) * HOUR_MS,
    riseRatio: random.between(1.05, 1.12),
    tailMs: random.between(15, 90) * 60_000,
    isAged: random.between(0, 1) < 0.05,
  };
  if (powerW > 200 && random.between(0, 8) < 1)
    return { ...base, hasPfc: true, softStartMs: random.between(500, 2000) };
  const seriesOhm = Math.min(14, (0.8 + 220 / powerW) * random.between(1.3, 2));
  return {
    ...base,
    capacitanceUfPerW: random.between(0, 1) < 0.5 ? random.between(0.5, 0.7) : random.between(1.8, 2.6),
    seriesOhm,
    seriesH: logBetween(random, 1.2e-3, 3e-3),
    coldSeriesOhm: seriesOhm + random.between(4, 20),
    softStartMs: random.between(1000, 2000),
    filterUf: random.between(0.02, 0.6),
  };
}

function logBetween(random: RandomStream, low: number, high: number): number {
  return low * (high / low) ** random.between(0, 1);
}
