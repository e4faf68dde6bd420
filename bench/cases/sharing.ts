import { eventually, sleep } from '../../test/contract/client/eventually.ts';
import type { BenchmarkSettings, Table } from '../benchmark.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { WorkerCluster, type ClusterTime } from '../centre/worker-cluster.ts';
import type { Offered } from '../load/fleet-messages.ts';
import { Fleet } from '../load/fleet.ts';
import { rounded, spreadCells, spreadOf } from '../statistics.ts';

const TERMINALS = 1_000;
/** The worker with fewest of 7 shards has a like part of so many. */
const VENUES = 200;
const WINDOW = 16;
const COUNTS = [0, 1, 2, 4];
const KILLED_OF = 2;
const COST_RATE_PER_S = 2_000;
const RATE_BAR_PER_S = 10_000;
const COST_BAR = 1.2;
/** A run that was later than this in either was not at its rate: some batches of it hold what would have been several. */
const KEPT_UP_MS = 250;
const BEFORE_KILL_MS = 1_500;
const LOAD_ROUND_KILL_MS = 8_000;
const TIMEOUT_MS = 60_000;

type Bed = {
  readonly cluster: WorkerCluster;
  readonly fleet: Fleet;
  readonly venueOf: ReadonlyMap<string, string>;
  /** Of all runs so far. */
  acknowledged: number;
};

type Cost = {
  readonly workers: number;
  /** Per report, µs. */
  readonly us: ClusterTime;
  /** Beyond it reports come in lumps and a backlog, which cost less each: then this is not the cost at the rate. */
  readonly generatorLateMs: number;
  readonly storedAfterS: number;
};

/** The same load on `worker,api` and a gateway with 0, 1, 2 and 4 workers beside them: what a report costs, how many are stored, and how long venues stand still when a worker is killed. */
export async function measureSharing({ quick, progress }: BenchmarkSettings): Promise<readonly Table[]> {
  const cluster = await WorkerCluster.start();
  const fleet = await Fleet.start();
  try {
    const devices = await registerDevices(cluster.leader, 'w', TERMINALS, VENUES);
    await fleet.connect(cluster.gateway.mqttPort, devices);
    const venueOf = new Map(devices.map(({ deviceId, venueId }) => [deviceId, venueId]));
    const bed: Bed = { cluster, fleet, venueOf, acknowledged: 0 };
    const rates: Rate[] = [];
    const costs: Cost[] = [];
    for (const workers of COUNTS) {
      await cluster.scaleTo(workers);
      // Compilers of processes that have just begun are busy.
      await storedRun(bed, 2_000);
      const rate = await highestRate(bed, workers, quick ? 2_000 : 3_000);
      const cost = await costAt(bed, quick ? 6_000 : 10_000);
      rates.push(rate);
      costs.push(cost);
      progress(
        `${workers} workers: ${rounded(medianOf(rate.storedPerS))} stored/s, ${rounded(applicationOf(cost.us))} µs a report of all application processes`,
      );
    }
    await cluster.scaleTo(KILLED_OF);
    const kills: Kill[] = [];
    for (let i = 0; i < (quick ? 3 : 5); i++) {
      const kill = await takeOver(bed, i % KILLED_OF);
      kills.push(kill);
      progress(`a killed worker's ${kill.venues} venues stood still for ${rounded(kill.stoodStillS)} s`);
    }
    await cluster.assertStoredOnce();
    return [rateTable(rates), costTable(costs), killTable(kills, bed.acknowledged)];
  } finally {
    await fleet.stop();
    await cluster.dispose();
  }
}

type StoredRun = {
  readonly storedPerS: number;
  readonly acknowledgedPerS: number;
  /** Of all application processes, per report. */
  readonly applicationUs: number;
};

/** Closed loop, and everything of it stored before it ends. */
async function storedRun(bed: Bed, durationMs: number): Promise<StoredRun> {
  const { cluster, fleet } = bed;
  const from = cluster.time();
  const startedAt = performance.now();
  const { acknowledged, perS } = await fleet.saturate(TERMINALS, WINDOW, durationMs);
  bed.acknowledged += acknowledged;
  const storedAt = await cluster.untilStored(bed.acknowledged);
  return {
    storedPerS: (acknowledged * 1_000) / (storedAt - startedAt),
    acknowledgedPerS: perS,
    applicationUs: applicationOf(timeBetween(from, cluster.time(), 1e6 / acknowledged)),
  };
}

