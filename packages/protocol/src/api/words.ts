import { Type, type Static } from 'typebox';
import { Label } from './label.ts';

const Words = Type.Record(Type.String(), Label);

/** The words that device models bring along, for screens: by family, kind of event and quantity of a point. */
export const ModelWords = Type.Object(
  {
    families: Words,
    kinds: Words,
    quantities: Words,
    units: Type.Record(Type.String(), Type.String(), { description: 'unit of each quantity' }),
  },
  { $id: 'ModelWords' },
);
export type ModelWords = Static<typeof ModelWords>;
