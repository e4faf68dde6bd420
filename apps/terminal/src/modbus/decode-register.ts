import { conversionOf } from './unit-conversion.ts';
import { wordsOf, type MapRegister, type RegisterMap, type RegisterType } from './register-map.ts';

/** A value in the unit of its point, or why there is none. */
export type RegisterValue = { readonly value: number } | { readonly bad: string };

/**
 * Turns the words of a register into the value of its point. What the map calls invalid, what is not a number, and what
 * lies outside its range is bad, never 0.
 *
 * @param words as read, first address first; exactly as many as the type needs.
 * @throws RangeError for another number of words.
 */
export function decodeRegister(
  register: MapRegister,
  wordOrder: RegisterMap['wordOrder'],
  words: readonly number[],
): RegisterValue {
  const { point, type, scale = 1, offset = 0, unit, invalid = [], min = -Infinity, max = Infinity } = register;
  if (words.length !== wordsOf[type]) {
    throw new RangeError(`${point}: ${words.length} registers, ${type} is made of ${wordsOf[type]}`);
  }
  const raw = rawOf(type, (register.wordOrder ?? wordOrder) === 'highFirst' ? words : words.toReversed());
  if (invalid.includes(raw)) return { bad: `the device says ${raw}: not measured` };
  if (!Number.isFinite(raw)) return { bad: `the device says ${raw}` };
  const value = (raw * scale + offset) * (conversionOf(point, unit) ?? NaN);
  if (!(value >= min && value <= max)) return { bad: `${value} is outside ${min} to ${max}` };
  // Scaling by 0.1 leaves 230.10000000000002: fifteen digits are more than any register has.
  return { value: Number(value.toPrecision(15)) };
}

/** High word first. */
function rawOf(type: RegisterType, words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(8));
  words.forEach((word, index) => view.setUint16(2 * index, word));
  switch (type) {
    case 'u16':
      return view.getUint16(0);
    case 'i16':
      return view.getInt16(0);
    case 'u32':
      return view.getUint32(0);
    case 'i32':
      return view.getInt32(0);
    case 'f32':
      return view.getFloat32(0);
    case 'f64':
      return view.getFloat64(0);
    case 'u64':
      return Number(view.getBigUint64(0));
    case 'i64':
      return Number(view.getBigInt64(0));
  }
}
