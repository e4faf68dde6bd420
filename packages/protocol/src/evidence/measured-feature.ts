import { Type, type Static } from 'typebox';

/** One measured quantity a decision rests on, beside what is usual for it. */
export const MeasuredFeature = Type.Object({
  feature: Type.String({ minLength: 1, maxLength: 64, description: 'name with its unit: shoulderRatio, kappaKPerA2' }),
  value: Type.Number(),
  baseline: Type.Optional(
    Type.Number({ description: 'what this installation has in the same state without the fault' }),
  ),
  limit: Type.Optional(Type.Number()),
  typical: Type.Optional(Type.Tuple([Type.Number(), Type.Number()], { description: 'range of the named load' })),
});
export type MeasuredFeature = Static<typeof MeasuredFeature>;
