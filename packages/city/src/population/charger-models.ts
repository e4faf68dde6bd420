import type { ChargerSpec } from '../load/charger-spec.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type ModelSpec = Omit<ChargerSpec, 'kind'>;

/**
 * Chargers of electric bicycles as sold: battery, chemistry and mains power, without a maker's name. Names are what
 * `city:eBike?model=…` takes.
 */
export const chargerModels = {
  leadAcid48V12Ah: { powerW: 130, chemistry: 'leadAcid', constantCurrentMs: 4.5 * HOUR_MS, tailMs: 60 * MINUTE_MS },
  leadAcid48V20Ah: { powerW: 175, chemistry: 'leadAcid', constantCurrentMs: 5.5 * HOUR_MS, tailMs: 75 * MINUTE_MS },
  leadAcid60V20Ah: {
    powerW: 215,
    chemistry: 'leadAcid',
    constantCurrentMs: 6 * HOUR_MS,
    tailMs: 70 * MINUTE_MS,
    capacitanceUfPerW: 1,
  },
  leadAcid72V20Ah: {
    powerW: 260,
    chemistry: 'leadAcid',
    constantCurrentMs: 6 * HOUR_MS,
    tailMs: 80 * MINUTE_MS,
    seriesH: 0.8e-3,
  },
  leadAcid72V32Ah: { powerW: 345, chemistry: 'leadAcid', constantCurrentMs: 7 * HOUR_MS, tailMs: 90 * MINUTE_MS },
  lithium36V10Ah: { powerW: 95, chemistry: 'lithium', constantCurrentMs: 4 * HOUR_MS, tailMs: 30 * MINUTE_MS },
  lithium48V15Ah: { powerW: 145, chemistry: 'lithium', constantCurrentMs: 4.5 * HOUR_MS, tailMs: 25 * MINUTE_MS },
  lithium60V20AhFast: {
    powerW: 420,
    chemistry: 'lithium',
    constantCurrentMs: 2.5 * HOUR_MS,
    tailMs: 20 * MINUTE_MS,
    softStartMs: 900,
  },
  lithium72V30AhFast: {
    powerW: 590,
    chemistry: 'lithium',
    constantCurrentMs: 3 * HOUR_MS,
    tailMs: 22 * MINUTE_MS,
    softStartMs: 1000,
  },
  lithium60V20AhCorrected: {
    powerW: 400,
    chemistry: 'lithium',
    constantCurrentMs: 2.5 * HOUR_MS,
    tailMs: 20 * MINUTE_MS,
    hasPfc: true,
  },
  leadAcid48V12AhAged: { powerW: 135, chemistry: 'leadAcid', constantCurrentMs: 3 * HOUR_MS, isAged: true },
} as const satisfies Record<string, ModelSpec>;

export type ChargerModelName = keyof typeof chargerModels;

export const chargerModelNames = Object.keys(chargerModels) as readonly ChargerModelName[];

/** The charger of a model as a load's physics. */
export function eBikeCharger(model: ChargerModelName): ChargerSpec {
  return { kind: 'eBikeCharger', ...chargerModels[model] };
}
