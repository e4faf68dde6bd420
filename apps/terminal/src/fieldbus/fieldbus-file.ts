import { readFileSync } from 'node:fs';
import path from 'node:path';
import { levels, type Level } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { loadRegisterMap } from '../modbus/load-register-map.ts';
import type { BusAddress } from '../modbus/open-modbus-link.ts';
import type { RegisterMap } from '../modbus/register-map.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,31}$' });
const Unit = Type.Integer({ minimum: 0, maximum: 255 });
const Address = Type.Integer({ minimum: 0, maximum: 65_535 });
const Interval = Type.Integer({ minimum: 100, maximum: 3_600_000 });
const Host = Type.Object(
  {
    host: Type.String({ minLength: 1 }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  },
  closed,
);
const bits = Type.Enum(['coil', 'discrete']);

const Bus = Type.Object(
  {
    id: Id,
    tcp: Type.Optional(Host),
    rtuOverTcp: Type.Optional(Host),
    serial: Type.Optional(
      Type.Object(
        {
          path: Type.String({ minLength: 1 }),
          baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 1_000_000 })),
          parity: Type.Optional(Type.Enum(['none', 'even', 'odd'])),
          stopBits: Type.Optional(Type.Enum([1, 2])),
        },
        closed,
      ),
    ),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 50, maximum: 10_000 })),
  },
  closed,
);

const Meter = Type.Object(
  {
    id: Id,
    bus: Id,
    unit: Unit,
    /** Id of a shipped map, or a file beside this one. */
    map: Type.String({ minLength: 1 }),
    /** Which circuit or temperature of the terminal each of the map is; the others keep their number. */
    as: Type.Optional(
      Type.Record(Type.String({ pattern: '^[ct][1-8]$' }), Type.String({ pattern: '^([ct][1-8]|unused)$' })),
    ),
    /** Faster or slower than the map says. */
    everyMs: Type.Optional(Interval),
  },
  closed,
);

/** What a contact may mean: what a detector, a door or a device says by closing it. */
export const contactKinds = ['smoke', 'heat', 'gas', 'waterPressure', 'manualAlarm', 'tamper', 'fault'] as const;

const Input = Type.Object(
  {
    id: Id,
    bus: Id,
    unit: Unit,
    table: bits,
    address: Address,
    /** Default true; false = a contact that is closed at rest. */
    activeWhen: Type.Optional(Type.Boolean()),
    kind: Type.Enum([...contactKinds]),
    level: Type.Unsafe<Level>(Type.Enum([...levels])),
    /** Must hold for so long before it is told, both ways; default 0. */
    debounceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
    everyMs: Type.Optional(Interval),
  },
  closed,
);

const Breaker = Type.Object(
  {
    circuit: Type.String({ pattern: '^c[1-8]$' }),
    bus: Id,
    unit: Unit,
    /** Energised, it trips the breaker. There is none that closes it. */
    tripCoil: Address,
    /** Energises the coil for so long only; default: for good. */
    pulseMs: Type.Optional(Type.Integer({ minimum: 20, maximum: 10_000 })),
    readBack: Type.Object({ table: bits, address: Address, openWhen: Type.Boolean() }, closed),
    everyMs: Type.Optional(Interval),
  },
  closed,
);

const FieldbusDocument = Type.Object(
  {
    format: Type.Literal('fengsui.fieldbus/1'),
    buses: Type.Array(Bus, { minItems: 1, maxItems: 16 }),
    meters: Type.Optional(Type.Array(Meter, { maxItems: 64 })),
    inputs: Type.Optional(Type.Array(Input, { maxItems: 64 })),
    breakers: Type.Optional(Type.Array(Breaker, { maxItems: 8 })),
    /** A coil that is on while the terminal sounds. */
    siren: Type.Optional(Type.Object({ bus: Id, unit: Unit, coil: Address }, closed)),
  },
  closed,
);
type FieldbusDocument = Static<typeof FieldbusDocument>;
export type ContactConfig = Static<typeof Input>;
export type BreakerConfig = Static<typeof Breaker>;

export type MeterConfig = Omit<Static<typeof Meter>, 'map' | 'as'> & {
  readonly map: RegisterMap;
  /** Point of the map → point of the terminal; what is unused is absent. */
  readonly points: ReadonlyMap<string, string>;
};

/** Everything on the buses of one terminal. */
export type FieldbusConfig = {
  readonly buses: readonly { readonly id: string; readonly address: BusAddress; readonly timeoutMs?: number }[];
  readonly meters: readonly MeterConfig[];
  readonly inputs: readonly ContactConfig[];
  readonly breakers: readonly BreakerConfig[];
  readonly siren?: FieldbusDocument['siren'];
};

