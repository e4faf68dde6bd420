import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import fc from 'fast-check';
import type { Entry, Lane, NewEntry } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import { Registry } from '../registry/registry.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import { applyEntry } from './apply-entry.ts';
import { observeEntry } from './apply-observed.ts';
import { SWEEP_TIMER_ID } from './apply-timer.ts';
import { decodeEntry } from './decoded-entry.ts';
import { dutyOf, homeShards, ownsTimer, type Share } from './duty.ts';
import { Effects } from './effects.ts';
import {
  act,
  deviceRecord,
  event,
  fired,
  house,
  presence,
  registryChange,
  session,
  started,
  T0,
  telemetry,
} from './entries.fixture.ts';
import { mirror, mirrorOf, type MirroredEffects } from './mirrored-effects.ts';
import { shardOf, SHARD_COUNT } from './share.ts';
import { Situation } from './situation.ts';
import type { Timer, TimerFiredMeta } from './timer.ts';

const VENUES = Array.from({ length: 9 }, (_, n) => `W${n}`);
const DEVICES = VENUES.map((venueId, n) => deviceRecord(`T${n}`, { venueId }));
const city: readonly RegistryChange[] = [
  ...house,
  ...VENUES.map((id): RegistryChange => ({
    kind: 'venuePut',
    venue: { id, name: id, class: 'office', organisationId: 'O1', origin: 'live' },
  })),
  ...DEVICES.map((device): RegistryChange => ({ kind: 'devicePut', device })),
];

/** One process: what it applies or observes of the entries, as a worker does with a batch of one. */
class Process {
  readonly situation = new Situation(new Registry());
  readonly timers = new Map<string, Timer>();

  constructor(share: Share | undefined) {
    for (const change of city) this.situation.registry.apply(change);
    this.situation.share = share;
  }

  take(entry: Entry): { readonly duty: string; readonly effects: Effects } {
    const duty = dutyOf(this.situation.share, entry);
    const effects = new Effects();
    if (duty === 'apply') applyEntry(this.situation, effects, decodeEntry(entry), new Map());
    if (duty === 'observe') observeEntry(this.situation, effects, decodeEntry(entry));
    for (const id of effects.timersEnded) this.timers.delete(id);
    for (const timer of effects.timersSet.values()) {
      assert.ok(
        ownsTimer(this.situation.share, timer.venueId, timer.purpose),
        `${timer.id} is another process's to fire`,
      );
      this.timers.set(timer.id, timer);
    }
    return { duty, effects };
  }
}

/** The centre that leads with two workers, its mirror kept by what they say, as JSON. */
class Processes {
  readonly leader: Process;
  readonly workers: readonly Process[];
  readonly shown = new Map<string, Alarm>();

  constructor(cut: number) {
    const free = Array.from({ length: SHARD_COUNT }, (_, shard) => shard).filter((shard) => !homeShards.has(shard));
    this.leader = new Process({ leads: true, shards: homeShards });
    this.workers = [free.slice(0, cut), free.slice(cut)].map(
      (shards) => new Process({ leads: false, shards: new Set(shards) }),
    );
  }

  take(entry: Entry): void {
    const taken = [this.leader, ...this.workers].map((process) => process.take(entry));
    assert.equal(taken.filter(({ duty }) => duty === 'apply').length, 1, 'each entry is applied by one process');
    for (const [index, { effects }] of taken.entries()) {
      const told =
        index === 0
          ? effects
          : mirror(this.leader.situation, JSON.parse(JSON.stringify(mirrorOf(effects))) as MirroredEffects);
      for (const { alarm } of told.alarms.values()) this.shown.set(alarm.id, alarm);
    }
  }
}

const sees = { venues: 'all' } as const;
const byId = (alarms: Iterable<Alarm>): readonly Alarm[] =>
  [...alarms].sort((one, other) => (one.id < other.id ? -1 : 1));

function stateOf(situation: Situation, shown: ReadonlyMap<string, Alarm>): object {
  const sorted = <Value>(entries: Iterable<readonly [string, Value]>) =>
    Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
  return {
    open: byId(situation.alarms(sees)),
    shown: byId(shown.values()),
    states: sorted(situation.deviceStates),
    heard: sorted(situation.lastReceivedAt),
    values: sorted(DEVICES.map(({ id }) => [id, Object.fromEntries(situation.values.of(id))] as const)),
    onSite: DEVICES.map(({ id }) => situation.onSite.of(id, 'c1')),
    orders: [...situation.work.open()]
      .map(({ deviceId, state, faults }) => ({ deviceId, state, faults }))
      .sort((one, other) => (one.deviceId < other.deviceId ? -1 : 1)),
  };
}

