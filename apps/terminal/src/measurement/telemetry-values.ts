import type { MeanReading } from '@fengsui/signal';

/** Values of points, all finite: what is not known is absent. */
export type TelemetryValues = Readonly<Record<string, number>>;

/** The points of one circuit (design.md 5.5) out of its reading over the interval and its energy counter. */
export function telemetryOfCircuit(prefix: string, reading: MeanReading, energyKwh: number): TelemetryValues {
  return knownValues({
    [`${prefix}.voltageV`]: reading.voltageV,
    [`${prefix}.currentA`]: reading.currentA,
    [`${prefix}.residualCurrentMa`]: reading.residualCurrentMa ?? NaN,
    [`${prefix}.activePowerW`]: reading.activePowerW,
    [`${prefix}.reactivePowerVar`]: reading.reactivePowerVar,
    [`${prefix}.powerFactor`]: reading.powerFactor,
    [`${prefix}.frequencyHz`]: reading.frequencyHz,
    [`${prefix}.thdCurrentPct`]: reading.currentThdPct,
    // In steps of 1 mWh: a counter rounded to significant digits would stand still once it is large.
    [`${prefix}.energyKwh`]: Math.floor(energyKwh * 1e6) / 1e6,
  });
}

export function telemetryOfTemperatures(temperatures: ReadonlyMap<string, number>): TelemetryValues {
  return knownValues(Object.fromEntries([...temperatures].map(([prefix, value]) => [`${prefix}.temperatureC`, value])));
}

/** What is not finite is left out. Seven digits are beyond what any sensor resolves, and halve the payload. */
export function knownValues(values: TelemetryValues): TelemetryValues {
  const entries = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(
    entries.map(([point, value]) => [point, point.endsWith('.energyKwh') ? value : Number(value.toPrecision(7))]),
  );
}
