// The simulated city, in a thread of its own: every device a client of the centre's own door, with its own credential.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import {
  createDemoBoard,
  createDemoCity,
  createDemoDevice,
  demoScript,
  type CircuitUse,
  type DemoDeviceEntry,
} from '@fengsui/city';
import {
  createBoardSource,
  createCentreClock,
  createCommandGate,
  createMqttUplink,
  createStateFile,
  createTerminal,
  loadState,
  memoryNonceBook,
  type Obeyed,
  pinnedKeys,
  randomEpoch,
  type Site,
  type Terminal,
  type Uplink,
} from '@fengsui/terminal';
import type { CommandOrder } from '@fengsui/protocol';
import { DEMO_SEED, demoKey, demoSecret } from './demo-secret.ts';
import type { DemoOptions } from './running-demo.ts';
import { SummaryDevice } from './summary-device.ts';

const { folder, mqttUrl, energyKwh, commandKeys } = workerData as DemoOptions;
const STOP_TIMEOUT_MS = 1_500;
/** Connections are opened at this pace, so that the centre's first seconds belong to the people in front of it. */
const CONNECT_EVERY_MS = 4;

const keys = pinnedKeys(commandKeys);
const city = createDemoCity(DEMO_SEED);
const script = demoScript(city, DEMO_SEED);
const key = await demoKey(folder);
const startedAt = Date.now();
const stateFolder = path.join(folder, 'demo-terminals');
await mkdir(stateFolder, { recursive: true });
const areaUse: Partial<Record<CircuitUse, { readonly areaUse: string }>> = {
  chargingShed: { areaUse: 'chargingRoom' },
  kitchen: { areaUse: 'kitchen' },
  serverRoom: { areaUse: 'plantRoom' },
};
const stops: (() => Promise<unknown>)[] = [];
let stopping = false;

parentPort?.on('message', (message) => {
  if (message !== 'stop') return;
  stopping = true;
  void Promise.all(stops.map((stop) => stop())).then(() => parentPort?.close());
});

for (const [index, entry] of city.devices.entries()) {
  if (stopping) break;
  if (entry.simulation.kind === 'board') await startBoard(entry);
  else startSummary(entry, index);
  await new Promise((resolve) => setTimeout(resolve, CONNECT_EVERY_MS));
}

function uplinkOf(entry: DemoDeviceEntry, obey?: (order: CommandOrder) => Promise<Obeyed>): Uplink {
  const clock = createCentreClock(() => performance.now());
  const gate = createCommandGate({
    deviceId: entry.id,
    keys,
    clock,
    nonces: memoryNonceBook(clock),
    obey: obey ?? (() => ({ refused: 'notEquipped', detail: 'a simulated detector without waveforms does nothing' })),
    now: Date.now,
  });
  return createMqttUplink({
    url: mqttUrl,
    deviceId: entry.id,
    secret: demoSecret(key, entry.id),
    firmware: 'demo',
    model: entry.model,
    onTime: (centreAt) => clock.hear(centreAt),
    onCommand: (payload) => gate.answer(payload),
    onNote: (note) => parentPort?.postMessage(`${entry.id}: ${JSON.stringify(note)}`),
  });
}

async function startBoard(entry: DemoDeviceEntry): Promise<void> {
  if (entry.simulation.kind !== 'board') return;
  const file = path.join(stateFolder, `${entry.id}.json`);
  // A state that cannot be read costs the energy counters, not the demo.
  const state = await loadState(file).catch(() => undefined);
  const kept = createStateFile(file);
  const ratedA = Object.fromEntries(entry.simulation.circuits.map((circuit) => [circuit.id, circuit.ratedA]));
  const terminal: Terminal = createTerminal({
    // No breaker is opened in the demo: an arc may be told 40 ms later, for a third less work.
    source: createBoardSource(createDemoBoard(entry, DEMO_SEED, startedAt, { script }), ratedA, { blockMs: 50 }),
    deviceId: entry.id,
    uplink: uplinkOf(entry, (order) => terminal.obey(order)),
    ratedA,
    site: demoSite(entry),
    intervalMs: entry.reportingIntervalMs,
    onState: (next) => kept.save(next),
    ...(state !== undefined && { state }),
  });
  terminal.start();
  terminal.ended.catch((error: unknown) => parentPort?.postMessage({ ended: entry.id, reason: String(error) }));
  stops.push(async () => {
    await terminal.stop(STOP_TIMEOUT_MS);
    await kept.settled();
  });
}

/** What is known of a demo place: its class, and rooms where charging is what they are for. */
function demoSite(entry: DemoDeviceEntry): Site {
  const venue = city.venues.find(({ id }) => id === entry.venueId);
  const circuits = entry.simulation.kind === 'board' ? entry.simulation.circuits : [];
  return {
    ...(venue !== undefined && { venueClass: venue.class }),
    circuits: Object.fromEntries(circuits.map(({ id, use }) => [id, areaUse[use] ?? {}])),
  };
}

function startSummary(entry: DemoDeviceEntry, index: number): void {
  const energy = energyKwh[entry.id];
  const device = createDemoDevice(entry, DEMO_SEED, startedAt, {
    script,
    ...(energy !== undefined && { energyKwh: energy }),
  });
  const summary = new SummaryDevice(entry, device, uplinkOf(entry), randomEpoch());
  summary.start((index * 137) % entry.reportingIntervalMs);
  stops.push(() => summary.stop(STOP_TIMEOUT_MS));
}
