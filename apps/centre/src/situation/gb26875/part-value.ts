import { gbQuantity, type GbObject } from '@fengsui/protocol';
import { watchLimit } from '../apply-telemetry.ts';
import type { GbFrameContext } from './frame-context.ts';
import { gbPointOf } from './gb-point.ts';
import { gbQuantityName, watchedAs } from './gb-quantity-name.ts';
import { gbEventTime } from './gb-time.ts';
import { keepPart } from './keep-part.ts';

/** Table 6 code 0: 未用, the value means nothing. */
const NOT_USED = 0;

/** Stores what a part measured, shows it, and watches it by the limits of a quantity that has some. */
export function applyPartValue(context: GbFrameContext, object: GbObject): void {
  const { situation, effects, device, place, profile, order, report } = context;
  const { analogType = NOT_USED, raw = 0 } = object;
  if (analogType === NOT_USED) return;
  const point = gbPointOf(object);
  const quantity = gbQuantityName(analogType, profile);
  const measured = gbQuantity(analogType, raw, profile);
  const { value } = measured;
  const { at, deviceAt } = gbEventTime(object.at, report.meta.receivedAt);
  effects.partValues.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    `${point}.${quantity}`,
    at,
    report.meta.receivedAt,
    deviceAt ?? null,
    analogType,
    raw,
    value,
    measured.unit ?? null,
    measured.quality ?? null,
  ]);
  const before = situation.gb.part(device.id, point)?.values ?? {};
  // Overtaken by a newer one: history, as backlog is.
  if ((before[quantity]?.order ?? -1) > order) return;
  const values = { ...before, [quantity]: { analogType, raw, ...measured, at, order } };
  const part = keepPart(context, object, { values });
  const pointId = `${point}.${quantity}`;
  situation.values.set(device.id, pointId, at, value);
  effects.values.push({ venueId: place.venueId, deviceId: device.id, at, points: [pointId], values: [value] });
  const watched = watchedAs(quantity, part?.partType ?? object.partType);
  if (watched === undefined) return;
  for (const rule of situation.limits.rulesOf(watched.model, watched.point, place.venueId)) {
    watchLimit(context, rule, pointId, at, value);
  }
}
