import type { GbPlace } from '@fengsui/protocol';

/**
 * The point of a place: `s1-1-p03000c00` a component, `s1-1` a system, '' the transmission device. The component type
 * is not in it: reads do not name one. No dot: what stands before a dot is the condition, and two detectors
 * of a system are two.
 */
export function gbPointOf({ systemType, systemAddress, partAddress }: GbPlace): string {
  const system = systemType === undefined ? '' : `s${systemType}-${systemAddress ?? 0}`;
  if (partAddress === undefined) return system;
  return system === '' ? `p${partAddress}` : `${system}-p${partAddress}`;
}

/** Whether `point` is the place itself or lies in it. */
export function isGbPointWithin(point: string, place: string): boolean {
  return place === '' || point === place || point.startsWith(`${place}-`);
}
