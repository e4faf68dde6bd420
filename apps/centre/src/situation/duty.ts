import type { Entry, ReportMeta } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import { shardOf } from './share.ts';
import type { TimerFiredMeta, TimerPurpose } from './timer.ts';

/**
 * What one process of several applies: the venues of its shards, and, if it leads, what is of no venue. undefined where
 * a process has everything.
 */
export type Share = { readonly shards: ReadonlySet<number>; readonly leads: boolean };

/** Always with the process that leads: entries of no venue bear their partitions. */
export const homeShards: ReadonlySet<number> = new Set([shardOf(0), shardOf(partitionOf(''))]);

/**
 * `apply`: it is this process's. `observe`: another one's, but it changes something here too (apply-observed.ts).
 * Every entry is applied by exactly one process.
 */
export type Duty = 'apply' | 'observe' | 'skip';

/** What the process that leads applies whatever venue it is of: what it is about is known to nobody else. */
export const homePurposes: readonly TimerPurpose['kind'][] = [
  'presenceSweep',
  'rolloutLook',
  'foreignAway',
  'relayAway',
  'commandExpired',
  'diskSpace',
  'backup',
  'fireCommandLink',
  'callOutLink',
  'canary',
  'clockStep',
  'leaderChanged',
  'centreStarted',
];

const isHomePurpose = ({ kind }: TimerPurpose): boolean => homePurposes.includes(kind);

/** Whether a timer is fired, and what it means is done, by this process. */
export function ownsTimer(share: Share | undefined, venueId: string, purpose: TimerPurpose): boolean {
  if (share === undefined) return true;
  return isHomePurpose(purpose) ? share.leads : share.shards.has(shardOf(partitionOf(venueId)));
}

/** Of what is applied by the process that leads whatever its partition: commands, releases, links, the centre itself. */
export function isHomeEntry({ kind, meta }: Entry): boolean {
  switch (kind) {
    case 'registryChange':
    // Commands are of one book, which rollouts are judged by.
    case 'commandReply':
      return true;
    case 'timerFired':
      return isHomePurpose((meta as TimerFiredMeta).purpose);
    case 'operatorAct':
      return 'isRollout' in meta || 'expiresAt' in meta;
    case 'report': {
      const { channel, deviceId } = meta as ReportMeta;
      return channel === 'foreign' || channel === 'relay' || channel === 'canary' || deviceId === '';
    }
  }
}

/** Of an entry that is observed: whether the registry has it already, and whose venues have had it. */
export type Lacking = { readonly registry: boolean; readonly partition: (partition: number) => boolean };

export const lacksAll: Lacking = { registry: true, partition: () => true };

export function dutyOf(share: Share | undefined, entry: Entry): Duty {
  if (share === undefined) return 'apply';
  if (share.shards.size === 0) return 'skip';
  const isHome = isHomeEntry(entry);
  if (isHome ? share.leads : share.shards.has(shardOf(entry.partition))) return 'apply';
  return (share.leads ? concernsHome(entry) : isHome && concernsAll(entry)) ? 'observe' : 'skip';
}

/** A venue's entry that tells the process that leads something: how an update goes on, that a foreign source was heard. */
export const concernsHome = ({ kind, meta }: Entry): boolean =>
  kind === 'report' && ((meta as ReportMeta).channel === 'event' || (meta as ReportMeta).foreign?.kind === 'statement');

/** An entry of no venue, or of the books of who leads, that changes something in each share. */
function concernsAll({ kind, meta }: Entry): boolean {
  if (kind === 'registryChange') return true;
  // A reply is a sign of life of its device.
  if (kind === 'commandReply') return 'channel' in meta;
  if (kind !== 'timerFired') return false;
  const { purpose } = meta as TimerFiredMeta;
  return purpose.kind === 'presenceSweep' || purpose.kind === 'centreStarted';
}
