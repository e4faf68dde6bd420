import type { Breakers } from '../action/breaker.ts';
import type { ModbusLink } from '../modbus/modbus-link.ts';
import type { Clock } from '../playback/clock.ts';
import type { BreakerConfig } from './fieldbus-file.ts';

/** Breakers whose trip coil and auxiliary contact are on a bus. */
export type ModbusBreakers = Breakers & {
  readonly circuits: readonly string[];
  /** Takes what the bus read of the auxiliary contact. */
  hear(circuit: string, isOpen: boolean): void;
};

/** How long a breaker may take to fall and its contact to tell. */
const FALL_MS = 2000;
const ASK_EVERY_MS = 100;
const WRITE_ATTEMPTS = 3;
export const BREAKER_EVERY_MS = 500;

/** @param linkOf the bus by its id. */
export function createModbusBreakers(
  configs: readonly BreakerConfig[],
  linkOf: (bus: string) => ModbusLink,
  clock: Clock,
): ModbusBreakers {
  const heard = new Map<string, { readonly isOpen: boolean; readonly at: number }>();
  const configOf = (circuit: string): BreakerConfig | undefined => configs.find((config) => config.circuit === circuit);

  async function readBack({
    circuit,
    bus,
    unit,
    readBack: { table, address, openWhen },
  }: BreakerConfig): Promise<boolean> {
    const [bit] = await linkOf(bus).readUrgently({ unit, table, address, count: 1 });
    const isOpen = (bit === 1) === openWhen;
    heard.set(circuit, { isOpen, at: performance.now() });
    return isOpen;
  }

  async function trip({ bus, unit, tripCoil, pulseMs }: BreakerConfig): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await linkOf(bus).writeCoil(unit, tripCoil, true);
        break;
      } catch (error) {
        if (attempt === WRITE_ATTEMPTS) throw error;
      }
    }
    if (pulseMs !== undefined) void release(bus, unit, tripCoil, pulseMs);
  }

  /** Ends the pulse: the release is spared, the breaker stays as it fell. */
  async function release(bus: string, unit: number, coil: number, pulseMs: number): Promise<void> {
    await clock.sleep(pulseMs, new AbortController().signal);
    await linkOf(bus)
      .writeCoil(unit, coil, false)
      .catch(() => undefined);
  }

  return {
    circuits: configs.map(({ circuit }) => circuit),
    hear: (circuit, isOpen) => heard.set(circuit, { isOpen, at: performance.now() }),
    state(circuit) {
      const newest = heard.get(circuit);
      const everyMs = configOf(circuit)?.everyMs ?? BREAKER_EVERY_MS;
      if (newest === undefined || performance.now() - newest.at > 3 * everyMs + 1000) return 'unknown';
      return newest.isOpen ? 'open' : 'closed';
    },
    async open(circuit) {
      const config = configOf(circuit);
      if (config === undefined) throw new Error(`${circuit} has no breaker on a bus`);
      // What was read before the order says nothing of what became of it.
      heard.delete(circuit);
      try {
        await trip(config);
      } catch (error) {
        // It may have fallen all the same, or stand as it stood.
        await readBack(config).catch(() => undefined);
        throw error;
      }
      const until = performance.now() + FALL_MS;
      while (!(await readBack(config))) {
        if (performance.now() > until)
          throw new Error(`the breaker was ordered to open and its contact still says closed`);
        await clock.sleep(ASK_EVERY_MS, new AbortController().signal);
      }
    },
  };
}

/** Those of a source and those on a bus; the bus goes first. */
export function joinBreakers(source: Breakers | undefined, bus: ModbusBreakers | undefined): Breakers | undefined {
  if (bus === undefined || bus.circuits.length === 0) return source;
  const of = (circuit: string): Breakers | undefined => (bus.circuits.includes(circuit) ? bus : source);
  return {
    state: (circuit) => of(circuit)?.state(circuit) ?? 'unknown',
    open(circuit) {
      const breakers = of(circuit);
      if (breakers === undefined) throw new Error(`${circuit} has no breaker that can be opened from here`);
      return breakers.open(circuit);
    },
  };
}
