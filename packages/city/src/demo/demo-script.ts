import type { CircuitFault } from '../fault/circuit-fault.ts';
import type { RoomFault } from '../fault/room-fault.ts';
import { RandomStream } from '../random/random-stream.ts';
import { useProfiles } from './circuit-use.ts';
import type { DemoCity } from './create-demo-city.ts';
import type { DemoCircuit, DemoDeviceEntry } from './demo-device-entry.ts';

/** One fault on one device; milliseconds after the start of the demo, repeated in the fault itself. */
export type DemoEvent = {
  readonly deviceId: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly fault: CircuitFault | RoomFault;
};

export type DemoScript = readonly DemoEvent[];

type Act = 'overload' | 'seriesArc' | 'risingLeakage' | 'looseTerminal' | 'smouldering' | 'gasLeak' | 'flaming';

/** The opening a visitor sees: every kind within ten minutes, the first on a live waveform. */
const OPENING: readonly (readonly [act: Act, atS: number, durationS: number, onWaveform: boolean])[] = [
  ['overload', 25, 100, true],
  ['seriesArc', 75, 15, true],
  ['risingLeakage', 110, 140, false],
  ['looseTerminal', 200, 200, true],
  ['smouldering', 310, 150, false],
  ['gasLeak', 420, 100, false],
  ['flaming', 540, 150, false],
];
const LATER: readonly Act[] = [
  'overload',
  'seriesArc',
  'risingLeakage',
  'looseTerminal',
  'smouldering',
  'gasLeak',
  'overload',
];
const HOUR_MS = 3_600_000;

/**
 * Which faults occur where and when in the demo: the opening of ten minutes, then one every 4 to 8 minutes until
 * `untilMs` (default 24 h), each clearing by itself. No device has two at a time. The rest of the city is calm.
 */
export function demoScript(city: DemoCity, seed: number, untilMs = 24 * HOUR_MS): DemoScript {
  const random = new RandomStream(seed, 'demo/script');
  const events: DemoEvent[] = [];
  const add = (act: Act, atMs: number, durationMs: number, onWaveform: boolean): void => {
    if (atMs >= untilMs) return;
    // Ten minutes of rest per device: rooms are aired and terminals cool down in that time.
    const busy = new Set(events.filter((e) => e.atMs + e.durationMs + 600_000 > atMs).map((e) => e.deviceId));
    const stages = city.devices.filter((device) => !busy.has(device.id) && isStageFor(act, device, onWaveform));
    const device = random.pick(stages);
    events.push({ deviceId: device.id, atMs, durationMs, fault: faultOf(act, device, { atMs, durationMs }, random) });
  };
  for (const [act, atS, durationS, onWaveform] of OPENING) add(act, atS * 1000, durationS * 1000, onWaveform);
  for (let atMs = 900_000; atMs < untilMs; atMs += Math.round(random.between(240, 480)) * 1000) {
    const durationMs = Math.round(random.between(90, 200)) * 1000;
    const act = random.pick(LATER);
    // An arc is in a waveform or nowhere, and burns for seconds.
    const isArc = act === 'seriesArc';
    add(act, atMs, isArc ? 15_000 : durationMs, random.between(0, 1) < 0.3 || isArc);
  }
  return events;
}

/** Events of one device. */
export function eventsOf(script: DemoScript, deviceId: string): DemoScript {
  return script.filter((event) => event.deviceId === deviceId);
}

function isStageFor(act: Act, { simulation }: DemoDeviceEntry, onWaveform: boolean): boolean {
  if (simulation.kind === 'room') {
    const [sensor] = simulation.spec.sensors;
    return sensor === ({ smouldering: 'smoke', gasLeak: 'gas', flaming: 'heat' } as Partial<Record<Act, string>>)[act];
  }
  if (simulation.waveform !== onWaveform) return false;
  if (act === 'looseTerminal') return simulation.circuits.some(isSteady);
  if (act === 'seriesArc') return simulation.circuits.some(isPlugged);
  return act === 'overload' || act === 'risingLeakage';
}

/** A loose terminal shows only under load: on a circuit that draws current day and night. */
function isSteady({ use }: DemoCircuit): boolean {
  return use === 'coldStore' || use === 'serverRoom';
}

/** Where cords are bent and plugs wear out; what hangs there draws enough for an arc to burn. */
function isPlugged({ use }: DemoCircuit): boolean {
  return use === 'sockets' || use === 'kitchen';
}

function faultOf(
  act: Act,
  { simulation }: DemoDeviceEntry,
  time: { readonly atMs: number; readonly durationMs: number },
  random: RandomStream,
): CircuitFault | RoomFault {
  if (simulation.kind === 'room') return roomFaultOf(act, simulation.spec.volumeM3 ?? 60, time);
  if (act === 'looseTerminal') return looseTerminal(random.pick(simulation.circuits.filter(isSteady)), time);
  if (act === 'seriesArc') {
    const { id } = random.pick(simulation.circuits.filter(isPlugged));
    return { kind: 'seriesArc', circuit: id, ...time, arcToArc: 0.97, touchToArc: 0.3 };
  }
  const circuit = random.pick(simulation.circuits).id;
  return act === 'overload'
    ? { kind: 'overload', circuit, ...time, toRatio: Math.round(random.between(15.5, 18)) / 10, riseMs: 3000 }
    : { kind: 'risingLeakage', circuit, ...time, toMa: Math.round(random.between(560, 750)), riseMs: 30_000 };
}

/** Sized so that the room's detector passes its alarm threshold one to two minutes later. */
function roomFaultOf(
  act: Act,
  volumeM3: number,
  time: { readonly atMs: number; readonly durationMs: number },
): RoomFault {
  if (act === 'smouldering') return { kind: 'smouldering', ...time, smokeGPerS: volumeM3 * 0.0012, riseMs: 60_000 };
  if (act === 'gasLeak') return { kind: 'gasLeak', ...time, litresPerS: volumeM3 * 0.13 };
  return { kind: 'flaming', ...time, growth: 'fast', maxKw: 400, distanceM: 1.5 };
}

/** Contact resistance that brings the terminal about 85 K over the air at the circuit's steady current: I² R · 12 K/W. */
function looseTerminal(
  circuit: DemoCircuit,
  time: { readonly atMs: number; readonly durationMs: number },
): CircuitFault {
  const steadyA = useProfiles[circuit.use].base * circuit.ratedA;
  const toMilliohm = Math.round((1000 * 85) / (12 * steadyA ** 2));
  return { kind: 'looseTerminal', circuit: circuit.id, ...time, toMilliohm, riseMs: 25_000, thermalTauMs: 15_000 };
}
