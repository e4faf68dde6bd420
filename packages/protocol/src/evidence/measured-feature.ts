import { Type, type Static } from 'typebox';

/** One measured quantity a decision rests on, beside what is usual for it. */
export const MeasuredFeature = Type.Object({
  feature: Type.String({ minLength: 1, maxLength: 64, description: 'name with its unit: shoulderRatio, kappaKPerA2' }),
  value: Type.Number(),
  baseline: Type.Optional(
    Type.Number({ description: 'what this installation has in the same state without the fault' }),
  ),
  limit: Type.Optional(Type.Number()),
  typical: Type.Optional(
    Type.Tuple([Type.Number(), Type.Number()], {
      description: 'where such loads usually lie: 5 to 95 % of the most probable family, or of what typicalOf names',
    }),
  ),
  typicalOf: Type.Optional(
    Type.Object({
      level: Type.Enum(['family', 'device']),
      name: Type.String({ minLength: 1, maxLength: 128 }),
    }),
  ),
});
export type MeasuredFeature = Static<typeof MeasuredFeature>;
