import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { oneOf } from '../api/schema.ts';
import { GbField } from './unit/layout.ts';

const strict = { additionalProperties: false } as const;
const Byte = Type.Integer({ minimum: 0, maximum: 255 });
const Word = Type.String({ minLength: 1, maxLength: 80 });
const UserCode = Type.Integer({ minimum: 128, maximum: 255 });

const CodeName = Type.Object({ code: UserCode, zh: Type.Optional(Word), en: Type.Optional(Word) }, strict);

const AnalogName = Type.Object(
  {
    code: Type.Integer({ minimum: 0, maximum: 255, description: "a code of the standard is replaced by the make's" }),
    zh: Type.Optional(Word),
    en: Type.Optional(Word),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    quantity: Type.Optional(
      Type.String({
        pattern: '^[a-z][A-Za-z0-9]{0,39}$',
        description:
          'name of the quantity in points, `residualCurrentMa`; what has a limit of the centre is watched by it',
      }),
    ),
    step: Type.Number({ exclusiveMinimum: 0, description: 'value of one raw count' }),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
  },
  strict,
);

const UnitOfMake = Type.Object(
  {
    type: Byte,
    zh: Type.Optional(Word),
    en: Type.Optional(Word),
    maxCount: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
    bitsOf: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(4), Type.Literal(21), Type.Literal(24)], {
        description: 'type of the standard whose status or operation bits it carries; default its own type',
      }),
    ),
    fields: Type.Array(GbField, { minItems: 1, maxItems: 40 }),
  },
  strict,
);

const Heartbeat = Type.Union([
  Type.Object({ command: Byte, form: Type.Literal('empty') }, strict),
  Type.Object({ command: Byte, form: Type.Literal('type'), type: Byte }, strict),
  Type.Object(
    {
      command: Byte,
      form: Type.Literal('data'),
      dataHex: Type.String({ pattern: '^([0-9a-f]{2}){1,64}$', description: 'the whole data unit' }),
    },
    strict,
  ),
]);

/**
 * How the devices of one make deviate from the standard; data, not code. What is absent is as the standard has it.
 *
 * A layout given here for a type is tried before the standard's: it was written for this make. What fits neither is
 * given back raw.
 */
export const GbProfile = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    name: Word,
    serialOrder: Type.Optional(oneOf(['lowFirst', 'highFirst'])),
    version: Type.Optional(
      Type.Object({ major: Byte, user: Byte }, { ...strict, description: 'what it sends; default {1, 0}' }),
    ),
    versionOrder: Type.Optional(oneOf(['majorFirst', 'userFirst'])),
    addressForm: Type.Optional(
      oneOf(['number', 'digits', 'ipv4Port'], 'how people of this make read the six bytes; default number'),
    ),
    partAddressForm: Type.Optional(
      oneOf(['zoneAndPoint', 'number', 'opaque'], 'the standard gives no structure; default zoneAndPoint'),
    ),
    textPad: Type.Optional(oneOf(['nul', 'space'])),
    isTestBitReliable: Type.Optional(
      Type.Boolean({ description: 'bit 0 = 0 means test; default false: real alarms come with bit 0 = 0' }),
    ),
    heartbeats: Type.Optional(Type.Array(Heartbeat, { maxItems: 8 })),
    units: Type.Optional(Type.Array(UnitOfMake, { maxItems: 64 })),
    systemTypes: Type.Optional(Type.Array(CodeName, { maxItems: 128 })),
    partTypes: Type.Optional(Type.Array(CodeName, { maxItems: 128 })),
    analogTypes: Type.Optional(Type.Array(AnalogName, { maxItems: 256 })),
    unreadableReply: Type.Optional(
      oneOf(
        ['confirm', 'deny'],
        'to a data unit nobody can read; default confirm: a denied device repeats it for ever',
      ),
    ),
    reportingTimeMs: Type.Optional(
      Type.Integer({ minimum: 1000, maximum: 7_200_000, description: 'silence that makes it offline' }),
    ),
  },
  { $id: 'GbProfile', ...strict },
);
export type GbProfile = Static<typeof GbProfile>;

/** The standard itself, with the heartbeat the field has agreed on: an empty upload. */
export const standardGbProfile: GbProfile = {
  id: 'standard',
  name: 'GB/T 26875.3-2011',
  version: { major: 1, user: 0 },
  heartbeats: [{ command: 2, form: 'empty' }],
};

/** A profile read from a file, or every reason why it is none. */
export function readGbProfile(
  value: unknown,
):
  | { readonly kind: 'profile'; readonly profile: GbProfile }
  | { readonly kind: 'problems'; readonly problems: readonly string[] } {
  if (!Check(GbProfile, value)) {
    const problems = [...Errors(GbProfile, value)].map((error) => `${error.instancePath || '/'} ${error.message}`);
    return { kind: 'problems', problems: [...new Set(problems)] };
  }
  const problems = repeatedProblems(value);
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'profile', profile: value };
}

function repeatedProblems(profile: GbProfile): string[] {
  const { units = [], systemTypes = [], partTypes = [], analogTypes = [] } = profile;
  const codes = (rows: readonly { readonly code: number }[]) => rows.map((row) => row.code);
  return [
    ...repeated(
      '/units',
      'type',
      units.map((unit) => unit.type),
    ),
    ...units.flatMap((unit, i) =>
      repeated(
        `/units/${i}/fields`,
        'name',
        unit.fields.map((field) => field.name),
      ),
    ),
    ...repeated('/systemTypes', 'code', codes(systemTypes)),
    ...repeated('/partTypes', 'code', codes(partTypes)),
    ...repeated('/analogTypes', 'code', codes(analogTypes)),
  ];
}

function repeated(place: string, what: string, values: readonly (number | string)[]): string[] {
  const twice = new Set(values.filter((value, i) => values.indexOf(value) < i));
  return [...twice].map((value) => `${place} has the ${what} ${value} more than once`);
}
