import type { Level } from '@fengsui/alarm';
import type { BlockValues } from '../modbus/decode-block.ts';
import type { ModbusLink } from '../modbus/modbus-link.ts';
import { openModbusLink } from '../modbus/open-modbus-link.ts';
import { readPlan, type ReadBlock } from '../modbus/read-plan.ts';
import type { MapState, RegisterMap } from '../modbus/register-map.ts';
import type { Clock } from '../playback/clock.ts';
import { pollBus, type PollerListener, type Station } from './bus-poller.ts';
import { createContact, type Contact } from './contact.ts';
import type { FaultReason } from './fault-book.ts';
import type { FieldbusConfig, MeterConfig } from './fieldbus-file.ts';
import { BREAKER_EVERY_MS, createModbusBreakers, type ModbusBreakers } from './modbus-breakers.ts';

/** What something on a bus says by a bit: a contact, a state of a meter. */
export type FieldbusState = {
  readonly source: string;
  readonly point: string;
  readonly kind: string;
  readonly level: Level;
  readonly active: boolean;
};

export type FieldbusListener = {
  /** Good values by point of the terminal, of one request. */
  readonly onValues: (values: ReadonlyMap<string, number>, at: number) => void;
  readonly onState: (state: FieldbusState, at: number) => void;
  /** Something cannot be relied on; without a reason it is well again. Point '' is the terminal itself. */
  readonly onFault: (point: string, key: string, reason: FaultReason | undefined) => void;
};

/** Everything a terminal has on its buses. */
export type Fieldbus = {
  /** Points of the meters, with how often each is read. */
  readonly points: ReadonlyMap<string, { readonly meter: string; readonly everyMs: number }>;
  readonly breakers: ModbusBreakers;
  /** Where faults of the buses are told. */
  readonly faultPoints: readonly string[];
  /** Rejects never: what fails is told. */
  start(listener: FieldbusListener): void;
  sound(on: boolean): void;
  stop(): Promise<void>;
};

/** Wrong values in a row after which a point counts as faulty. */
const BAD_TO_FAULT = 3;
const INPUT_EVERY_MS = 500;
/** A relay that lost its supply has forgotten that it should sound. */
const SIREN_AGAIN_MS = 10_000;

export function createFieldbus(config: FieldbusConfig, clock: Clock): Fieldbus {
  const links = new Map<string, ModbusLink>(
    config.buses.map(({ id, address, timeoutMs }) => [
      id,
      openModbusLink(address, timeoutMs === undefined ? {} : { timeoutMs }),
    ]),
  );
  const linkOf = (bus: string): ModbusLink => {
    const link = links.get(bus);
    if (link === undefined) throw new Error(`there is no bus ${bus}`);
    return link;
  };
  const breakers = createModbusBreakers(config.breakers, linkOf, clock);
  const meters = new Map(config.meters.map((meter) => [meter.id, meter]));
  const stations = config.buses.map(({ id }) => [id, stationsOn(id, config)] as const);
  const contacts = new Map<string, Contact>(
    config.inputs.map(({ id, debounceMs = 0 }) => [id, createContact(debounceMs)]),
  );
  const meterStates = new Map<string, boolean>();
  const badInARow = new Map<string, number>();
  const abort = new AbortController();
  let running: readonly Promise<void>[] = [];
  let siren: { readonly on: boolean; readonly at: number } | undefined;

  function listenerOn(bus: string, listener: FieldbusListener): PollerListener {
    return {
      onBlock(station, _block, values, at) {
        tellValues(station, values, at, listener);
        for (const { state, isActive } of values.states) tellState(station, state, isActive, at, listener);
      },
      onRefused(station, block, failure) {
        const reason = failure && {
          source: station.id,
          reason: 'refused',
          detail: `${wordsOfBlock(block)}: ${failure.message}`,
        };
        listener.onFault(pointOf(station), `${station.id}/${block.table}/${block.address}`, reason);
      },
      onOffline(station, failure) {
        const reason = failure && {
          source: station.id,
          reason: failure.reason,
          detail: `unit ${station.unit}: ${failure.message}`,
        };
        listener.onFault(pointOf(station), `${station.id}/offline`, reason);
      },
      onBusDown(failure) {
        const reason = failure && { source: bus, reason: 'notConnected', detail: failure.message };
        listener.onFault('', `bus/${bus}`, reason);
      },
    };
  }

  /** The first circuit it measures: one that does not answer is one fault, not one for each of its circuits. */
  function pointOf(station: Station): string {
    const [point = ''] = meters.get(station.id)?.points.values() ?? [];
    return point.slice(0, 2);
  }

  function tellValues(station: Station, { values }: BlockValues, at: number, listener: FieldbusListener): void {
    const good = new Map<string, number>();
    for (const [name, value] of values) {
      const point = meters.get(station.id)?.points.get(name);
      if (point === undefined) continue;
      if ('value' in value) good.set(point, value.value);
      const bad = 'value' in value ? 0 : (badInARow.get(point) ?? 0) + 1;
      badInARow.set(point, bad);
      if (bad > 0 && bad < BAD_TO_FAULT) continue;
      const reason =
        'bad' in value ? { source: station.id, reason: 'badValue', detail: `${point}: ${value.bad}` } : undefined;
      listener.onFault(pointOf(station), `${station.id}/${point}`, reason);
    }
    if (good.size > 0) listener.onValues(good, at);
  }

  function tellState(
    station: Station,
    state: MapState,
    isActive: boolean,
    at: number,
    listener: FieldbusListener,
  ): void {
    if (config.breakers.some(({ circuit }) => state.name === breakerName(circuit))) {
      breakers.hear(state.point, isActive);
      return;
    }
    const contact = contacts.get(state.name);
    const { kind, level } = state;
    if (contact !== undefined) {
      const active = contact.read(isActive, performance.now());
      if (active !== undefined) listener.onState({ source: state.name, point: state.name, kind, level, active }, at);
      return;
    }
    const source = `${station.id}/${state.name}`;
    const point = prefixOnSite(meters.get(station.id), state.point);
    if (kind === 'fault') {
      listener.onFault(
        point,
        source,
        isActive ? { source: station.id, reason: state.name, detail: 'told by the device' } : undefined,
      );
    } else if (meterStates.get(source) !== isActive) {
      meterStates.set(source, isActive);
      listener.onState({ source, point, kind, level, active: isActive }, at);
    }
  }

  return {
    points: pointsOf(config.meters),
    breakers,
    faultPoints: [...new Set(['', ...stations.flatMap(([, own]) => own.map(pointOf))])],
    start(listener) {
      running = stations.map(([bus, own]) => pollBus(linkOf(bus), own, listenerOn(bus, listener), clock, abort.signal));
    },
    sound(on) {
      const now = performance.now();
      if (config.siren === undefined || (siren?.on === on && now - siren.at < SIREN_AGAIN_MS)) return;
      siren = { on, at: now };
      const { bus, unit, coil } = config.siren;
      linkOf(bus)
        .writeCoil(unit, coil, on)
        // Tried again with the next call: a siren that is out of reach must not end the terminal.
        .catch(() => (siren = undefined));
    },
    async stop() {
      abort.abort();
      if (siren?.on === true && config.siren !== undefined) {
        // What sounds must not go on when nobody is left to end it.
        const { bus, unit, coil } = config.siren;
        await linkOf(bus)
          .writeCoil(unit, coil, false)
          .catch(() => undefined);
      }
      await Promise.all([...links.values()].map((link) => link.close()));
      await Promise.all(running);
    },
  };
}