type Rate = { readonly [Figure in keyof StoredRun]: readonly number[] } & { readonly workers: number };

async function highestRate(bed: Bed, workers: number, sliceMs: number): Promise<Rate> {
  const slices: StoredRun[] = [];
  while (slices.length < 3) slices.push(await storedRun(bed, sliceMs));
  return {
    workers,
    storedPerS: slices.map(({ storedPerS }) => storedPerS),
    acknowledgedPerS: slices.map(({ acknowledgedPerS }) => acknowledgedPerS),
    applicationUs: slices.map(({ applicationUs }) => applicationUs),
  };
}

async function costAt(bed: Bed, durationMs: number): Promise<Cost> {
  const { cluster } = bed;
  const from = cluster.time();
  const { acknowledged, generatorLagMs } = await offered(bed, durationMs);
  const acknowledgedAt = performance.now();
  const storedAt = await cluster.untilStored(bed.acknowledged);
  return {
    workers: cluster.workers.length,
    us: timeBetween(from, cluster.time(), 1e6 / acknowledged),
    generatorLateMs: generatorLagMs.p99,
    storedAfterS: (storedAt - acknowledgedAt) / 1_000,
  };
}

async function offered(bed: Bed, durationMs: number): Promise<Offered> {
  const done = await bed.fleet.offer(TERMINALS, COST_RATE_PER_S, durationMs);
  bed.acknowledged += done.acknowledged;
  if (done.acknowledged !== done.sent)
    throw new Error(`${done.sent} reports were sent and ${done.acknowledged} acknowledged`);
  return done;
}

type Kill = {
  readonly venues: number;
  /** From the kill until a report made after it is stored of every venue. */
  readonly stoodStillS: number;
  readonly slowestPubackMs: number;
};

async function takeOver(bed: Bed, index: number): Promise<Kill> {
  const { cluster, venueOf } = bed;
  const victim = cluster.workers[index];
  if (victim === undefined) throw new Error(`there is no worker ${index}`);
  const venues = await cluster.venuesOf(victim, [...new Set(venueOf.values())]);
  const deviceIds = [...venueOf].flatMap(([deviceId, venueId]) => (venues.has(venueId) ? [deviceId] : []));
  const load = offered(bed, LOAD_ROUND_KILL_MS);
  load.catch(() => undefined);
  await sleep(BEFORE_KILL_MS);
  const killed = victim.process.kill9();
  const killedAt = Date.now();
  const from = performance.now();
  await killed;
  const stoodStillS = await eventually(
    'reports of every venue of the killed worker to be stored again',
    async () => {
      const { size } = await cluster.storedVenues(deviceIds, killedAt);
      return size === venues.size && (performance.now() - from) / 1_000;
    },
    TIMEOUT_MS,
  );
  const { latencyMs } = await load;
  await cluster.restart(victim);
  await cluster.untilStored(bed.acknowledged);
  return { venues: venues.size, stoodStillS, slowestPubackMs: latencyMs.max };
}

const timeBetween = (from: ClusterTime, to: ClusterTime, factor: number): ClusterTime => ({
  leader: (to.leader - from.leader) * factor,
  workers: to.workers.map((time, i) => (time - (from.workers[i] ?? 0)) * factor),
  gateway: (to.gateway - from.gateway) * factor,
  postgres: (to.postgres - from.postgres) * factor,
  nats: (to.nats - from.nats) * factor,
});

const applicationOf = ({ leader, workers, gateway }: ClusterTime): number =>
  workers.reduce((sum, time) => sum + time, leader + gateway);

const keptUp = ({ generatorLateMs, storedAfterS }: Cost): boolean =>
  Math.max(generatorLateMs, storedAfterS * 1_000) < KEPT_UP_MS;

const medianOf = (values: readonly number[]): number => spreadOf(values).median;

