import { Type, type Static } from 'typebox';
import { oneOf } from '../../api/schema.ts';
import { gbNumberNames, gbTimeNames } from './gb-object.ts';

const strict = { additionalProperties: false } as const;
const NumberForm = {
  bytes: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(4)]),
  isSigned: Type.Optional(Type.Boolean({ description: "two's complement; default false" })),
  isHighFirst: Type.Optional(Type.Boolean({ description: 'high byte first; default low byte first (8.2)' })),
};
const Length = Type.Integer({ minimum: 1, maximum: 255 });
const ExtraName = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });

/** One field of an information object: what it is called and how it lies in the bytes. */
export const GbField = Type.Union([
  Type.Object({ kind: Type.Literal('number'), name: oneOf(gbNumberNames), ...NumberForm }, strict),
  Type.Object({ kind: Type.Literal('hex'), name: Type.Literal('partAddress'), bytes: Length }, strict),
  Type.Object({ kind: Type.Literal('text'), name: Type.Literal('description'), bytes: Length }, strict),
  /** One byte of length, then as many bytes of text. */
  Type.Object({ kind: Type.Literal('countedText'), name: Type.Literal('text') }, strict),
  Type.Object({ kind: Type.Literal('time'), name: oneOf(gbTimeNames) }, strict),
  Type.Object({ kind: Type.Literal('extraNumber'), name: ExtraName, ...NumberForm }, strict),
  Type.Object({ kind: Type.Literal('extraHex'), name: ExtraName, bytes: Length }, strict),
]);
export type GbField = Static<typeof GbField>;

/** The fields of one object in wire order. */
export type GbLayout = readonly GbField[];

/** Bytes of an object, or of its fixed part when it holds a text of its own length. */
export function layoutBytes(layout: GbLayout): number {
  return layout.reduce((sum, field) => sum + fieldBytes(field), 0);
}

/** True when objects of this layout may differ in length: they are walked, never divided by their count. */
export function hasCountedText(layout: GbLayout): boolean {
  return layout.some((field) => field.kind === 'countedText');
}

function fieldBytes(field: GbField): number {
  if (field.kind === 'time') return 6;
  return field.kind === 'countedText' ? 1 : field.bytes;
}

/** The smallest and the largest number of a field. */
export function numberRange(field: { readonly bytes: number; readonly isSigned?: boolean }): readonly [number, number] {
  const values = 256 ** field.bytes;
  return field.isSigned === true ? [-values / 2, values / 2 - 1] : [0, values - 1];
}
