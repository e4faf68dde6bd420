import type { LoadPhysics, LoadSpec } from '../load/load-spec.ts';
import { breakTimeMs, breakTimes } from './break-time.ts';
import type { MatrixCase, MatrixRow, ReactingRow } from './matrix-row.ts';

const NORMAL_MS = 60_000;
const ARC_MS = 5000;

/** A resistance that draws `currentA` at 220 V, next to or instead of a masking load. */
function resistor(currentA: number, id = 'resistor'): LoadSpec {
  return { id, kind: 'resistive', powerW: 220 * currentA };
}

function resistiveRow(index: number, { currentA, limitMs }: (typeof breakTimes)[number]): ReactingRow {
  return {
    id: `R${index + 1}`,
    kind: 'reacting',
    title: `resistive ${currentA} A`,
    limitMs,
    columnA: currentA,
    cases: [{ id: 'inLoad', loads: [resistor(currentA)], arcIn: 'resistor' }],
    normalMs: NORMAL_MS,
    arcMs: ARC_MS,
    sources: { limit: 'S', load: 'S' },
  };
}

/**
 * The masking set-ups of IEC 62606 9.9.5: the arc in the load's own line; upstream of the load with a resistance beside
 * it; and in the resistance's line with the load beside it, in sound wiring.
 */
function maskedCases(load: LoadPhysics, besideA: number, prefix = ''): readonly MatrixCase[] {
  const masking: LoadSpec = { ...load, id: 'masking' };
  const pair = [masking, resistor(besideA)];
  const id = (name: string): string => (prefix === '' ? name : `${prefix}-${name}`);
  return [
    { id: id('inLoad'), loads: [masking], arcIn: 'masking' },
    { id: id('upstream'), loads: pair, arcIn: 'all' },
    { id: id('besideLoad'), loads: pair, arcIn: 'resistor' },
  ];
}

function maskedRow(id: string, title: string, columnA: number, cases: readonly MatrixCase[]): ReactingRow {
  return {
    id,
    kind: 'reacting',
    title,
    limitMs: breakTimeMs(columnA),
    columnA,
    cases,
    normalMs: NORMAL_MS,
    arcMs: ARC_MS,
    // The list of masking loads is public; their currents here are remembered, not read.
    sources: { limit: 'S', load: 'M' },
  };
}

const vacuumCleaner: LoadPhysics = { kind: 'universalMotor', powerW: 1300, brushNoiseRatio: 0.1 };
const powerSupplies: LoadPhysics = { kind: 'rectifier', powerW: 550 };
/** 65 A ± 10 % at the worst instant on the wave [M]. */
const compressor: LoadPhysics = { kind: 'compressor', powerW: 1200, powerFactor: 0.8, inrushRatio: 7.2 };
const fluorescentLamps: LoadPhysics = { kind: 'fluorescent', powerW: 80 };
const halogenLamps: LoadPhysics = { kind: 'electronicTransformer', powerW: 300 };
const drill: LoadPhysics = { kind: 'universalMotor', powerW: 700, brushNoiseRatio: 0.2, firingAngleDeg: 40 };

/** The vacuum cleaner is started and stopped in the normal run. */
const vacuumSwitchings = [0, 1, 2].map((n) => ({
  load: 'masking',
  onAtMs: 10_000 + n * 15_000,
  offAtMs: 20_000 + n * 15_000,
}));

function dimmerCases(): readonly MatrixCase[] {
  const angles = [
    // Fully up: a triac fires as soon as its load draws the holding current, some 15° after the zero.
    ['0deg', 15],
    ['60deg', 60],
    ['90deg', 90],
    ['120deg', 120],
    ['minimum', 150],
  ] as const;
  return angles.flatMap(([name, firingAngleDeg]) =>
    maskedCases({ kind: 'dimmer', powerW: 600, firingAngleDeg }, 2.5, name),
  );
}

/** A trigger pulled, let go a little and pulled again, again and again. */
const triggerTurns = Array.from({ length: 20 }, (_, n) => ({
  atMs: 1000 + n * 3000,
  toDeg: [20, 100, 60, 130, 0][n % 5] ?? 0,
  withinMs: 400,
}));

/**
 * The matrix of the standards as data: rows R1 … R6 and M1 … M7 must react, N1 … N4 must stay silent.
 *
 * Limits: IEC 62606 Table 1 (230 V), the same tables in GB/T 31143. Masking loads: IEC 62606 9.9.5 and UL 1699 clause 56.
 */
export const arcMatrix: readonly MatrixRow[] = [
  ...breakTimes.map((column, index) => resistiveRow(index, column)),
  maskedRow(
    'M1',
    'vacuum cleaner, universal motor, started and stopped',
    5,
    maskedCases(vacuumCleaner, 5).map((row) => (row.id === 'inLoad' ? { ...row, switchings: vacuumSwitchings } : row)),
  ),
  maskedRow('M2', 'bank of power supplies', 2.5, maskedCases(powerSupplies, 2.5)),
  maskedRow('M3', 'capacitor-start compressor', 5, maskedCases(compressor, 5)),
  maskedRow('M4', 'thyristor dimmer 600 W', 2.5, dimmerCases()),
  maskedRow('M5', 'two fluorescent lamps of 40 W and 5 A of resistance', 5, maskedCases(fluorescentLamps, 5).slice(1)),
  maskedRow('M6', 'halogen lamps on an electronic transformer and 5 A', 5, maskedCases(halogenLamps, 5).slice(1)),
  maskedRow('M7', 'hand drill, steady and with a moving trigger', 2.5, [
    ...maskedCases(drill, 2.5),
    ...maskedCases({ ...drill, turns: triggerTurns }, 2.5, 'trigger').slice(0, 1),
  ]),
  silentRow('N1', 'lamp burn-out, plug in and out, relay and thermostat clicks', [
    'lampBurnOut',
    'plugInOut',
    'contactBounce',
  ]),
  silentRow('N2', 'arc in a neighbouring circuit', ['neighbourArc']),
  silentRow('N3', 'chargers, LED drivers, inverters, microwave, induction hob', [
    'chargerPlugIn',
    'ledBankSwitchOn',
    'inverterRamp',
    'microwaveCycling',
    'hobPulsing',
  ]),
  silentRow('N4', 'harmonics, flicker, dips, swells, 0.85 … 1.1 Un', ['voltageEvent']),
];

function silentRow(id: string, title: string, nuisanceClasses: readonly string[]): MatrixRow {
  const sources = { rule: 'S', load: 'M' } as const;
  return { id, kind: 'silent', title, nuisanceClasses, normalMs: NORMAL_MS, sources };
}
