import { levels } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { oneOf } from '../api/schema.ts';
import { timeFormats, utcOffsetPattern } from './foreign-time.ts';

const strict = { additionalProperties: false } as const;
const Path = Type.String({ maxLength: 200, description: 'path in the report, docs/reference/mapping.md' });
const Name = Type.String({ minLength: 1, maxLength: 64 });
const Point = Type.String({ maxLength: 64, description: 'point or its prefix; "" = the device' });
const WireId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });

const When = Type.Object(
  {
    path: Path,
    is: Type.Array(Type.String({ maxLength: 128 }), {
      minItems: 1,
      maxItems: 64,
      description: 'numbers and booleans as they are written in JSON',
    }),
  },
  { ...strict, description: 'the rule counts only for reports whose value at `path` is one of these' },
);

const Case = Type.Union([
  Type.Literal('ignore'),
  Type.Object(
    {
      kind: Name,
      level: Type.Optional(oneOf(levels, 'default alarm')),
      active: Type.Optional(Type.Boolean({ description: 'default true; false ends the condition' })),
      point: Type.Optional(Point),
    },
    strict,
  ),
]);

export const MappedValue = Type.Object(
  {
    path: Path,
    point: Name,
    scale: Type.Optional(Type.Number({ description: 'value = number · scale + offset; default 1' })),
    offset: Type.Optional(Type.Number({ description: 'default 0' })),
    unit: Type.Optional(
      Type.Object(
        { path: Path, is: Type.String({ maxLength: 32 }) },
        { ...strict, description: 'where the message says its unit, and which one it has to be' },
      ),
    ),
    when: Type.Optional(When),
  },
  strict,
);

export const MappedCondition = Type.Object(
  {
    path: Path,
    cases: Type.Record(Type.String({ maxLength: 128 }), Case, { maxProperties: 1000 }),
    point: Type.Optional(Point),
    when: Type.Optional(When),
  },
  strict,
);

const embeddedPath = Type.String({ maxLength: 200, description: 'path of a text that holds the actual message' });

const Embedded = Type.Union([
  embeddedPath,
  Type.Object(
    {
      path: embeddedPath,
      encoding: Type.Optional(oneOf(['none', 'base64', 'hex'], 'how the text is written; default none')),
      content: Type.Optional(
        oneOf(['json', 'text', 'bytes'], 'what it holds; default json; bytes: a list of numbers 0…255'),
      ),
    },
    strict,
  ),
]);

const Applies = Type.Object(
  {
    topic: Type.Optional(Type.String({ maxLength: 256, description: 'MQTT filter of the topics it is for' })),
    has: Type.Optional(
      Type.Array(Path, { maxItems: 32, description: 'paths of the message as it came that must be there' }),
    ),
    when: Type.Optional(Type.Array(When, { maxItems: 8, description: 'all of them' })),
  },
  { ...strict, description: 'which messages it is for; absent = all' },
);

const fields = {
  schemaVersion: Type.Literal(1),
  name: Type.String({ minLength: 1, maxLength: 120 }),
  status: Type.Optional(
    oneOf(['verified', 'unverified'], 'whether it was tried with the platform itself, or written from its documents'),
  ),
  applies: Type.Optional(Applies),
  body: Type.Optional(oneOf(['json', 'text'], 'what the payload is; default json')),
  embedded: Type.Optional(Embedded),
  reports: Type.Optional(
    Type.String({ maxLength: 200, description: 'path with [*] to the reports; absent = the message is the report' }),
  ),
  device: Type.Object(
    {
      path: Path,
      table: Type.Optional(
        Type.Record(Type.String({ maxLength: 128 }), WireId, {
          maxProperties: 20_000,
          description: "the platform's id → ours; absent = it uses ours",
        }),
      ),
    },
    strict,
  ),
  time: Type.Optional(
    Type.Object(
      {
        path: Path,
        format: oneOf(timeFormats),
        utcOffset: Type.Optional(Type.String({ pattern: utcOffsetPattern, description: 'of format local: "+08:00"' })),
      },
      strict,
    ),
  ),
  key: Type.Optional(
    Type.Array(Path, { minItems: 1, maxItems: 4, description: 'together they name the message: it counts once' }),
  ),
  values: Type.Optional(Type.Array(MappedValue, { maxItems: 256 })),
  conditions: Type.Optional(Type.Array(MappedCondition, { maxItems: 256 })),
};

/**
 * How the messages of one foreign platform become reports of our own wire: data, not code. A message may hold several
 * reports; each names a device, and holds values and conditions of it. docs/reference/mapping.md.
 */
export const Mapping = Type.Object(fields, { $id: 'Mapping', ...strict });
export type Mapping = Static<typeof Mapping>;

/** Several mappings of one source, whose messages have several shapes: the first that applies counts. */
export const MappingSet = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    status: Type.Optional(oneOf(['verified', 'unverified'])),
    // Inline: one document may name a schema only once.
    variants: Type.Array(Type.Object(fields, strict), { minItems: 1, maxItems: 32 }),
  },
  { $id: 'MappingSet', ...strict },
);
export type MappingSet = Static<typeof MappingSet>;
export type AnyMapping = Mapping | MappingSet;
export type MappedValue = Static<typeof MappedValue>;
export type MappedCondition = Static<typeof MappedCondition>;
