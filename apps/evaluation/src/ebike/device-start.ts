import { renderSwitching } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { loadStartOf } from '@fengsui/hazard';
import type { LoadStart } from '@fengsui/hazard';
import { createCycleAnalyser, createSwitchEventDetector } from '@fengsui/signal';

const SAMPLE_RATE_HZ = 6400;
const SAMPLES_PER_CYCLE = 128;
const ON_AT_MS = 1600;
const DURATION_MS = 5000;

/**
 * How a device comes on, from its own waveform at 6.4 kHz through the detector of a terminal; undefined when the
 * detector saw no switching. `at` counts from the switch-on.
 */
export function deviceStart(spec: LoadSpec, seed: number): LoadStart | undefined {
  const { voltageV, currentA } = renderSwitching({
    target: spec,
    onAtMs: ON_AT_MS,
    durationMs: DURATION_MS,
    seed,
    sampleRateHz: SAMPLE_RATE_HZ,
  });
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50, samplesPerCycle: SAMPLES_PER_CYCLE });
  const detector = createSwitchEventDetector({ samplesPerCycle: SAMPLES_PER_CYCLE });
  const starts: LoadStart[] = [];
  const tell: Parameters<typeof detector.push>[2] = (event) => {
    const start = loadStartOf(event, (event.startFrame * 1000) / SAMPLE_RATE_HZ - ON_AT_MS);
    if (start !== undefined) starts.push(start);
  };
  analyser.push({ voltageV, currentA }, (reading, samples) => detector.push(reading, samples, tell));
  detector.flush(tell);
  return starts[0];
}