/** @throws Error naming the file and everything that is wrong in it. */
export function loadFieldbus(file: string): FieldbusConfig {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}; expected a fieldbus file`, {
      cause,
    });
  }
  const shape = [...Errors(FieldbusDocument, document)].flatMap(({ instancePath, message }) => {
    if (message === 'schema is false') return [];
    return [`${instancePath === '' ? 'document' : instancePath.slice(1).replaceAll('/', '.')} ${message}`];
  });
  const refuse = (problems: readonly string[]): never => {
    throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  };
  if (shape.length > 0) return refuse([...new Set(shape)]);
  const { buses, meters = [], inputs = [], breakers = [], siren } = document as FieldbusDocument;
  const loaded = meters.map((meter) => meterOf(meter, path.dirname(file)));
  const problems = [
    ...buses.flatMap(busProblems),
    ...duplicates(
      'bus',
      buses.map(({ id }) => id),
    ),
    ...duplicates(
      'meter or input',
      [...meters, ...inputs].map(({ id }) => id),
    ),
    ...duplicates(
      'breaker of',
      breakers.map(({ circuit }) => circuit),
    ),
    ...duplicates(
      'point',
      loaded.flatMap(({ points }) => [...points.values()]),
    ),
    ...strangers(buses, [...meters, ...inputs, ...(siren === undefined ? [] : [{ id: 'siren', ...siren }])]),
    ...strangers(
      buses,
      breakers.map((breaker) => ({ id: `breaker of ${breaker.circuit}`, ...breaker })),
    ),
    ...meters.flatMap((meter, index) => asProblems(meter, loaded[index])),
  ];
  if (problems.length > 0) return refuse(problems);
  return {
    buses: buses.map(({ id, timeoutMs, ...bus }) => ({
      id,
      address: addressOfBus(bus),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })),
    meters: loaded,
    inputs,
    breakers,
    ...(siren !== undefined && { siren }),
  };
}

function meterOf({ map: name, as = {}, ...meter }: Static<typeof Meter>, folder: string): MeterConfig {
  const map = loadRegisterMap(name.endsWith('.json') ? path.resolve(folder, name) : name);
  const points = map.registers.flatMap(({ point }): [string, string][] => {
    const prefix = as[point.slice(0, 2)] ?? point.slice(0, 2);
    return prefix === 'unused' ? [] : [[point, prefix + point.slice(2)]];
  });
  return { ...meter, map, points: new Map(points) };
}

function addressOfBus({ tcp, rtuOverTcp, serial }: Omit<Static<typeof Bus>, 'id'>): BusAddress {
  if (tcp !== undefined) return { kind: 'tcp', host: tcp.host, port: tcp.port ?? 502 };
  if (rtuOverTcp !== undefined) return { kind: 'rtuOverTcp', host: rtuOverTcp.host, port: rtuOverTcp.port ?? 502 };
  const { path: line = '', baudRate = 9600, parity = 'none', stopBits = 1 } = serial ?? {};
  return { kind: 'serial', path: line, baudRate, parity, stopBits };
}

function busProblems({ id, tcp, rtuOverTcp, serial }: Static<typeof Bus>): readonly string[] {
  const ways = [tcp, rtuOverTcp, serial].filter((way) => way !== undefined).length;
  return ways === 1 ? [] : [`bus ${id}: has ${ways} of tcp, rtuOverTcp and serial, expected one`];
}

function duplicates(what: string, names: readonly string[]): readonly string[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => `${what} ${name} is given twice`);
}

function strangers(
  buses: FieldbusDocument['buses'],
  users: readonly { readonly id: string; readonly bus: string }[],
): readonly string[] {
  const known = buses.map(({ id }) => id);
  return users
    .filter(({ bus }) => !known.includes(bus))
    .map(({ id, bus }) => `${id}: there is no bus ${bus}, expected one of ${known.join(', ')}`);
}

function asProblems({ id, as = {} }: Static<typeof Meter>, meter: MeterConfig | undefined): readonly string[] {
  const own = new Set(meter?.map.registers.map(({ point }) => point.slice(0, 2)));
  return Object.entries(as).flatMap(([from, to]) => {
    if (!own.has(from)) return [`meter ${id}: as.${from}: its map has ${[...own].join(', ')}`];
    if (to !== 'unused' && to[0] !== from[0]) return [`meter ${id}: as.${from} is ${to}, expected another ${from[0]}`];
    return [];
  });
}
