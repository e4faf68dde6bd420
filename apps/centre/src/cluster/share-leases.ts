import { SHARD_COUNT } from '../situation/share.ts';
import type { Store } from '../store/store.ts';
import type { HeldShard } from './cluster-words.ts';

export type ShardLease = {
  readonly shard: number;
  readonly epoch: number;
  /** '' = the centre that leads. */ readonly session: string;
};

/** Which process applies which shard, on record where its commits look (lease-schema.ts). Written by who leads alone. */
export class ShareLeases {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** [] where no worker has ever been: then whoever leads applies everything. */
  async read(): Promise<readonly ShardLease[]> {
    const rows = await this.#store.query('select shard, epoch, session from centre_share order by shard');
    return rows.map((row) => ({
      shard: row['shard'] as number,
      epoch: row['epoch'] as number,
      session: row['session'] as string,
    }));
  }

  /** From now on the shards are in a book; until then they are all with who leads. */
  async begin(): Promise<readonly ShardLease[]> {
    const sql = `insert into centre_share (shard, epoch, session) select shard, 0, '' from generate_series(0, $1) as shard on conflict do nothing`;
    await this.#store.commit([{ kind: 'sql', sql, params: [SHARD_COUNT - 1] }]);
    return this.read();
  }

  /** What its holder has under way is rolled back as a whole, or was committed before this returns. */
  async transfer(shards: readonly number[], session: string): Promise<readonly HeldShard[]> {
    const sql =
      'update centre_share set epoch = epoch + 1, session = $2 where shard = any($1::int2[]) returning shard, epoch';
    const [rows = []] = await this.#store.commit([{ kind: 'sql', sql, params: [shards, session] }]);
    return rows.map((row) => [row['shard'] as number, row['epoch'] as number]);
  }

  /** A transaction that a paused process left open holds its shards; it would be waited for for ever. */
  async end(session: string): Promise<void> {
    const sql = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1';
    await this.#store.query(sql, [session]);
  }
}