function rateTable(rates: readonly Rate[]): Table {
  const [alone, one] = [0, 1].map((count) => rates.find(({ workers }) => workers === count));
  return {
    title: 'The highest stored rate with workers (closed loop, everything of a slice stored before it ends)',
    columns: [
      'workers',
      'slices',
      'stored/s min',
      'median',
      'max',
      '× no worker',
      'acknowledged/s median',
      'application µs per report',
      '× 1 worker',
      `bar (2 workers: ${rounded(RATE_BAR_PER_S)})`,
    ],
    rows: rates.map(({ workers, storedPerS, acknowledgedPerS, applicationUs }) => {
      const median = medianOf(storedPerS);
      return [
        String(workers),
        ...spreadCells(storedPerS),
        rounded(median / medianOf(alone?.storedPerS ?? [])),
        rounded(medianOf(acknowledgedPerS)),
        rounded(medianOf(applicationUs)),
        rounded(medianOf(applicationUs) / medianOf(one?.applicationUs ?? [])),
        workers === 2 ? (median >= RATE_BAR_PER_S ? 'met' : '**short**') : '–',
      ];
    }),
    notes: [
      `Beside worker,api and one gateway; ${TERMINALS} connections in ${VENUES} venues, ${WINDOW} reports unacknowledged each, telemetry of 9 values, 250 bytes of JSON. One NATS and one PostgreSQL for all rows, on this machine; the generator shares the cores.`,
      'Stored: counted in the database. An acknowledgement is JetStream’s on files of one server: before 2.10 it survives the kill of any process, from 2.10 on (sync_interval: always) a power cut too.',
    ],
  };
}

function costTable(costs: readonly Cost[]): Table {
  const one = costs.find(({ workers }) => workers === 1);
  return {
    title: `Processor time per report at ${rounded(COST_RATE_PER_S)}/s with workers, µs`,
    columns: [
      'workers',
      'leader',
      'each worker',
      'gateway',
      'application in all',
      '× 1 worker',
      'PostgreSQL',
      'NATS',
      'everything',
      'generator late p99 ms',
      'last stored after, s',
      `bar (1 to 4 workers: ${COST_BAR} ×)`,
    ],
    rows: costs.map((cost) => {
      const { leader, workers, gateway, postgres, nats } = cost.us;
      const ratio = one === undefined ? NaN : applicationOf(cost.us) / applicationOf(one.us);
      return [
        String(cost.workers),
        rounded(leader),
        workers.length === 0 ? '–' : workers.map(rounded).join(' + '),
        rounded(gateway),
        rounded(applicationOf(cost.us)),
        rounded(ratio),
        rounded(postgres),
        rounded(nats),
        rounded(applicationOf(cost.us) + postgres + nats),
        rounded(cost.generatorLateMs),
        rounded(cost.storedAfterS),
        cost.workers !== 4 ? '–' : !costs.every(keptUp) ? 'not judged' : ratio <= COST_BAR ? 'met' : '**short**',
      ];
    }),
    notes: [
      `User and system time of each process and its children, from the first report until the last is stored, divided by all reports of the run; what runs without load is in it. A generator that is late, or a backlog, makes larger batches, which cost less a report: with more than ${KEPT_UP_MS} ms of either in a row nothing is judged. At the highest rate: application µs per report, above. The same generator and cluster as above, one row after another.`,
    ],
  };
}

function killTable(kills: readonly Kill[], acknowledged: number): Table {
  const row = (what: string, values: readonly number[]): string[] => [what, ...spreadCells(values)];
  const of = (pick: (kill: Kill) => number): number[] => kills.map(pick);
  return {
    title: `kill -9 of one of ${KILLED_OF} workers under ${rounded(COST_RATE_PER_S)} reports/s`,
    columns: ['from the kill', 'kills', 'min', 'median', 'max'],
    rows: [
      row(
        'every venue of the killed worker stored again, s',
        of(({ stoodStillS }) => stoodStillS),
      ),
      row(
        'slowest PUBACK meanwhile, ms',
        of(({ slowestPubackMs }) => slowestPubackMs),
      ),
    ],
    notes: [
      `Stored again: a report made after the kill is in the database. At least ${Math.min(...of(({ venues }) => venues))} venues each time. A worker is given up when it has said nothing for 4 s.`,
      `Of all ${acknowledged.toLocaleString('en-US')} reports of these three tables, as many are stored as were acknowledged, each once.`,
    ],
  };
}
