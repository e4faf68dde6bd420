import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, Table } from '../benchmark.ts';
import { FloodSeat } from '../centre/flood-seat.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { DeviceConnection } from '../load/device-connection.ts';
import { monotonicMs } from '../load/monotonic-ms.ts';
import { latenciesOf, latencyCells, rounded } from '../statistics.ts';

const VENUES = 3;
const TERMINALS = 125;
const POINTS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const ALARMS = TERMINALS * POINTS.length;
const WITHIN_MS = 5_000;
/** Fire and its second detector, when half of the alarms are there. */
const DETECTORS = ['fire0', 'fire1'];
const BAR_MS = 1_000;

/** A street without mains: what a seat sees of a thousand alarms, and how soon it sees the fire among them. */
export const alarmFlood: Benchmark = {
  name: 'alarm-flood',
  async run(settings) {
    const centre = await CentreProcess.start();
    const devices: Device[] = [];
    let seat: FloodSeat | undefined;
    try {
      settings.progress(`registering ${TERMINALS} terminals in ${VENUES} venues`);
      for (const device of await registerDevices(centre, 'm', TERMINALS, VENUES))
        devices.push({ connection: await DeviceConnection.open(centre.mqttPort, device), seq: 0 });
      const terminals = [...devices];
      for (const deviceId of DETECTORS) {
        const secret = await centre.createDevice(deviceId, 'generic-smoke', 'venue-0');
        devices.push({ connection: await DeviceConnection.open(centre.mqttPort, { deviceId, secret }), seq: 0 });
      }
      const detectors = devices.slice(TERMINALS);
      const token = await centre.createToken('operator');
      seat = await FloodSeat.open(centre.webUrl, token);
      const rounds: Round[] = [];
      for (let round = 0; round < (settings.quick ? 1 : 10); round++) {
        const measured = await flood(seat, terminals, detectors);
        rounds.push({ ...measured, acknowledgedMs: await settle(centre, token, seat, terminals, detectors) });
        settings.progress(words(measured));
      }
      return [rowsTable(rounds), latencyTable(rounds)];
    } finally {
      seat?.close();
      for (const { connection } of devices) connection.close();
      await centre.dispose();
    }
  },
};

type Device = { readonly connection: DeviceConnection; seq: number };
type Flood = {
  readonly cutMs: readonly number[];
  readonly fireMs: readonly number[];
  /** Rows at the end, and the most there were at any time. */
  readonly rows: readonly string[];
  readonly mostRows: number;
  readonly parents: number;
  readonly children: number;
};
type Round = Flood & { readonly acknowledgedMs: number };

function say(device: Device, kind: string, point: string, active: boolean): number {
  const event = { epoch: 'f', seq: device.seq++, at: Date.now(), kind, point, active, level: 'alarm' };
  const sentAtMs = monotonicMs();
  device.connection.publish(`fengsui/v1/${device.connection.deviceId}/event`, JSON.stringify(event));
  return sentAtMs;
}

async function flood(seat: FloodSeat, terminals: readonly Device[], detectors: readonly Device[]): Promise<Flood> {
  seat.mostRows = 0;
  const sent: { readonly deviceId: string; readonly point: string; readonly atMs: number; readonly isFire: boolean }[] =
    [];
  const startedAt = monotonicMs();
  for (let i = 0; i < ALARMS; i++) {
    const dueAt = startedAt + (i * WITHIN_MS) / ALARMS;
    if (dueAt > monotonicMs()) await new Promise((resolve) => setTimeout(resolve, dueAt - monotonicMs()));
    const terminal = terminals[i % TERMINALS] as Device;
    const point = POINTS[Math.floor(i / TERMINALS)] as string;
    const atMs = say(terminal, 'underVoltage', point, true);
    sent.push({ deviceId: terminal.connection.deviceId, point, atMs, isFire: false });
    const detector = detectors[[ALARMS / 2, ALARMS / 2 + 100].indexOf(i)];
    if (detector === undefined) continue;
    const fireAtMs = say(detector, 'smoke', 'smoke', true);
    sent.push({ deviceId: detector.connection.deviceId, point: 'smoke', atMs: fireAtMs, isFire: true });
  }
  await seat.until('every alarm on the feed', () => seat.alarms.length === sent.length);
  await seat.until('one line for the cut', () => seat.queue.groups.size > 0);
  const taken = sent.map(({ deviceId, point, atMs, isFire }) => ({
    isFire,
    ms: (seat.seenAtMs(deviceId, point) ?? NaN) - atMs,
  }));
  const { ordered, groups } = seat.queue;
  return {
    cutMs: taken.filter(({ isFire }) => !isFire).map(({ ms }) => ms),
    fireMs: taken.filter(({ isFire }) => isFire).map(({ ms }) => ms),
    rows: ordered.map(({ kind }) => kind),
    mostRows: seat.mostRows,
    parents: groups.size,
    children: [...groups.values()].reduce((sum, { group }) => sum + group.childCount, 0),
  };
}

