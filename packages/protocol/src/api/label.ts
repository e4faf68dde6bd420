import { Type, type Static } from 'typebox';

/** A word in both languages of the screens; brought by a model's file where the product has none. */
export const Label = Type.Object(
  { zh: Type.String({ minLength: 1, maxLength: 80 }), en: Type.String({ minLength: 1, maxLength: 80 }) },
  { additionalProperties: false },
);
export type Label = Static<typeof Label>;
