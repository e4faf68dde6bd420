import type { Alarm } from '@fengsui/protocol';
import { prefixOfPoint, quantityOfPoint } from '../alarm/alarm-quantity.ts';
import type { Translate } from './i18n.ts';
import { isKeyOf } from './is-key-of.ts';
import { zh } from './zh.ts';

/** Words for what comes out of the API as an identifier. A word the console does not know is shown as it is. */

export function kindName(t: Translate, kind: string): string {
  return isKeyOf(zh.kind, kind) ? t(`kind.${kind}`) : brought(t, 'kind', kind);
}

export function quantityName(t: Translate, quantity: string): string {
  return isKeyOf(zh.quantity, quantity) ? t(`quantity.${quantity}`) : brought(t, 'quantity', quantity);
}

export function familyName(t: Translate, family: string): string {
  return isKeyOf(zh.family, family) ? t(`family.${family}`) : brought(t, 'family', family);
}

/** The word a device model brings along (model-words.ts); the identifier itself when there is none. */
function brought(t: Translate, group: 'family' | 'kind' | 'quantity', name: string): string {
  const open = t as unknown as (key: string, options: { readonly defaultValue: string }) => string;
  return open(`brought.${group}.${name}`, { defaultValue: name });
}

/** `c2.currentA` → 回路 2 电流; `smoke.obscurationPctPerM` → 烟雾浓度; `t1` → 测温 1; `smoke` → 烟雾. */
export function pointName(t: Translate, pointId: string): string {
  const quantity = quantityOfPoint(pointId);
  const placeWords = branchName(t, pointId);
  if (quantity === undefined) return placeWords ?? kindName(t, pointId);
  const what = quantityName(t, quantity);
  return placeWords === undefined ? what : `${placeWords} ${what}`;
}

/** The circuit or probe of a point: `c2.currentA` → 回路 2; undefined where the device has only one place to measure. */
export function branchName(t: Translate, pointId: string): string | undefined {
  const [, letter, n] = /^([ct])(\d+)$/.exec(prefixOfPoint(pointId)) ?? [];
  return letter === 'c' || letter === 't' ? t(`pointPrefix.${letter}`, { n }) : undefined;
}

type Named = { readonly name?: string | undefined; readonly nameEn?: string | undefined };

/** The name in the language of the screen; English falls back to Chinese, both to the id. */
export function nameOf(named: Named | undefined, language: string, id: string): string {
  return (language === 'en' ? (named?.nameEn ?? named?.name) : named?.name) ?? id;
}

/** State in words; a state of a newer centre is shown as it is. */
export function stateName(t: Translate, alarm: Pick<Alarm, 'state'>): string {
  return isKeyOf(zh.state, alarm.state) ? t(`state.${alarm.state}`) : alarm.state;
}
