import { eventKinds, levels, type Level } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { conversionOf } from './unit-conversion.ts';

export const registerMapFormat = 'fengsui.register-map/1';

const closed = { additionalProperties: false } as const;

export const registerTypes = ['u16', 'i16', 'u32', 'i32', 'u64', 'i64', 'f32', 'f64'] as const;
export type RegisterType = (typeof registerTypes)[number];
export const modbusTables = ['coil', 'discrete', 'holding', 'input'] as const;
export type ModbusTable = (typeof modbusTables)[number];

/** Protocol address from 0, as a number or as the documents print it: `"0x0190"`. */
const Address = Type.Union([
  Type.Integer({ minimum: 0, maximum: 65_535 }),
  Type.String({ pattern: '^0x[0-9A-Fa-f]{1,4}$' }),
]);
const WordOrder = Type.Enum(['highFirst', 'lowFirst']);
const Interval = Type.Integer({ minimum: 100, maximum: 3_600_000 });

const Register = Type.Object(
  {
    /** `c1.currentA`: circuit and temperature numbers are the map's own; the fieldbus file says which they are on site. */
    point: Type.String({ pattern: '^[ct][1-8]\\.[A-Za-z]{1,40}$' }),
    table: Type.Enum(['holding', 'input']),
    address: Address,
    type: Type.Enum([...registerTypes]),
    wordOrder: Type.Optional(WordOrder),
    /** What one unit of the raw number is; default 1. */
    scale: Type.Optional(Type.Number()),
    /** Added after `scale`. */
    offset: Type.Optional(Type.Number()),
    /** Of raw × scale; converted to the unit of the point. */
    unit: Type.String({ maxLength: 8 }),
    /** Raw numbers that stand for "not measured". */
    invalid: Type.Optional(Type.Array(Type.Number(), { maxItems: 8 })),
    /** In the unit of the point; outside it is no measurement. */
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    everyMs: Type.Optional(Interval),
  },
  closed,
);
export type MapRegister = Static<typeof Register>;

const State = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,31}$' }),
    table: Type.Enum([...modbusTables]),
    address: Address,
    /** Of a register: the bit that counts, 0 = least significant. */
    bit: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
    /** Said while the bit is this; default true. */
    activeWhen: Type.Optional(Type.Boolean()),
    /** Prefix it is about. */
    point: Type.String({ pattern: '^[ct][1-8]$' }),
    kind: Type.String({ minLength: 1, maxLength: 32 }),
    level: Type.Unsafe<Level>(Type.Enum([...levels])),
    everyMs: Type.Optional(Interval),
  },
  closed,
);
export type MapState = Static<typeof State>;

export const RegisterMap = Type.Object(
  {
    format: Type.Literal(registerMapFormat),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,47}$' }),
    name: Type.String({ minLength: 1, maxLength: 80 }),
    document: Type.Object(
      {
        title: Type.String({ minLength: 1 }),
        version: Type.String({ minLength: 1 }),
        note: Type.Optional(Type.String()),
      },
      closed,
    ),
    /** Serial or batch numbers of real devices the map was tried on; `"none"` while it was not. */
    verifiedOn: Type.Union([Type.Literal('none'), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })]),
    limits: Type.Object(
      {
        /** Registers in one request, 125 by the standard. */
        registers: Type.Integer({ minimum: 1, maximum: 125 }),
        /** Coils or inputs in one request. */
        bits: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000 })),
        /** Reads on over this many registers that nothing is known of; default 0: many devices refuse them. */
        gap: Type.Optional(Type.Integer({ minimum: 0, maximum: 64 })),
      },
      closed,
    ),
    wordOrder: WordOrder,
    everyMs: Interval,
    registers: Type.Array(Register, { minItems: 1, maxItems: 200 }),
    states: Type.Optional(Type.Array(State, { maxItems: 64 })),
  },
  closed,
);
/** The registers of one make of meter, as data. */
export type RegisterMap = Static<typeof RegisterMap>;

export const wordsOf: Readonly<Record<RegisterType, number>> = {
  u16: 1,
  i16: 1,
  u32: 2,
  i32: 2,
  f32: 2,
  u64: 4,
  i64: 4,
  f64: 4,
};

export function addressOf(address: number | string): number {
  return typeof address === 'number' ? address : Number.parseInt(address, 16);
}

/** Everything that is wrong with a map, each naming place, value and expectation; [] = it is a `RegisterMap`. */
export function registerMapProblems(document: unknown): readonly string[] {
  const shape = [...Errors(RegisterMap, document)].flatMap(({ instancePath, message }) => {
    // Said of a field that is not known, beside the error that names it in its place.
    if (message === 'schema is false') return [];
    return [`${instancePath === '' ? 'document' : instancePath.slice(1).replaceAll('/', '.')} ${message}`];
  });
  if (shape.length > 0) return [...new Set(shape)];
  const map = document as RegisterMap;
  return [...registerProblems(map), ...stateProblems(map)];
}

function registerProblems({ registers, limits }: RegisterMap): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  registers.forEach((register, index) => {
    const place = `registers.${index} (${register.point})`;
    const { point, type, unit, min = -Infinity, max = Infinity } = register;
    if (seen.has(point)) problems.push(`${place}: the point is given twice`);
    seen.add(point);
    if (conversionOf(point, unit) === undefined) {
      problems.push(`${place}: unit is "${unit}", which no ${point.slice(3)} can be given in`);
    }
    if (register.scale === 0) problems.push(`${place}: scale is 0, which leaves nothing of the value`);
    const end = addressOf(register.address) + wordsOf[type];
    if (end > 65_536) problems.push(`${place}: ${type} at ${register.address} ends behind register 65535`);
    if (wordsOf[type] > limits.registers) problems.push(`${place}: ${type} does not fit into limits.registers`);
    if (!(min < max)) problems.push(`${place}: min is ${min} and max ${max}, expected min below max`);
  });
  return problems;
}

function stateProblems({ states = [], registers }: RegisterMap): readonly string[] {
  const problems: string[] = [];
  const prefixes = new Set(registers.map(({ point }) => point.slice(0, 2)));
  const seen = new Set<string>();
  states.forEach((state, index) => {
    const place = `states.${index} (${state.name})`;
    if (seen.has(state.name)) problems.push(`${place}: the name is given twice`);
    seen.add(state.name);
    const isRegister = state.table === 'holding' || state.table === 'input';
    if (isRegister && state.bit === undefined) problems.push(`${place}: bit is missing, expected 0 to 15`);
    if (!isRegister && state.bit !== undefined) problems.push(`${place}: a ${state.table} has no bit`);
    if (!prefixes.has(state.point)) problems.push(`${place}: no register is of ${state.point}`);
    if (!eventKinds.includes(state.kind as (typeof eventKinds)[number])) {
      problems.push(`${place}: kind is ${state.kind}, expected one of ${eventKinds.join(', ')}`);
    }
  });
  return problems;
}
