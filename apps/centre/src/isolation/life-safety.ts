import { classify } from '@fengsui/alarm';
import type { DeviceModel } from '@fengsui/protocol';

/** Families that watch for fire or gas whatever their model says of its events; `fireSystem`: GB/T 26875.3. */
const FAMILIES: ReadonlySet<string> = new Set(['smoke', 'gas', 'co', 'fireSystem']);

/**
 * Whether lives depend on a device of the model: it can tell of fire, or of something as urgent. A model that nobody knows
 * is taken for one.
 */
export function isLifeSafetyModel(model: DeviceModel | undefined): boolean {
  if (model === undefined || FAMILIES.has(model.family)) return true;
  return model.events.some(({ kind, classification }) => {
    const { category, priority } = classification?.alarm ?? classify(kind, 'alarm').classification;
    return category === 'fire' || priority === 'P1';
  });
}
