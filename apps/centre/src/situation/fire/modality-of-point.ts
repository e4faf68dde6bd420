import type { Modality } from '@fengsui/fusion';

/** Points of detectors that are held against their own past, and speak for a fire. */
export const modalityOfPoint: ReadonlyMap<string, Modality> = new Map([
  ['smoke.obscurationPctPerM', 'smoke'],
  ['heat.temperatureC', 'heat'],
  ['gas.lelPct', 'gas'],
  ['co.ppm', 'co'],
]);