/** Inputs and auxiliary contacts are read as the states of a device without registers. */
function stationsOn(bus: string, { meters, inputs, breakers }: FieldbusConfig): readonly Station[] {
  const ofMeters = meters
    .filter((meter) => meter.bus === bus)
    .map(({ id, unit, map, points, everyMs }): Station => {
      const paced = everyMs === undefined ? map : { ...map, everyMs };
      const names = new Set([...points.keys(), ...(map.states ?? []).map(({ name }) => name)]);
      return { id, unit, map: paced, blocks: readPlan(paced, (name) => names.has(name)) };
    });
  const bits = new Map<number, MapState[]>();
  const add = (unit: number, state: MapState): void => void bits.set(unit, [...(bits.get(unit) ?? []), state]);
  for (const {
    id,
    bus: own,
    unit,
    table,
    address,
    activeWhen = true,
    kind,
    level,
    everyMs = INPUT_EVERY_MS,
  } of inputs) {
    if (own === bus) add(unit, { name: id, table, address, activeWhen, point: '', kind, level, everyMs });
  }
  for (const { circuit, bus: own, unit, readBack, everyMs = BREAKER_EVERY_MS } of breakers) {
    const { table, address, openWhen } = readBack;
    const common = { kind: 'fault', level: 'attention', everyMs } as const;
    if (own === bus)
      add(unit, { name: breakerName(circuit), table, address, activeWhen: openWhen, point: circuit, ...common });
  }
  const ofBits = [...bits].map(([unit, states]): Station => {
    const map = bitsMap(states);
    return { id: `unit ${unit}`, unit, map, blocks: readPlan(map) };
  });
  return [...ofMeters, ...ofBits];
}

function bitsMap(states: MapState[]): RegisterMap {
  return {
    format: 'fengsui.register-map/1',
    id: 'bits',
    name: 'contacts',
    document: { title: 'fieldbus file', version: '1' },
    verifiedOn: 'none',
    limits: { registers: 1, bits: 2000 },
    wordOrder: 'highFirst',
    everyMs: INPUT_EVERY_MS,
    registers: [],
    states,
  };
}

/** No input can have this name: they have no blank. */
const breakerName = (circuit: string): string => `breaker ${circuit}`;

function prefixOnSite(meter: MeterConfig | undefined, prefix: string): string {
  for (const [from, to] of meter?.points ?? []) if (from.startsWith(`${prefix}.`)) return to.slice(0, 2);
  return prefix;
}

function pointsOf(meters: readonly MeterConfig[]): Fieldbus['points'] {
  return new Map(
    meters.flatMap(({ id, map, points, everyMs }) =>
      [...points].map(([from, to]) => {
        const own = map.registers.find(({ point }) => point === from)?.everyMs;
        return [to, { meter: id, everyMs: own ?? everyMs ?? map.everyMs }] as const;
      }),
    ),
  );
}

function wordsOfBlock({ table, address, count }: ReadBlock): string {
  return `${table} ${address}${count === 1 ? '' : `–${address + count - 1}`}`;
}
