import type { Translate } from '../locale/i18n.ts';
import { zh } from '../locale/zh.ts';

/** Unit of what an engine measures beside the quantities of points; undefined when it has none, or is not known. */
export function measureUnit(t: Translate, measure: string): string | undefined {
  const { measureUnit: units } = zh;
  return Object.hasOwn(units, measure) ? t(`measureUnit.${measure as keyof typeof units}`) : undefined;
}

/** Name of what an engine measures; one the console does not know is shown as it is. */
export function measureName(t: Translate, measure: string): string {
  const { measure: names } = zh;
  return Object.hasOwn(names, measure) ? t(`measure.${measure as keyof typeof names}`) : measure;
}