/** The group is acknowledged as one, each fire by itself, and the mains come back. @returns how long the group took. */
async function settle(
  centre: CentreProcess,
  token: string,
  seat: FloodSeat,
  terminals: readonly Device[],
  detectors: readonly Device[],
): Promise<number> {
  const acknowledge = async (path: string): Promise<void> => {
    const url = `${centre.webUrl}/api/v1/${path}/acknowledge`;
    const { status } = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    if (status !== 200) throw new Error(`${url}: ${status}`);
  };
  const { ordered, groups } = seat.queue;
  const startedAt = monotonicMs();
  for (const id of groups.keys()) await acknowledge(`alarm-groups/${id}`);
  const tookMs = monotonicMs() - startedAt;
  for (const { id } of ordered) if (!groups.has(id)) await acknowledge(`alarms/${id}`);
  for (const terminal of terminals) for (const point of POINTS) say(terminal, 'underVoltage', point, false);
  for (const detector of detectors) say(detector, 'smoke', 'smoke', false);
  await seat.until('the end of every alarm', () => seat.alarms.length === 0);
  return tookMs;
}

const words = ({ rows, mostRows, fireMs }: Flood): string =>
  `${rows.join(', ')}; at most ${mostRows} rows; fire after ${fireMs.map(rounded).join(', ')} ms`;

function rowsTable(rounds: readonly Round[]): Table {
  const isAsWanted = ({ rows, parents }: Round): boolean =>
    parents === 1 && rows.length === 3 && rows[0] === 'smoke' && rows[1] === 'smoke';
  const acknowledged = latenciesOf(rounds.map(({ acknowledgedMs }) => acknowledgedMs));
  return {
    title: `${ALARMS} alarms in ${WITHIN_MS / 1000} s after a cut in ${VENUES} venues, a fire and its second detector in the middle: what a seat sees`,
    columns: ['round', 'rows at the end', 'most rows at any time', 'groups', 'alarms in them', 'fire, fire, one line'],
    rows: rounds.map((round, index) => [
      String(index + 1),
      String(round.rows.length),
      String(round.mostRows),
      String(round.parents),
      String(round.children),
      isAsWanted(round) ? 'met' : '**short**',
    ]),
    notes: [
      `The queue is that of the console, over the live feed of the executable. Acknowledging the group: median ${rounded(acknowledged.p50)} ms, max ${rounded(acknowledged.max)} ms, ${ALARMS} acts on record.`,
    ],
  };
}

function latencyTable(rounds: readonly Round[]): Table {
  const row = (name: string, ms: readonly number[]): string[] => {
    const latencies = latenciesOf(ms);
    return [name, ...latencyCells(latencies), latencies.p99 < BAR_MS ? 'met' : '**short**'];
  };
  return {
    title: 'Event published → frame at the seat, in that flood',
    columns: ['what', 'n', 'p50 ms', 'p99 ms', 'max ms', `p99 < ${BAR_MS} ms`],
    rows: [
      row(
        'fire',
        rounds.flatMap(({ fireMs }) => fireMs),
      ),
      row(
        'all of the cut',
        rounds.flatMap(({ cutMs }) => cutMs),
      ),
    ],
  };
}
