import { writeFile } from 'node:fs/promises';
import { RandomStream, renderSwitching, sampleLoad, type LoadSpec, type LoadTypeName } from '@fengsui/city';

/** One device of the simulated population; the same number is the same device. */
export function deviceOf(type: LoadTypeName, number: number): LoadSpec {
  return { ...sampleLoad(type, new RandomStream(number, `test/${type}`)), id: `${type}${number}` };
}

/** Voltage and current of one circuit. */
export type Waveform = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
};

/** A load that is switched on, and off again where asked, behind others that run all the time. */
export function switchingOf(request: Parameters<typeof renderSwitching>[0]): Waveform {
  return renderSwitching(request);
}

/** A waveform file as design.md 5.5 has it; what is not a number is left empty. */
export async function writeWaveformCsv(file: string, waveform: Waveform): Promise<void> {
  const { sampleRateHz, mainsHz, voltageV, currentA } = waveform;
  const cell = (value: number | undefined): string => (Number.isFinite(value) ? String(Number(value?.toFixed(5))) : '');
  const rows = Array.from(voltageV, (volts, frame) => `${cell(volts)},${cell(currentA[frame])}`);
  await writeFile(
    file,
    [`# sampleRateHz=${sampleRateHz} mainsHz=${mainsHz}`, 'voltageV,currentA', ...rows, ''].join('\n'),
  );
}

/** Mean of u·i between two instants, by none of the product's own arithmetic, W. */
export function meanPowerW({ voltageV, currentA, sampleRateHz }: Waveform, fromMs: number, toMs: number): number {
  const [from, to] = [fromMs, toMs].map((ms) => Math.round((ms * sampleRateHz) / 1000)) as [number, number];
  let sum = 0;
  for (let frame = from; frame < to; frame++) sum += (voltageV[frame] ?? NaN) * (currentA[frame] ?? NaN);
  return sum / (to - from);
}
