import { createIdleSource } from '../src/source/idle-source.ts';
import { createFieldbus } from '../src/fieldbus/fieldbus.ts';
import { loadRegisterMap } from '../src/modbus/load-register-map.ts';
import type { FieldbusConfig, MeterConfig } from '../src/fieldbus/fieldbus-file.ts';
import type { RegisterMap } from '../src/modbus/register-map.ts';
import { systemClock } from '../src/playback/clock.ts';
import { numberingFrom } from '../src/report/numbering.ts';
import type { TerminalState } from '../src/state/terminal-state.ts';
import { createTerminal, type TerminalOptions } from '../src/terminal.ts';
import type { ModbusSlave } from './modbus-slave.ts';
import { RecordingUplink } from './recording-uplink.ts';

/** The bus `b1` at a slave, with nothing on it. */
export function busTo(slave: Pick<ModbusSlave, 'port'>, more: Partial<FieldbusConfig> = {}): FieldbusConfig {
  const address = { kind: 'tcp', host: '127.0.0.1', port: slave.port } as const;
  return { buses: [{ id: 'b1', address, timeoutMs: 200 }], meters: [], inputs: [], breakers: [], ...more };
}

/** A meter of a shipped map on `b1`, read ten times a second, its circuits renamed. */
export function meter(id: string, unit: number, mapId: string, as: Readonly<Record<string, string>> = {}): MeterConfig {
  const map = loadRegisterMap(mapId);
  const quick: RegisterMap = {
    ...map,
    everyMs: 100,
    registers: map.registers.map((register) => ({ ...register, everyMs: 100 })),
  };
  const points = map.registers.map(({ point }): [string, string] => {
    const prefix = point.slice(0, 2);
    return [point, `${as[prefix] ?? prefix}${point.slice(2)}`];
  });
  return { id, bus: 'b1', unit, map: quick, points: new Map(points) };
}

/** A running terminal that only reads buses. */
export function meteringTerminal(config: FieldbusConfig, options: Partial<TerminalOptions> = {}) {
  const uplink = new RecordingUplink();
  const states: TerminalState[] = [];
  const terminal = createTerminal({
    source: createIdleSource(),
    deviceId: 'D1',
    uplink,
    fieldbus: createFieldbus(config, systemClock),
    numbering: numberingFrom('e1'),
    model: null,
    onState: (state) => states.push(state),
    ...options,
  });
  terminal.start();
  const newest = (): Record<string, number> => {
    const telemetry = uplink.telemetry().at(-1);
    const row = telemetry?.rows[0];
    return Object.fromEntries((telemetry?.points ?? []).map((point, index) => [point, row?.values[index] ?? NaN]));
  };
  /** Without the ends of faults that this run did not tell: each run tells once that all is well. */
  const events = (kind: string) =>
    uplink
      .events()
      .filter(({ eventKind }) => eventKind === kind)
      .filter(
        ({ active, point }, index, all) =>
          kind !== 'fault' ||
          active === true ||
          all.slice(0, index).some((before) => before.point === point && before.active === true),
      );
  return { terminal, uplink, states, newest, events };
}
