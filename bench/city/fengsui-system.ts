import { CentreProcess } from '../../test/harness/centre-process.ts';
import { readMetrics } from '../centre/centre-metrics.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import type { CityProcess, CitySystem } from './city-system.ts';
import { fengsuiScreen } from './screen/fengsui-screen.ts';
import { pidsBelow } from './pids.ts';

/** What is measured is the centre, not how many questions a minute it takes from one program. */
const NO_LIMIT = { FENGSUI_ACCESS_READSPERMINUTE: '0' };
const MOST_POINTS = 10_000;
/** At the rate of the soak a device has 6,000 reports in it. */
const WINDOW_MS = 3_600_000;

/** The product as it is started, with the embedded store or with PostgreSQL. */
export async function startFengsui(store: 'embedded' | 'postgres'): Promise<CitySystem> {
  const postgres = store === 'postgres' ? await startPostgresServer() : undefined;
  const centre = await CentreProcess.start({
    env: { ...NO_LIMIT, ...(postgres && { FENGSUI_DATABASE_URL: postgres.url }) },
  }).catch(async (error: unknown) => {
    await postgres?.stop();
    throw error;
  });
  const token = await centre.createToken('integrator');
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(centre.webUrl + path, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const rawValues = async (deviceId: string, point: string, from: number, to: number): Promise<readonly number[]> => {
    const path = `/api/v1/series?point=${deviceId}/${point}&from=${from}&to=${to}&maxPoints=${MOST_POINTS}`;
    const { items, downsampled } = (await get(path)) as {
      items: readonly (readonly [number, number, number, number])[];
      downsampled: number;
    };
    if (downsampled !== 1) throw new Error(`${deviceId}: more than ${MOST_POINTS} reports`);
    return items.map(([, , , value]) => value);
  };
  const startedAt = Date.now() - 60_000;
  return {
    name: postgres === undefined ? 'Fengsui, embedded' : 'Fengsui, PostgreSQL',
    durability: 'D2',
    description: `one process${postgres === undefined ? '' : ', PostgreSQL 15 as its store'}; a report is acknowledged when the journal's fdatasync has returned`,
    mqttPort: centre.mqttPort,
    mqttUrl: centre.mqttUrl,
    webUrl: centre.webUrl,
    feedToken: await centre.createToken('operator'),
    screen: fengsuiScreen(centre, get),
    register: (prefix, count) => registerDevices(centre, prefix, count),
    storedReports: async () => (await readMetrics(centre)).applied,
    processes: [centreProcess(centre), ...(postgres === undefined ? [] : [postgresProcess(postgres)])],
    storedSeqs: (deviceId) => rawValues(deviceId, 'c1.activePowerW', startedAt, Date.now() + 1),
    async storedBetween(deviceId, from, to) {
      // The counter of the fleet's reports rises with each of them (bench/load/telemetry-payload.ts).
      const counters: number[] = [];
      for (let at = from; at < to; at += WINDOW_MS)
        counters.push(...(await rawValues(deviceId, 'c1.energyKwh', at, Math.min(to, at + WINDOW_MS))));
      return { rows: counters.length, distinct: new Set(counters).size };
    },
    backlog: async () => (await readMetrics(centre)).backlog,
    async storedRaises(deviceId) {
      type Alarm = { readonly kind: string; readonly count: number };
      const { items } = (await get(`/api/v1/alarms?limit=1000&deviceId=${deviceId}`)) as { items: readonly Alarm[] };
      return items.find(({ kind }) => kind === 'arc')?.count ?? 0;
    },
    async dispose() {
      await centre.dispose();
      await postgres?.stop();
    },
  };
}

const centreProcess = (centre: CentreProcess): CityProcess => ({
  name: 'centre',
  pids: () => (centre.pid === undefined ? [] : pidsBelow(centre.pid)),
  async killAndRestart() {
    await centre.kill9();
    await centre.up();
  },
});

export const postgresProcess = (server: PostgresServer): CityProcess => ({
  name: 'PostgreSQL',
  pids: () => (server.pid === undefined ? [] : pidsBelow(server.pid)),
  async killAndRestart() {
    await server.kill9();
    await server.restart();
  },
});
