import type { ChargerSpec } from '../load/charger-spec.ts';
import type { LoadPhysics } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { around, chance, logBetween } from './draw.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Flyback or half-bridge behind a bridge and a capacitor, with the spread of makes. */
function converter(random: RandomStream, powerW: number): Partial<ChargerSpec> {
  const seriesOhm = around(random, Math.min(12, 0.8 + 220 / powerW), 0.3);
  return {
    capacitanceUfPerW: logBetween(random, 0.7, 1.8),
    seriesOhm,
    seriesH: logBetween(random, 0.2e-3, 1.2e-3),
    // NTC when cold: 20 … 60 A of inrush at the voltage's peak.
    coldSeriesOhm: seriesOhm + logBetween(random, 2, 9),
    softStartMs: logBetween(random, 300, 1000),
    filterUf: logBetween(random, 0.05, 0.47),
  };
}

function course(random: RandomStream, chemistry: 'leadAcid' | 'lithium'): Partial<ChargerSpec> {
  const isLithium = chemistry === 'lithium';
  return {
    chemistry,
    // Plugged in with whatever is left in the battery.
    constantCurrentMs: random.between(isLithium ? 0.5 : 1, isLithium ? 5 : 8) * HOUR_MS,
    riseRatio: random.between(1.05, 1.12),
    tailMs: (isLithium ? random.between(15, 45) : random.between(40, 90)) * MINUTE_MS,
    floatW: isLithium ? random.between(0.5, 3) : random.between(5, 15),
    isAged: chance(random, 0.06),
  };
}

export function sampleEBikeCharger(random: RandomStream): LoadPhysics {
  const isLithium = chance(random, 0.45);
  const isFast = isLithium && chance(random, 0.45);
  const powerW = isFast ? logBetween(random, 300, 610) : logBetween(random, 90, isLithium ? 240 : 350);
  const base = { kind: 'eBikeCharger', powerW, ...course(random, isLithium ? 'lithium' : 'leadAcid') } as const;
  const hasPfc = powerW > 200 && chance(random, 0.25);
  const chemistry = isLithium ? 'lithium' : 'leadAcid';
  if (hasPfc) return { ...base, chemistry, hasPfc, softStartMs: logBetween(random, 300, 1000) };
  return { ...base, chemistry, ...converter(random, powerW) };
}

export function sampleScooterCharger(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 65, 220);
  return { kind: 'charger', powerW, ...course(random, 'lithium'), chemistry: 'lithium', ...converter(random, powerW) };
}

export function sampleToolCharger(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 45, 220);
  const short = { constantCurrentMs: random.between(10, 60) * MINUTE_MS, tailMs: random.between(5, 20) * MINUTE_MS };
  return {
    kind: 'charger',
    powerW,
    ...course(random, 'lithium'),
    chemistry: 'lithium',
    ...converter(random, powerW),
    ...short,
  };
}
