import { sha256Hex } from '../sha256.ts';
import { groupLanes, type GroupLane, type Kinship } from './kinship.ts';

/** An alarm as its group keeps it. It stays for a while after it has ended, so that what comes soon after finds it. */
export type Member = {
  readonly id: string;
  readonly raisedAt: number;
  readonly condition: string;
  readonly kinship: Kinship;
  cluster: Cluster;
  isPresent: boolean;
};

/** Alarms that hang together by lines; a group when there are enough of them. */
export type Cluster = {
  first: Pick<Member, 'id' | 'raisedAt'>;
  readonly conditions: Set<string>;
  /** Those that have not ended. */
  readonly present: Set<Member>;
  /** Those that a line still has. */
  readonly members: Set<Member>;
};

export type ClusterSeed = Pick<Member, 'id' | 'raisedAt' | 'condition' | 'kinship'>;

export function clusterOf(seed: ClusterSeed): Member {
  const { id, raisedAt, condition } = seed;
  const cluster: Cluster = {
    first: { id, raisedAt },
    conditions: new Set([condition]),
    present: new Set(),
    members: new Set(),
  };
  const member: Member = { ...seed, cluster, isPresent: true };
  cluster.present.add(member);
  cluster.members.add(member);
  return member;
}

/** The order of time; the id breaks ties, so that it is the same on every machine. */
export const isBefore = (one: Pick<Member, 'id' | 'raisedAt'>, other: Pick<Member, 'id' | 'raisedAt'>): boolean =>
  one.raisedAt < other.raisedAt || (one.raisedAt === other.raisedAt && one.id < other.id);

/** Undefined while there are too few. It names the alarm that began it, and nothing else: the same after a restart. */
export function groupIdOf({ first, conditions }: Cluster, { lane, atLeast }: Kinship): string | undefined {
  if (conditions.size < atLeast) return undefined;
  return `g-${lane}-${Math.trunc(first.raisedAt).toString(36)}-${sha256Hex(first.id).slice(0, 16)}`;
}

const GROUP_ID = /^g-([a-z]+)-(-?[0-9a-z]+)-[0-9a-f]{16}$/;

/** What the id of a group says: what its alarms have in common, and when the first was raised. */
export function readGroupId(id: string): { readonly lane: GroupLane; readonly since: number } | undefined {
  const [, lane, since = ''] = GROUP_ID.exec(id) ?? [];
  const known = groupLanes.find((one) => one === lane);
  return known === undefined ? undefined : { lane: known, since: parseInt(since, 36) };
}

/** Two that hang together become one: the smaller goes over to the larger, which is returned. */
export function joined(one: Cluster, other: Cluster): Cluster {
  const [into, from] = one.members.size >= other.members.size ? [one, other] : [other, one];
  if (isBefore(from.first, into.first)) into.first = from.first;
  for (const condition of from.conditions) into.conditions.add(condition);
  for (const member of from.members) {
    member.cluster = into;
    into.members.add(member);
    if (member.isPresent) into.present.add(member);
  }
  return into;
}
