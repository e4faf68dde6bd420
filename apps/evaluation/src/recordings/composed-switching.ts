import type { CycleWaves, Random } from '@fengsui/fingerprint';
import type { ApplianceRecording } from './appliance-recordings.ts';

export type ComposedSwitching = {
  readonly cycles: readonly CycleWaves[];
  /** First cycle of the new state. */
  readonly eventCycle: number;
};

export type ComposedSwitchingRequest = {
  readonly target: ApplianceRecording;
  /** Loads that run all the time. */
  readonly background: readonly ApplianceRecording[];
  readonly direction: 'on' | 'off';
  readonly cyclesBefore: number;
  readonly cyclesAfter: number;
  /** White noise on the current, A rms. */
  readonly noiseA: number;
};

/**
 * A switching put together from recordings of single loads: SEMI-SYNTHETIC, no inrush, no voltage drop. Each recording
 * is read from a random cycle on (round to its start at its end); the voltage is the target's own.
 */
export function composeSwitching(request: ComposedSwitchingRequest, random: Random): ComposedSwitching {
  const { target, background, direction, cyclesBefore, cyclesAfter, noiseA } = request;
  const start = ({ cycles }: ApplianceRecording): number => Math.floor(random() * cycles.length);
  const targetStart = start(target);
  const others = background.map((recording) => ({ recording, from: start(recording) }));
  const cycles = Array.from({ length: cyclesBefore + cyclesAfter }, (_, cycle): CycleWaves => {
    const own = cycleAt(target, targetStart + cycle);
    const isOn = direction === 'on' ? cycle >= cyclesBefore : cycle < cyclesBefore;
    const currentA = Float64Array.from(own.currentA, (value) => (isOn ? value : 0) + noiseA * normal(random));
    for (const { recording, from } of others) {
      const other = cycleAt(recording, from + cycle).currentA;
      for (let n = 0; n < currentA.length; n++) currentA[n] = (currentA[n] as number) + (other[n] as number);
    }
    return { voltageV: own.voltageV, currentA };
  });
  return { cycles, eventCycle: cyclesBefore };
}

function cycleAt({ cycles }: ApplianceRecording, index: number): CycleWaves {
  return cycles[index % cycles.length] as CycleWaves;
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
