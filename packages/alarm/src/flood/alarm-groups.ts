import { clusterOf, groupIdOf, isBefore, joined, type Cluster, type Member } from './cluster.ts';
import { GroupLine } from './group-line.ts';
import { kinshipOf, type GroupableAlarm, type Kinship, type Line } from './kinship.ts';

/** Looked through for what has long ended after so many new alarms. */
const TIDY_EVERY = 1_024;

/**
 * Which alarms have one cause: kept while alarms come and end, each in little time whatever the flood.
 *
 * What it says depends on the alarms and their times, not on the order in which it heard of them. An alarm is in one
 * group at most; what {@link kinshipOf} leaves out is in none. A group is over when its alarms have ended.
 */
export class AlarmGroups {
  readonly #present = new Map<string, Member>();
  readonly #lines = new Map<string, GroupLine>();
  #newestAt = Number.NEGATIVE_INFINITY;
  #untidy = 0;

  /** An alarm was raised, or is another than before. @returns those whose group is another now; itself, too. */
  put(alarm: GroupableAlarm): ReadonlySet<string> {
    const known = this.#present.get(alarm.id);
    const kinship = kinshipOf(alarm);
    if (known !== undefined && lineOf(kinship) === lineOf(known.kinship)) return new Set();
    const changed = new Set(known === undefined ? [] : this.end(alarm.id));
    if (kinship === undefined) return changed;
    const { id, raisedAt, deviceId, pointId, kind } = alarm;
    const condition = JSON.stringify([deviceId, pointId, kind]);
    const member = clusterOf({ id, raisedAt, condition, kinship });
    this.#present.set(id, member);
    this.#newestAt = Math.max(this.#newestAt, raisedAt);
    const near = kinship.lines.flatMap((line) => this.#lineOf(line).insert(member));
    for (const one of near) this.#join(member, one, changed);
    if (++this.#untidy >= TIDY_EVERY) this.#tidy();
    return changed;
  }

  /** It has ended. @returns those whose group is another now. */
  end(id: string): ReadonlySet<string> {
    const member = this.#present.get(id);
    if (member === undefined) return new Set();
    const wasIn = groupIdOf(member.cluster, member.kinship);
    this.#present.delete(id);
    member.isPresent = false;
    member.cluster.present.delete(member);
    return new Set(wasIn === undefined ? [] : [id]);
  }

  /** The group of an alarm that has not ended; undefined: it stands for itself. */
  groupOf(id: string): string | undefined {
    const member = this.#present.get(id);
    return member === undefined ? undefined : groupIdOf(member.cluster, member.kinship);
  }

  /** How many alarms are remembered, ended ones included. */
  get memberCount(): number {
    return new Set([...this.#present.values()].flatMap(({ cluster }) => [...cluster.members])).size;
  }

  #join(member: Member, near: Member, changed: Set<string>): void {
    if (member.cluster === near.cluster) return;
    const sides: readonly Cluster[] = [member.cluster, near.cluster];
    const before = sides.map((cluster) => ({ id: groupIdOf(cluster, member.kinship), ids: cluster }));
    const begins = sides.reduce((one, other) => (isBefore(other.first, one.first) ? other : one)).first;
    const stays = before.find(({ id, ids }) => id !== undefined && ids.first === begins);
    // Who keeps its group is not told anew: the street's rows are not sent again for one more shop.
    const told = before.filter((side) => side !== stays).map(({ ids }) => [...ids.present]);
    const into = joined(member.cluster, near.cluster);
    if (groupIdOf(into, member.kinship) === undefined) return;
    for (const { id } of told.flat()) changed.add(id);
  }

  #lineOf({ key, gapMs }: Line): GroupLine {
    let line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, (line = new GroupLine(gapMs)));
    return line;
  }

  #tidy(): void {
    this.#untidy = 0;
    for (const [key, line] of this.#lines) {
      for (const member of line.tidy(this.#newestAt)) member.cluster.members.delete(member);
      if (line.isEmpty) this.#lines.delete(key);
    }
  }
}

const lineOf = (kinship: Kinship | undefined): string | undefined => kinship?.lines[0]?.key;
