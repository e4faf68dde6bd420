import { categories, levels, limitRuleProblems, priorities, type LimitRule } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { Label } from './label.ts';
import { modelFactoryProblems, ModelFactory } from './model-factory.ts';
import { oneOf } from './schema.ts';

const strict = { additionalProperties: false } as const;
const Name = (description: string) =>
  Type.String({
    pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$',
    description: `${description}; a letter, then letters, digits, -`,
  });

const ModelPoint = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z][A-Za-z0-9]{0,15}\\.[a-z][A-Za-z0-9]{0,39}$',
      description: 'prefix, dot, quantity with its unit: water.pressureKpa',
    }),
    unit: Type.String({ maxLength: 16, description: 'as it is written behind the number; empty for a plain ratio' }),
    family: Name('sensor family'),
    label: Type.Optional(Label),
    range: Type.Optional(
      Type.Object(
        { min: Type.Number(), max: Type.Number() },
        { ...strict, description: 'of a display, in the unit of the point; values beyond it are kept all the same' },
      ),
    ),
  },
  strict,
);

const Urgency = Type.Object({ category: oneOf(categories), priority: oneOf(priorities) }, strict);

const ModelEvent = Type.Object(
  {
    kind: Name('kind of event'),
    label: Type.Optional(Label),
    classification: Type.Optional(
      Type.Object(
        { attention: Urgency, warning: Urgency, alarm: Urgency },
        { ...strict, description: "replaces the product's for devices of this model" },
      ),
    ),
  },
  strict,
);

const ModelLimit = Type.Object(
  {
    id: Name('unique within the model'),
    kind: Name('kind of alarm it raises'),
    level: oneOf(levels),
    point: Type.String({ minLength: 1, maxLength: 64, description: 'a point of the model, or a pattern with one *' }),
    direction: oneOf(['above', 'below']),
    threshold: Type.Number({ description: 'in the unit of the point' }),
    deadband: Type.Number({ minimum: 0 }),
    onDelayMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    offDelayMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    ignoreBelow: Type.Optional(Type.Number()),
    source: Type.String({ minLength: 1, maxLength: 400, description: 'clause or whose number it is' }),
  },
  strict,
);

/** What a device of a model measures and tells: the content of a model file. docs/reference/models.md. */
export const DeviceModel = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,63}$', description: 'lower case letters, digits, . and -' }),
    version: Type.Integer({ minimum: 1, maximum: 32_767, description: 'rises with every change' }),
    name: Label,
    family: Name('sensor family of the device as a whole'),
    families: Type.Optional(
      Type.Record(Type.String(), Label, { description: 'words of the families that the product does not know' }),
    ),
    points: Type.Array(ModelPoint, { maxItems: 512, description: 'append-only: rows are stored in this order' }),
    events: Type.Array(ModelEvent, { maxItems: 128, description: 'kinds that can raise an alarm' }),
    limits: Type.Optional(
      Type.Array(ModelLimit, { maxItems: 256, description: "default limits, beside the product's own" }),
    ),
    reportingIntervalMs: Type.Integer({
      minimum: 1_000,
      maximum: 86_400_000,
      description: 'contracted, unless agreed',
    }),
    selfTest: Type.Optional(
      Type.Object(
        {
          everyHours: Type.Integer({ minimum: 1, maximum: 720 }),
          faultAfterHours: Type.Integer({
            minimum: 1,
            maximum: 2_160,
            description: 'without a passed one for longer than this: fault selfTestMissed',
          }),
        },
        { ...strict, description: 'the device tests itself and tells of it; absent: it does not' },
      ),
    ),
    factory: Type.Optional(ModelFactory),
    gateway: Type.Boolean({ description: 'uses the topics of its children too' }),
  },
  { ...strict, $id: 'DeviceModel' },
);
export type DeviceModel = Static<typeof DeviceModel>;
export type ModelPoint = Static<typeof ModelPoint>;

