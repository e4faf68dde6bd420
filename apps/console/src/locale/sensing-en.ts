import type { sensingZh } from './sensing-zh.ts';
import type { Words } from './zh.ts';

/** Words of what is measured, English. */
export const sensingEn: Words<typeof sensingZh> = {
  quantity: {
    voltageV: 'voltage',
    currentA: 'current',
    residualCurrentMa: 'residual current',
    activePowerW: 'active power',
    reactivePowerVar: 'reactive power',
    apparentPowerVa: 'apparent power',
    powerFactor: 'power factor',
    frequencyHz: 'frequency',
    thdCurrentPct: 'current THD',
    thdVoltagePct: 'voltage THD',
    energyKwh: 'energy',
    temperatureC: 'temperature',
    obscurationPctPerM: 'smoke obscuration',
    lelPct: 'combustible gas',
  },
  pointPrefix: { c: 'Circuit {{n}}', t: 'Probe {{n}}' },
  family: { electricity: 'Electricity', temperature: 'Temperature', smoke: 'Smoke', gas: 'Gas', other: 'Other' },
};
