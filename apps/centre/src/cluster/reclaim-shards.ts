import { SHARD_COUNT } from '../situation/share.ts';
import type { Share } from '../situation/duty.ts';
import type { ShareLeases } from './share-leases.ts';

/** A centre to which no worker comes takes everything: what one still has is refused. undefined: none has ever come. */
export async function reclaimShards(leases: ShareLeases): Promise<Share | undefined> {
  const found = await leases.read();
  if (found.length === 0) return undefined;
  const given = found.filter(({ session }) => session !== '');
  for (const session of new Set(given.map((lease) => lease.session))) await leases.end(session);
  if (given.length > 0)
    await leases.transfer(
      given.map(({ shard }) => shard),
      '',
    );
  return { leads: true, shards: new Set(Array.from({ length: SHARD_COUNT }, (_, shard) => shard)) };
}