type Move = (at: number, seq: number) => readonly NewEntry[];

const device = fc.integer({ min: 0, max: DEVICES.length - 1 });
const place = (n: number) => ({ venueId: VENUES[n] as string });
const move: fc.Arbitrary<Move> = fc.oneof(
  fc
    .tuple(device, fc.constantFrom(20, 72, 91))
    .map(([n, value]): Move => (at, seq) => [
      telemetry(
        `T${n}`,
        { epoch: 'a', seq, at, values: { 't1.temperatureC': value } },
        { receivedAt: at, ...place(n) },
      ),
    ]),
  fc
    .tuple(device, fc.boolean(), fc.constantFrom('arc', 'overload', 'fault'))
    .map(([n, active, kind]): Move => (at, seq) => [
      event(
        `T${n}`,
        { epoch: 'a', seq, at, kind, point: 'c1', active, level: 'warning' },
        { receivedAt: at, ...place(n) },
      ),
    ]),
  fc
    .tuple(device, fc.constantFrom('opened' as const, 'closed' as const))
    .map(([n, state]): Move => (at, seq) => [session(`T${n}`, state, seq, { receivedAt: at, ...place(n) })]),
  device.map((n): Move => (at) => [
    presence(`T${n}`, { online: true, firmware: 'f1', model: 'm' }, { receivedAt: at, ...place(n) }),
  ]),
  fc.constant<Move>((at) => [fired(SWEEP_TIMER_ID, at, { kind: 'presenceSweep' })]),
  fc
    .tuple(device, fc.constantFrom('maintenance' as const, 'active' as const, 'retired' as const))
    .map(([n, life]): Move => (at) => [
      registryChange([{ kind: 'devicePut', device: { ...(DEVICES[n] as DeviceRecord), life } }], at),
    ]),
);

test('what several processes make of a run is what one makes of it: alarms, states, values, work orders; each timer has one owner', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(move, fc.integer({ min: 100, max: 40_000 })), { maxLength: 60 }),
      fc.integer({ min: 0, max: 14 }),
      (moves, cut) => {
        const whole = new Process(undefined);
        const shown = new Map<string, Alarm>();
        const split = new Processes(cut);
        let sequence = 0;
        let at = T0;
        const take = (entries: readonly NewEntry[]): void => {
          for (const entry of entries) {
            const lane: Lane = entry.kind === 'report' ? 'bulk' : 'alarm';
            const taken: Entry = { ...entry, lane, sequence: ++sequence };
            const { effects } = whole.take(taken);
            for (const { alarm } of effects.alarms.values()) shown.set(alarm.id, alarm);
            split.take(taken);
          }
        };
        take([started(at)]);
        for (const [index, [next, afterMs]] of moves.entries()) {
          at += afterMs;
          // Timers first that are due by then, in one order.
          const due = [...whole.timers.values()].filter(({ dueAt, id }) => dueAt <= at && id !== SWEEP_TIMER_ID);
          take(
            due.map(({ id, purpose, venueId, dueAt }) => ({
              kind: 'timerFired',
              partition: partitionOf(venueId),
              appendedAt: dueAt,
              meta: { timerId: id, firedAt: dueAt, purpose } satisfies TimerFiredMeta,
            })),
          );
          take(next(at, index));
          const open = whole.situation.alarms(sees)[0];
          if (index % 7 === 3 && open !== undefined)
            take([act(open.id, { kind: 'acknowledge' }, { at, venueId: open.venueId, actId: `act ${index}` })]);
        }
        const owned = [split.leader, ...split.workers].flatMap(({ timers }) => [...timers.keys()]).sort();
        assert.deepEqual(owned, [...whole.timers.keys()].sort());
        assert.deepEqual(stateOf(split.leader.situation, split.shown), stateOf(whole.situation, shown));
      },
    ),
    { numRuns: 200 },
  );
});

test('the venues of this test are of many shards', () => {
  assert.ok(new Set(VENUES.map((id) => shardOf(partitionOf(id)))).size >= 6);
});
