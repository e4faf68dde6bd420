import { CurrentWave } from '../src/current-wave.ts';
import { MeasuredCycle } from '../src/cycle-reading.ts';
import type { CycleReading } from '../src/cycle-reading.ts';
import { PHASOR_COUNT } from '../src/harmonic-phasors.ts';
import { createPairHarmonics } from '../src/pair-harmonics.ts';
import { VoltageCycle } from '../src/voltage-cycle.ts';

/** The reading of one cycle of 128 points at 6.4 kHz, locked by the tracker; `reading` is written anew if given. */
export function readCycle(
  { voltageV, currentA }: { readonly voltageV: Float64Array; readonly currentA: Float64Array },
  reading = new MeasuredCycle(new Float64Array(PHASOR_COUNT)),
): CycleReading {
  const plan = createPairHarmonics(128);
  const voltage = new VoltageCycle();
  const wave = new CurrentWave();
  plan.analyse(voltageV, currentA);
  voltage.measureWave(voltageV);
  wave.measure(currentA, voltageV);
  voltage.lock(plan.firstCos, plan.firstSin, 128, 10);
  const context = { startFrame: 12.5, frameCount: 128, sampleRateHz: 6400, currentNoiseFloorA: 0.02 };
  reading.take(context, voltage, wave, plan.secondCos, plan.secondSin);
  return reading;
}
