const SEND = 2;
const HEAD_BYTES = 27;
export const FIRE_BIT = 0b10;
export const MANUAL_ALARM_BIT = 0b100;

/** Where each object of a type has its status or operation byte, by the standard: [object bytes, offset, bit]. */
const places: Readonly<Record<number, readonly [size: number, offset: number, bit: number]>> = {
  1: [10, 2, FIRE_BIT],
  2: [46, 7, FIRE_BIT],
  4: [10, 2, MANUAL_ALARM_BIT],
  21: [7, 0, FIRE_BIT],
  24: [8, 0, MANUAL_ALARM_BIT],
};
/** Values, versions, configurations, clocks: nothing in them burns. */
const quiet = new Set([3, 5, 6, 7, 8, 25, 26, 28]);

/**
 * A first look at the bytes of a sound frame, without decoding it: false only when it certainly tells of no fire.
 * What is not laid out as the standard has it may be a profile's, and is looked at properly.
 */
export function mayTellFire(frame: Uint8Array): boolean {
  if (frame[26] !== SEND) return true;
  const data = frame.subarray(HEAD_BYTES, frame.length - 3);
  const [type, count = 0] = data;
  if (type === undefined) return false;
  if (quiet.has(type)) return false;
  const place = places[type];
  if (place === undefined) return true;
  const [size, offset, bit] = place;
  if (data.length !== 2 + count * size) return true;
  for (let at = 2 + offset; at < data.length; at += size) if (((data[at] as number) & bit) !== 0) return true;
  return false;
}
