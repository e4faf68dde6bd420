import type { SensorFamily } from '@fengsui/protocol';

export type ModelPoint = { readonly id: string; readonly unit: string; readonly family: SensorFamily };

/**
 * What a device of this model measures. `points` is append-only: a stored row holds its values in this order and the
 * `version` they were written with.
 */
export type DeviceModel = {
  readonly id: string;
  readonly version: number;
  readonly family: SensorFamily;
  readonly points: readonly ModelPoint[];
  readonly reportingIntervalMs: number;
  /** A gateway uses the topics of its children too. */
  readonly gateway: boolean;
};

const circuitQuantities = [
  ['voltageV', 'V'],
  ['currentA', 'A'],
  ['residualCurrentMa', 'mA'],
  ['activePowerW', 'W'],
  ['reactivePowerVar', 'var'],
  ['powerFactor', ''],
  ['frequencyHz', 'Hz'],
  ['thdCurrentPct', '%'],
  ['energyKwh', 'kWh'],
] as const;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const CIRCUIT_COUNT = 8;
const TEMPERATURE_COUNT = 8;

/** The generic models of design.md 5.5; further models come as data files. */
export const genericModels: readonly DeviceModel[] = [
  {
    id: 'generic-terminal',
    version: 1,
    family: 'electricity',
    points: [
      ...upTo(CIRCUIT_COUNT).flatMap((n) =>
        circuitQuantities.map(([quantity, unit]): ModelPoint => ({
          id: `c${n}.${quantity}`,
          unit,
          family: 'electricity',
        })),
      ),
      ...upTo(TEMPERATURE_COUNT).map((n): ModelPoint => ({
        id: `t${n}.temperatureC`,
        unit: '°C',
        family: 'temperature',
      })),
    ],
    reportingIntervalMs: 10_000,
    gateway: false,
  },
  {
    id: 'generic-smoke',
    version: 1,
    family: 'smoke',
    points: [{ id: 'smoke.obscurationPctPerM', unit: '%/m', family: 'smoke' }],
    reportingIntervalMs: 60_000,
    gateway: false,
  },
  {
    id: 'generic-heat',
    version: 1,
    family: 'temperature',
    points: [{ id: 'heat.temperatureC', unit: '°C', family: 'temperature' }],
    reportingIntervalMs: 60_000,
    gateway: false,
  },
  {
    id: 'generic-gas',
    version: 1,
    family: 'gas',
    points: [{ id: 'gas.lelPct', unit: '%LEL', family: 'gas' }],
    reportingIntervalMs: 60_000,
    gateway: false,
  },
  { id: 'generic-gateway', version: 1, family: 'other', points: [], reportingIntervalMs: 60_000, gateway: true },
];
