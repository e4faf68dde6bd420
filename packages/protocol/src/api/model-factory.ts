import { Type, type Static } from 'typebox';
import { calibrationLimits } from '../calibration/calibration.ts';
import { Label } from './label.ts';

const strict = { additionalProperties: false } as const;
const Range = (description: string) =>
  Type.Object({ min: Type.Number(), max: Type.Number() }, { ...strict, description });

const ModelTest = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$', description: 'as the tester names it' }),
    label: Type.Optional(Label),
    unit: Type.String({ maxLength: 16 }),
    min: Type.Optional(Type.Number({ description: 'least value that passes' })),
    max: Type.Optional(Type.Number()),
    optional: Type.Optional(Type.Boolean({ description: 'may be left out' })),
  },
  strict,
);

const ModelChannel = Type.Object(
  {
    point: Type.String({ minLength: 1, maxLength: 64, description: 'a point of the model' }),
    offset: Range('of an offset that can be true, in the unit of the point'),
    optional: Type.Optional(Type.Boolean({ description: 'a build of the model may be without it' })),
  },
  strict,
);

/** What a device of a model must show at the end of the line. */
export const ModelFactory = Type.Object(
  {
    tests: Type.Array(ModelTest, { maxItems: 64 }),
    calibration: Type.Optional(
      Type.Object(
        {
          channels: Type.Array(ModelChannel, { minItems: 1, maxItems: 64 }),
          gain: Range('of a gain that can be true'),
          phaseUs: Range('of a phase error that can be true, µs'),
          validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500, description: 'absent: no term' })),
        },
        strict,
      ),
    ),
  },
  { ...strict, description: 'end-of-line tests and calibration' },
);
export type ModelFactory = Static<typeof ModelFactory>;

/** @param points of the model. */
export function modelFactoryProblems({ tests, calibration }: ModelFactory, points: readonly string[]): string[] {
  const problems: string[] = [];
  const ids = tests.map(({ id }) => id);
  for (const [index, { id, min, max }] of tests.entries()) {
    if (ids.indexOf(id) < index) problems.push(`factory.tests.${index}.id is "${id}": expected each id once`);
    if (min !== undefined && max !== undefined && min > max)
      problems.push(`factory.tests.${index}.min is ${min}: expected at most max, ${max}`);
  }
  if (calibration === undefined) return problems;
  const channels = calibration.channels.map(({ point }) => point);
  for (const [index, { point, offset }] of calibration.channels.entries()) {
    const place = `factory.calibration.channels.${index}`;
    if (!points.includes(point)) problems.push(`${place}.point is "${point}": expected a point of this model`);
    if (channels.indexOf(point) < index) problems.push(`${place}.point is "${point}": expected each channel once`);
    if (Math.max(-offset.min, offset.max) > calibrationLimits.offset)
      problems.push(`${place}.offset: expected within ±${calibrationLimits.offset}`);
    if (offset.min > offset.max) problems.push(`${place}.offset.min is ${offset.min}: expected at most ${offset.max}`);
  }
  for (const key of ['gain', 'phaseUs'] as const) {
    const { min, max } = calibration[key];
    if (min > max) problems.push(`factory.calibration.${key}.min is ${min}: expected at most ${max}`);
  }
  const { gain, phaseUs } = calibration;
  const { gain: widest, phaseUs: latest } = calibrationLimits;
  if (gain.min < widest.least || gain.max > widest.most)
    problems.push(`factory.calibration.gain: expected within ${widest.least} to ${widest.most}, as devices take it`);
  if (Math.max(-phaseUs.min, phaseUs.max) > latest)
    problems.push(`factory.calibration.phaseUs: expected within ±${latest}, as devices take it`);
  return problems;
}