const LARGEST_SHOWN = 60;

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length <= LARGEST_SHOWN ? text : `${text.slice(0, LARGEST_SHOWN - 1)}…`;
}

function valueAt(document: unknown, pointer: string): unknown {
  let found = document;
  for (const key of pointer.split('/').slice(1))
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[key];
  return found;
}

/** Everything that is wrong with a model, each with field, value and expectation; [] = it is a `DeviceModel`. */
export function deviceModelProblems(document: unknown): readonly string[] {
  const shape = [...Errors(DeviceModel, document)].flatMap(({ instancePath, message, keyword, params }) => {
    // Said of a field that is not known, beside the error that names it in its place.
    if (message === 'schema is false') return [];
    const field = instancePath === '' ? 'the model' : instancePath.slice(1).replaceAll('/', '.');
    if (keyword === 'additionalProperties') {
      const unknown = (params as { readonly additionalProperties?: readonly string[] }).additionalProperties ?? [];
      return unknown.map((name) => `${instancePath === '' ? '' : `${field}.`}${name}: is not a field of a model`);
    }
    const words =
      keyword === 'enum' && 'allowedValues' in params
        ? `must be one of ${(params.allowedValues as readonly string[]).join(', ')}`
        : message;
    return [
      instancePath === '' ? `${field}: ${words}` : `${field} is ${shown(valueAt(document, instancePath))}: ${words}`,
    ];
  });
  return shape.length > 0 ? shape : contentProblems(document as DeviceModel);
}

function contentProblems(model: DeviceModel): readonly string[] {
  const problems: string[] = [];
  const ids = model.points.map(({ id }) => id);
  for (const [index, { id, range }] of model.points.entries()) {
    const first = ids.indexOf(id);
    if (first < index) problems.push(`points.${index}.id is "${id}": expected another name than points.${first}.id`);
    if (range !== undefined && range.min >= range.max)
      problems.push(`points.${index}.range is ${shown(range)}: expected min below max`);
  }
  const kinds = model.events.map(({ kind }) => kind);
  for (const [index, kind] of kinds.entries()) {
    if (kinds.indexOf(kind) < index) problems.push(`events.${index}.kind is "${kind}": expected each kind once`);
  }
  const limits = model.limits ?? [];
  for (const [index, limit] of limits.entries()) {
    if (limits.findIndex(({ id }) => id === limit.id) < index)
      problems.push(`limits.${index}.id is "${limit.id}": expected each id once`);
    problems.push(...limitRuleProblems(limit as LimitRule).map((problem) => `limits.${index}: ${problem}`));
    const [head = '', tail] = limit.point.split('*');
    const isThere = ids.some((id) => (tail === undefined ? id === head : id.startsWith(head) && id.endsWith(tail)));
    if (!isThere) problems.push(`limits.${index}.point is "${limit.point}": expected a point of this model`);
  }
  const { selfTest } = model;
  if (selfTest !== undefined && selfTest.faultAfterHours <= selfTest.everyHours)
    problems.push(
      `selfTest.faultAfterHours is ${selfTest.faultAfterHours}: expected above everyHours, ${selfTest.everyHours}`,
    );
  if (model.factory !== undefined) problems.push(...modelFactoryProblems(model.factory, ids));
  return problems;
}

/**
 * What a later version may not change, because stored rows are read by it.
 *
 * @returns [] when `next` may take the place of `before`.
 */
export function modelSuccessionProblems(before: DeviceModel, next: DeviceModel): readonly string[] {
  const problems: string[] = [];
  if (next.version <= before.version)
    problems.push(`version is ${next.version}: expected above ${before.version}, the version in use`);
  for (const [index, point] of before.points.entries()) {
    const now = next.points[index];
    if (now?.id !== point.id)
      problems.push(
        `points.${index}.id is ${shown(now?.id)}: expected "${point.id}", points are only added at the end`,
      );
    else if (now.unit !== point.unit)
      problems.push(`points.${index}.unit is "${now.unit}": expected "${point.unit}", stored values are in it`);
  }
  return problems;
}
