import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';

export const areaUses = Object.keys(zh.area.uses) as readonly (keyof typeof zh.area.uses)[];

/** Word of an area's use; a word of a city's own policy as it is. */
export function areaUseWord(t: Translate, use: string): string {
  const known = areaUses.find((word) => word === use);
  return known === undefined ? use : t(`area.uses.${known}`);
}
