import { AlarmGroups, Chatter, groupRows, kinshipOf, summariseGroup, type GroupableAlarm } from '@fengsui/alarm';
import type { Alarm, AlarmGroup } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';

/** Before and after an alarm that has not ended: alarms that ended meanwhile may be what its group began with. */
const AROUND_MS = 3_600_000;
/** Alarms that began since then and have ended may be of a condition that chatters. */
const ENDED_LATELY_MS = 24 * AROUND_MS;

/**
 * Which alarms have one cause, beside the feed: it follows the commits and changes no alarm's life. What it shows of an
 * alarm is the alarm with its group, `parentId`, and with how often its condition came back lately, `chatter`.
 */
export class AlarmGrouping {
  readonly #clock: Clock;
  #groups = new AlarmGroups();
  #chatter = new Chatter();
  /** As they were committed last, those that have not ended. */
  #open = new Map<string, Alarm>();
  readonly #chattering = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param open all that has not ended. What has ended around it is read: the same groups as before the start. */
  async restore(open: readonly Alarm[], store: Store): Promise<void> {
    const at = open.map(groupable).flatMap((one) => (kinshipOf(one) === undefined ? [] : [one.raisedAt]));
    const ended = await store.query(
      `select distinct on (raised_at, id) doc from alarm
         join unnest($1::int8[]) as around(at) on raised_at between around.at - $2::int8 and around.at + $2::int8
       where ended order by raised_at, id`,
      [hoursOf(at), 2 * AROUND_MS],
    );
    this.#groups = new AlarmGroups();
    this.#open = new Map(open.map((alarm) => [alarm.id, alarm]));
    const gone = ended.map(({ doc }) => doc as Alarm);
    for (const alarm of [...open, ...gone]) this.#groups.put(groupable(alarm));
    for (const { id } of gone) this.#groups.end(id);
    await this.#recount(store);
  }

  /** Each time that a condition became active is a change of its alarm: chatter is counted anew from these. */
  async #recount(store: Store): Promise<void> {
    const times = await store.query(
      `select a.id, a.doc->>'deviceId' as device, a.doc->>'pointId' as point, a.doc->>'kind' as kind, c.at
         from alarm a join alarm_change c on c.alarm_id = a.id
       where (a.id = any($1::text[]) or a.raised_at >= $2::int8) and c.doc->>'kind' in ('raised', 'reraised')
       order by c.at, c.alarm_id, c.number`,
      [[...this.#open.keys()], this.#clock.now() - ENDED_LATELY_MS],
    );
    this.#chatter = new Chatter();
    this.#chattering.clear();
    for (const { id, device, point, kind, at } of times as readonly BecameActive[])
      this.#note(id, JSON.stringify([device, point, kind]), at);
  }

  /** What a commit changed, as it is to be told: with those whose group is another by it. */
  follow(alarms: readonly Alarm[]): readonly Alarm[] {
    const told = new Map<string, Alarm>();
    for (const alarm of alarms) {
      this.#count(alarm);
      told.set(alarm.id, alarm);
      const changed = alarm.state === 'normal' ? this.#end(alarm) : this.#put(alarm);
      for (const id of changed) {
        const known = this.#open.get(id);
        if (known !== undefined) told.set(id, known);
      }
    }
    return [...told.values()].map((alarm) => this.shown(alarm));
  }

  /** The alarm as people see it. */
  shown(alarm: Alarm): Alarm {
    const parentId = this.#groups.groupOf(alarm.id);
    const chatter = this.#chattering.get(alarm.id);
    if (parentId === undefined && chatter === undefined) return alarm;
    return { ...alarm, ...(parentId !== undefined && { parentId }), ...(chatter !== undefined && { chatter }) };
  }

  #put(alarm: Alarm): ReadonlySet<string> {
    this.#open.set(alarm.id, alarm);
    return this.#groups.put(groupable(alarm));
  }

  #end({ id }: Alarm): ReadonlySet<string> {
    this.#open.delete(id);
    this.#chattering.delete(id);
    return this.#groups.end(id);
  }

  /** Times it became active since it was told last. */
  #count({ id, deviceId, pointId, kind, count }: Alarm): void {
    const before = this.#open.get(id)?.count ?? 0;
    for (let time = before; time < count; time++)
      this.#note(id, JSON.stringify([deviceId, pointId, kind]), this.#clock.now());
  }

  #note(id: string, condition: string, at: number): void {
    const chatter = this.#chatter.note(condition, at);
    if (chatter !== undefined) this.#chattering.set(id, chatter);
  }
}

type BecameActive = {
  readonly id: string;
  readonly device: string;
  readonly point: string;
  readonly kind: string;
  readonly at: number;
};

/** Groups of alarms as they are shown, the newest first: what somebody sees of them. */
export function alarmGroupsOf(alarms: readonly Alarm[]): AlarmGroup[] {
  const groups = groupRows(alarms).flatMap((row) => (row.kind === 'group' ? [row.group] : []));
  return groups.sort((one, other) => other.since - one.since || (one.id < other.id ? -1 : 1)).map(groupView);
}

/** One group, also of a single alarm; undefined when none of `alarms` is in it. */
export function alarmGroupOf(id: string, alarms: readonly Alarm[]): AlarmGroup | undefined {
  const group = summariseGroup(
    id,
    alarms.filter(({ parentId }) => parentId === id),
  );
  return group && groupView(group);
}

function groupView({ kinds, venues, since, ...group }: NonNullable<ReturnType<typeof summariseGroup>>): AlarmGroup {
  return { ...group, since: new Date(since).toISOString(), kinds: [...kinds], venues: [...venues] };
}

/** What grouping looks at of an alarm. */
export function groupable({ raisedAt, escalatedAt, ...alarm }: Alarm): GroupableAlarm {
  return {
    ...alarm,
    raisedAt: Date.parse(raisedAt),
    ...(escalatedAt !== undefined && { escalatedAt: Date.parse(escalatedAt) }),
  };
}

/** Each hour once, however many alarms it has. */
function hoursOf(at: readonly number[]): readonly number[] {
  return [...new Set(at.map((one) => Math.floor(one / AROUND_MS) * AROUND_MS))];
}
