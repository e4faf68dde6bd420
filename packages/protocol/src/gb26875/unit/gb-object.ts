/** Fields of information objects that are numbers. */
export const gbNumberNames = [
  'systemType',
  'systemAddress',
  'partType',
  'status',
  'analogType',
  'raw',
  'operation',
  'operator',
  'major',
  'minor',
  'recordCount',
  'answerWithinMin',
  'reserved',
] as const;
export type GbNumberName = (typeof gbNumberNames)[number];

export const gbTimeNames = ['at', 'fromAt'] as const;
export type GbTimeName = (typeof gbTimeNames)[number];

export const gbTextNames = ['description', 'text'] as const;
export type GbTextName = (typeof gbTextNames)[number];

/**
 * One information object 信息对象. Which fields it has follows from the layout of its type; the others are absent.
 *
 * A field `…Hex` holds the bytes as they came, in wire order, when the readable field beside it cannot give them back
 * (stale bytes behind a NUL, a time label that is none); it is what gets encoded. Who changes the text drops it.
 */
export type GbObject = Readonly<Partial<Record<GbNumberName, number>>> & {
  /** Four bytes as hex in wire order; the identity of a component within its system. */
  readonly partAddress?: string;
  /** 部件说明; absent when empty. */
  readonly description?: string;
  readonly descriptionHex?: string;
  /** Configuration of a system or of the device. */
  readonly text?: string;
  readonly textHex?: string;
  /** Epoch ms; absent when the label is zero or no time. */
  readonly at?: number;
  readonly atHex?: string;
  /** Records are asked for from here on; epoch ms. */
  readonly fromAt?: number;
  readonly fromAtHex?: string;
  /** Fields that only a profile knows: numbers, or hex in wire order. */
  readonly extra?: Readonly<Record<string, number | string>>;
};
