import type { CaptureSamples } from '@fengsui/protocol';

/**
 * A recording for tests by closed form: 30 cycles of 50 Hz at 6400 Hz, 230 V rms; current 10 A rms with 30 % third
 * harmonic, lagging by 60°; 18 mA rms residual current. Trigger after 10 cycles.
 */
export function sampleCapture(): CaptureSamples {
  const sampleRateHz = 6400;
  const frames = (30 * sampleRateHz) / 50;
  const at = (shape: (angle: number) => number): number[] =>
    Array.from({ length: frames }, (_, n) => shape((2 * Math.PI * 50 * n) / sampleRateHz));
  return {
    sampleRateHz,
    mainsHz: 50,
    triggerFrame: 1280,
    channels: [
      { point: 'c1.voltageV', unit: 'V', values: at((x) => 230 * Math.SQRT2 * Math.sin(x)) },
      {
        point: 'c1.currentA',
        unit: 'A',
        values: at((x) => 10 * Math.SQRT2 * (Math.sin(x - Math.PI / 3) + 0.3 * Math.sin(3 * x))),
      },
      { point: 'c1.residualCurrentMa', unit: 'mA', values: at((x) => 18 * Math.SQRT2 * Math.sin(x)) },
    ],
  };
}
