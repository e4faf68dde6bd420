import { isInPlace } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Situation } from '../situation/situation.ts';
import type { KeptPoint } from './kept-test.ts';

/** A test of more is not walked in one go; it is refused rather than cut. */
export const MAX_POINTS = 5_000;

/**
 * Everything of a venue that has to be triggered: each detector; of a terminal each circuit and probe that is
 * registered; of a transmission device each component it has told of. Gateways only pass on what others see.
 */
export function expectedPoints(situation: Situation, venueId: string): KeptPoint[] {
  const { registry } = situation;
  return registry
    .devices({ venues: [venueId] })
    .filter((device) => isInPlace(device) && registry.model(device.model)?.gateway !== true)
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    .flatMap((device) => pointsOf(situation, device));
}

function pointsOf(situation: Situation, device: DeviceRecord): KeptPoint[] {
  const prefixes = prefixesOf(situation, device);
  return prefixes.map((point) => ({ deviceId: device.id, point, expects: expectedKinds(situation, device, point) }));
}

function prefixesOf({ registry, gb }: Situation, device: DeviceRecord): readonly string[] {
  const circuits = registry.circuits({ venues: [device.venueId] }).filter(({ deviceId }) => deviceId === device.id);
  const measured = circuits.flatMap(({ prefix, probe }) => (probe === undefined ? [prefix] : [prefix, probe]));
  const parts = gb.parts(device.id).flatMap(({ point, partAddress }) => (partAddress === undefined ? [] : [point]));
  const found = [...new Set([...measured, ...parts])];
  return found.length === 0 ? [''] : found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Kinds of fire and warning; a fault or a tampered lid is no proof that the detector detects. */
export function expectedKinds({ registry, limits }: Situation, device: DeviceRecord, point: string): string[] {
  const model = registry.model(device.model);
  const told = (model?.events ?? [])
    .map(({ kind }) => kind)
    .filter((kind) => {
      const { category } = registry.classify(device.model, kind, 'alarm').classification;
      return category === 'fire' || category === 'warning';
    });
  const limited = (model?.points ?? [])
    .filter(({ id }) => point === '' || id.startsWith(`${point}.`))
    .flatMap(({ id }) => limits.rulesOf(device.model, id, device.venueId).map(({ kind }) => kind));
  return [...new Set([...told, ...limited])];
}
