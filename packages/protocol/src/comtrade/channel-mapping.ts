import { quantityOf, unitOf } from '../recording/quantity.ts';
import type { CfgAnalog } from './cfg.ts';

/** What an analog channel of a COMTRADE file becomes in a recording. */
export type MappedChannel = {
  readonly name: string;
  readonly unit: string;
  /** value in `unit` = value in the file's unit · factor. */
  readonly factor: number;
};

const siFactor: ReadonlyMap<string, readonly [string, number]> = new Map([
  ['V', ['V', 1]],
  ['v', ['V', 1]],
  ['Volt', ['V', 1]],
  ['Volts', ['V', 1]],
  ['kV', ['V', 1e3]],
  ['KV', ['V', 1e3]],
  ['mV', ['V', 1e-3]],
  ['A', ['A', 1]],
  ['a', ['A', 1]],
  ['Amp', ['A', 1]],
  ['Amps', ['A', 1]],
  ['kA', ['A', 1e3]],
  ['KA', ['A', 1e3]],
  ['mA', ['A', 1e-3]],
  ['µA', ['A', 1e-6]],
  ['μA', ['A', 1e-6]],
  ['uA', ['A', 1e-6]],
  ['°C', ['°C', 1]],
  ['℃', ['°C', 1]],
  ['degC', ['°C', 1]],
  ['W', ['W', 1]],
  ['kW', ['W', 1e3]],
  ['var', ['var', 1]],
  ['kvar', ['var', 1e3]],
  ['VA', ['VA', 1]],
  ['kVA', ['VA', 1e3]],
  ['Hz', ['Hz', 1]],
]);

const residualWords = /residual|leakage|\brcm\b|i\s*[δΔ]|i_?delta|剩余|漏电|泄漏/i;

/**
 * Names and factors for the analog channels of a file:
 *
 * 1. A channel id that is one of our names (`currentA`, `c2.residualCurrentMa`) keeps it.
 * 2. Volts become `voltageV`, °C `temperatureC`. Amperes become `residualCurrentMa` when id or component speak of a
 *    residual or leakage current, or when the unit is mA and the phase is not A, B, C or N; else `currentA`. A neutral
 *    or zero-sequence current (`IN`, `3I0`) is a conductor's current, not a residual one.
 * 3. Several channels of one quantity are `c1.currentA`, `c2.currentA` … in the order of the file.
 * 4. Any other unit keeps id and unit as they are.
 *
 * Values of the secondary side are turned into primary ones: the conductor's own current is what heats.
 */
export function mapChannels(analogs: readonly CfgAnalog[]): MappedChannel[] {
  const wanted = analogs.map(mapOne);
  const isAlone = (name: string) => wanted.filter((channel) => channel.name === name).length === 1;
  const taken = new Set(wanted.map((channel) => channel.name).filter(isAlone));
  return wanted.map((channel) => {
    if (isAlone(channel.name)) return channel;
    let order = 1;
    while (taken.has(`c${order}.${channel.name}`)) order += 1;
    const name = `c${order}.${channel.name}`;
    taken.add(name);
    return { ...channel, name };
  });
}

function mapOne(channel: CfgAnalog): MappedChannel {
  const ratio =
    channel.side === 'secondary' && channel.primary > 0 && channel.secondary > 0
      ? channel.primary / channel.secondary
      : 1;
  const si = siFactor.get(channel.unit);
  if (quantityOf(channel.id) !== undefined) {
    const factor = factorTowards(unitOf(channel.id), channel.unit, si);
    if (factor !== undefined) return { name: channel.id, unit: unitOf(channel.id), factor: ratio * factor };
    // The name promises a unit that the file does not have.
    return { name: `${channel.id} in ${channel.unit}`, unit: channel.unit, factor: ratio };
  }
  const name = si === undefined ? undefined : nameOf(si[0], channel);
  if (name === undefined) return { name: channel.id || 'unnamed', unit: channel.unit, factor: ratio };
  return { name, unit: unitOf(name), factor: ratio * (factorTowards(unitOf(name), channel.unit, si) ?? 1) };
}

function nameOf(siUnit: string, channel: CfgAnalog): string | undefined {
  if (siUnit === 'V') return 'voltageV';
  if (siUnit === '°C') return 'temperatureC';
  if (siUnit === 'A') return isResidual(channel) ? 'residualCurrentMa' : 'currentA';
  return undefined;
}

function isResidual(channel: CfgAnalog): boolean {
  const isConductor = /^[abcn123]$|^l[123]$/i.test(channel.phase);
  return residualWords.test(`${channel.id} ${channel.component}`) || (channel.unit === 'mA' && !isConductor);
}

/** Factor from the file's unit to ours; undefined when the two are no units of one quantity. */
function factorTowards(unit: string, fileUnit: string, si: readonly [string, number] | undefined): number | undefined {
  if (fileUnit === unit || fileUnit === '') return 1;
  if (si === undefined) return undefined;
  if (unit === 'mA') return si[0] === 'A' ? si[1] * 1e3 : undefined;
  return si[0] === unit ? si[1] : undefined;
}
