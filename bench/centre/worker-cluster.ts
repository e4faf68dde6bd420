import pg from 'pg';
import { partitionOf } from '../../apps/centre/src/journal/partition.ts';
import { homeShards } from '../../apps/centre/src/situation/duty.ts';
import { SHARD_COUNT, shardOf } from '../../apps/centre/src/situation/share.ts';
import { eventually } from '../../test/contract/client/eventually.ts';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { untilApplied } from './centre-metrics.ts';
import { pidOfChild, processTimeS } from './process-time.ts';

const TIMEOUT_MS = 120_000;
const DEALT_SHARDS = SHARD_COUNT - homeShards.size;

export type SharingWorker = { readonly process: CentreProcess; session: string };

/** Processor time in seconds since each began. */
export type ClusterTime = {
  readonly leader: number;
  readonly workers: readonly number[];
  readonly gateway: number;
  readonly postgres: number;
  readonly nats: number;
};

/** `worker,api`, a gateway and any number of workers on PostgreSQL and NATS, one server each; what is stored is read from the database itself. */
export class WorkerCluster {
  readonly leader: CentreProcess;
  readonly gateway: CentreProcess;
  readonly workers: SharingWorker[] = [];
  readonly #env: Readonly<Record<string, string>>;
  readonly #postgres: PostgresServer;
  readonly #nats: NatsServer;
  readonly #natsPid: number;
  readonly #database: pg.Client;
  readonly #sessions = new Set<string>();

  private constructor(
    servers: { readonly postgres: PostgresServer; readonly nats: NatsServer; readonly database: pg.Client },
    env: Readonly<Record<string, string>>,
    [leader, gateway]: readonly [CentreProcess, CentreProcess],
  ) {
    this.#postgres = servers.postgres;
    this.#nats = servers.nats;
    this.#natsPid = pidOfChild('nats-server');
    this.#database = servers.database;
    this.#env = env;
    this.leader = leader;
    this.gateway = gateway;
  }

  static async start(): Promise<WorkerCluster> {
    const [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
    const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
    const started: CentreProcess[] = [];
    const database = new pg.Client(postgres.url);
    try {
      const leader = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
      started.push(leader);
      const gateway = await CentreProcess.start({ env, args: ['--roles', 'gateway'] });
      started.push(gateway);
      await database.connect();
      return new WorkerCluster({ postgres, nats, database }, env, [leader, gateway]);
    } catch (error) {
      for (const one of started) await one.dispose();
      await database.end().catch(() => undefined);
      await nats.stop();
      await postgres.stop();
      throw error;
    }
  }

  /** Workers come one by one, or leave in order; resolves when the shards are dealt among those. */
  async scaleTo(count: number): Promise<void> {
    while (this.workers.length > count) {
      const worker = this.workers.pop() as SharingWorker;
      await worker.process.stop();
      await worker.process.dispose();
    }
    while (this.workers.length < count) {
      const process = await CentreProcess.start({ env: this.#env, args: ['--roles', 'worker'] });
      const worker = { process, session: '' };
      this.workers.push(worker);
      worker.session = await this.#newSession();
    }
    await this.#isDealt();
  }

  /** One that was killed, again. */
  async restart(worker: SharingWorker): Promise<void> {
    await worker.process.up();
    worker.session = await this.#newSession();
    await this.#isDealt();
  }

  /** Of these venues, those that the worker applies. */
  async venuesOf(worker: SharingWorker, venueIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#query('select shard from centre_share where session = $1', [worker.session]);
    const shards = new Set(rows.map(({ shard }) => shard as number));
    return new Set(venueIds.filter((venueId) => shards.has(shardOf(partitionOf(venueId)))));
  }

  /** Venues of which a report is stored that one of these devices made at or after an instant. */
  async storedVenues(deviceIds: readonly string[], at: number): Promise<ReadonlySet<string>> {
    const sql = 'select distinct venue_id from telemetry where device_id = any($1) and at >= $2';
    return new Set((await this.#query(sql, [deviceIds, at])).map(({ venue_id }) => venue_id as string));
  }

  /** When the centre says that all is applied and the database has as many reports as were acknowledged: `performance.now()`. @throws Error if it has others. */
  async untilStored(acknowledged: number): Promise<number> {
    const deadline = performance.now() + TIMEOUT_MS;
    for (;;) {
      await untilApplied(this.leader, TIMEOUT_MS);
      const at = performance.now();
      const [row] = await this.#query('select count(*)::int4 as stored from telemetry');
      const stored = row?.['stored'] as number;
      if (stored === acknowledged) return at;
      if (stored > acknowledged || at > deadline)
        throw new Error(`${acknowledged} reports were acknowledged and ${stored} are stored`);
    }
  }

  /** @throws Error when a report is stored twice. */
  async assertStoredOnce(): Promise<void> {
    const rows = await this.#query(
      'select device_id, seq from telemetry group by device_id, epoch, seq having count(*) > 1 limit 5',
    );
    if (rows.length > 0) throw new Error(`stored twice: ${JSON.stringify(rows)}`);
  }

  time(): ClusterTime {
    return {
      leader: processTimeS(this.leader.pid),
      workers: this.workers.map(({ process }) => processTimeS(process.pid)),
      gateway: processTimeS(this.gateway.pid),
      postgres: processTimeS(this.#postgres.pid),
      nats: processTimeS(this.#natsPid),
    };
  }

  async dispose(): Promise<void> {
    for (const { process } of this.workers) await process.dispose();
    await this.gateway.dispose();
    await this.leader.dispose();
    await this.#database.end().catch(() => undefined);
    await this.#nats.stop();
    await this.#postgres.stop();
  }

  #newSession(): Promise<string> {
    return eventually('a worker to be dealt its shards', async () => {
      const rows = await this.#query('select distinct session from centre_share');
      const fresh = rows.map(({ session }) => session as string).find((one) => one !== '' && !this.#sessions.has(one));
      if (fresh !== undefined) this.#sessions.add(fresh);
      return fresh;
    });
  }

  async #isDealt(): Promise<void> {
    if (this.workers.length === 0) return;
    await eventually('the shards to be dealt and taken', async () => {
      const counts = await Promise.all(this.workers.map(({ process }) => shardsOf(process)));
      return (
        counts.reduce((sum, count) => sum + count, 0) === DEALT_SHARDS &&
        Math.min(...counts) === Math.floor(DEALT_SHARDS / counts.length)
      );
    });
  }

  async #query(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await this.#database.query<Record<string, unknown>>(sql, [...parameters])).rows;
  }
}

async function shardsOf(worker: CentreProcess): Promise<number> {
  const text = await (await fetch(`${worker.webUrl}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
  return Number(/^fengsui_worker_shards (\d+)$/m.exec(text)?.[1]);
}
