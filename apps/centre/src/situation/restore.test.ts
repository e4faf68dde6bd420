import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { conditionId, conditionKeyOf, defaultLimitRules } from '@fengsui/alarm';
import type { Lane, NewEntry } from '../journal/entry.ts';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import type { Store } from '../store/store.ts';
import { verifyCaptures } from './apply-capture.ts';
import type { Effects } from './effects.ts';
import {
  act,
  captureChunks,
  chunkReport,
  event,
  house,
  presence,
  registryChange,
  session,
  started,
  T0,
  telemetry,
} from './entries.fixture.ts';
import { limitId } from './limit-watch.ts';
import { Rooms } from './rooms.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';
import type { Situation } from './situation.ts';
import type { Timer } from './timer.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-restore-'));
after(() => rm(folder, { recursive: true, force: true }));

const deviceIds = ['D1', 'D2', 'S1', 'D9'];
const points = ['t1.temperatureC', 'c1.residualCurrentMa', 'smoke.obscurationPctPerM'];
const kinds = ['arc', 'overTemperature', 'residualCurrent', 'smoke', 'localAction', 'sequenceReset', 'clockSuspect'];
const prefixes = ['', 'c1', 't1', 'smoke'];
const epochs = ['e', 'f', 'cap'];

/** Everything that must not depend on whether the process was restarted. */
function dump(situation: Situation, timers: Iterable<Timer>): unknown {
  const conditions = deviceIds.flatMap((deviceId) =>
    prefixes.flatMap((prefix) =>
      kinds.flatMap((kind) => {
        const id = conditionId(conditionKeyOf(deviceId, prefix, kind));
        const kept = situation.condition(id);
        return kept === undefined ? [] : [[id, kept]];
      }),
    ),
  );
  const limits = deviceIds.flatMap((deviceId) =>
    points.flatMap((pointId) =>
      defaultLimitRules.flatMap((rule) => {
        // Asked for the instant before all others a limit only says where it stands.
        const state = situation.limits.due(rule, deviceId, pointId, -Infinity)?.state;
        // At rest it need not be stored; `lastAt` only orders samples.
        if (state === undefined || state.phase === 'inside') return [];
        return [[limitId(deviceId, pointId, rule.id), state.phase, state.since]];
      }),
    ),
  );
  return {
    conditions,
    limits,
    alarms: situation.alarms({ venues: 'all' }).sort((a, b) => (a.id < b.id ? -1 : 1)),
    values: deviceIds.map((id) => [id, [...situation.values.of(id)].sort()]),
    // The number of a session means nothing after a restart.
    presence: deviceIds.map((id) => ({ ...situation.deviceStates.get(id), session: undefined })),
    received: deviceIds.map((id) => epochs.map((epoch) => situation.ledger(id).intervals(epoch))),
    captures: [...situation.captures.values()]
      .filter(({ complete }) => !complete)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    timers: [...timers].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Chunks as the table would have them, for the side that has no store. */
const chunkTable = (): { readonly store: Store; readonly keep: (effects: Effects) => void } => {
  const rows: { capture: string; chunk_index: number; body: Uint8Array }[] = [];
  return {
    store: {
      engine: 'pglite',
      query: async (_sql, params = []) => rows.filter(({ capture }) => capture === params[0]),
      commit: () => Promise.reject(new Error('not used')),
      close: async () => undefined,
    },
    keep: ({ captureChunks: chunks }) => {
      for (const { capture, index, body } of chunks) rows.push({ capture, chunk_index: index, body });
    },
  };
};

const captures = [captureChunks([1, 2, 3, 4, 5, 6], 3), captureChunks([6, 5, 4, 3], 3, { seq: 2 })];

type Draw = { readonly what: string; readonly deviceId: string; readonly a: number; readonly b: number };

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.constantFrom(
    ...['telemetry', 'telemetry', 'telemetry', 'resend', 'event', 'event', 'localAction', 'act', 'timer', 'session'],
    ...['presence', 'chunk', 'clock', 'late'],
  ),
  deviceId: fc.constantFrom(...deviceIds),
  a: fc.nat(1_000),
  b: fc.nat(1_000),
});

/** What a draw means depends on where the life stands: alarms and timers are picked from those there are. */
class Life {
  readonly feed = new SituationFeed([]);
  #at = T0;
  readonly #seq = new Map<string, number>();
  readonly #sent: NewEntry[] = [];

  get now(): number {
    return this.#at;
  }

  entryOf({ what, deviceId, a, b }: Draw): readonly [Lane, NewEntry] | undefined {
    this.#at += 1 + (a % 4) * 900;
    const at = this.#at;
    const options = { receivedAt: at };
    const seq = (this.#seq.get(deviceId) ?? 0) + 1;
    const temperatures = [20, 60, 72, 90];
    const values = {
      [points[0] as string]: temperatures[a % 4],
      [points[1] as string]: [20, 350, 600][b % 3],
      [points[2] as string]: [0.1, 3, 6][a % 3],
    };
    switch (what) {
      case 'telemetry': {
        this.#seq.set(deviceId, seq);
        const entry = telemetry(deviceId, { epoch: 'e', seq, at: at - (b % 50), values }, options);
        this.#sent.push(entry);
        return ['bulk', entry];
      }
      case 'resend': {
        const entry = this.#sent[b % Math.max(1, this.#sent.length)];
        return entry && ['bulk', { ...entry, meta: { ...entry.meta, receivedAt: at, live: false } }];
      }
      case 'late':
        return [
          'bulk',
          telemetry(deviceId, { epoch: 'f', seq: b % 30, at: at - 90_000, values }, { ...options, live: false }),
        ];
      case 'clock':
        return ['bulk', telemetry(deviceId, { at: a % 2 === 0 ? 1_000 : at, values }, options)];
      case 'event': {
        this.#seq.set(deviceId, seq);
        const kind = ['arc', 'overTemperature', 'smoke'][a % 3] ?? 'arc';
        const point = ['c1', 't1', 'smoke'][a % 3] ?? 'c1';
        const level = (['attention', 'warning', 'alarm'] as const)[b % 3] ?? 'alarm';
        const entry = event(deviceId, { epoch: 'e', seq, at, kind, point, active: b % 2 === 0, level }, options);
        return ['alarm', entry];
      }
      case 'localAction':
        return ['alarm', event(deviceId, { at, kind: 'localAction', point: 'c1', level: 'alarm' }, options)];
      case 'act': {
        const open = this.feed.open();
        const alarm = open[a % Math.max(1, open.length)];
        if (alarm === undefined) return undefined;
        const wanted = (
          [
            { kind: 'acknowledge', note: 'seen' },
            { kind: 'shelve', until: at + 600_000, reason: 'works' },
            { kind: 'unshelve' },
            { kind: 'inspect', note: 'looked at' },
          ] as const
        )[b % 4];
        return wanted && ['alarm', act(alarm.id, wanted, { actId: `act ${at}`, at, venueId: alarm.venueId })];
      }
      case 'timer': {
        const due = [...this.feed.timers.values()].filter(({ id }) => id !== 'presenceSweep' || a % 5 === 0);
        const timer = due[b % Math.max(1, due.length)];
        if (timer === undefined) return undefined;
        this.#at = Math.max(at, timer.id.startsWith('limit/') ? timer.dueAt : at);
        const meta = { timerId: timer.id, firedAt: this.#at, purpose: timer.purpose };
        return ['alarm', { kind: 'timerFired', partition: 0, appendedAt: this.#at, meta }];
      }
      case 'session':
        return ['bulk', session(deviceId, a % 2 === 0 ? 'opened' : 'closed', 1 + (b % 3), options)];
      case 'presence':
        return ['bulk', presence(deviceId, { online: a % 3 > 0, firmware: `1.${b % 3}` }, options)];
      default: {
        const chunk = captures[a % 2]?.[b % 3] ?? new Uint8Array();
        return ['bulk', chunkReport(deviceId, `k${a % 2}`, chunk, options)];
      }
    }
  }
}

const LENGTH = 160;
const RESTARTS = 4;

const settings = propertySettings(1);
const seed = settings.seed ?? Math.floor(Math.random() * 2 ** 31);

test(
  'after any prefix of any life, a restart gives the situation that going on gives',
  { timeout: settings.numRuns * 90_000 },
  async (t) => {
    const lives = fc.sample(
      fc.record({
        draws: fc.array(draw, { minLength: LENGTH, maxLength: LENGTH }),
        cuts: fc.uniqueArray(fc.integer({ min: 1, max: LENGTH - 1 }), { minLength: RESTARTS, maxLength: RESTARTS }),
      }),
      { ...settings, seed },
    );
    for (const [run, { draws, cuts }] of lives.entries()) {
      t.diagnostic(`seed ${seed}, restarts after ${[...cuts].sort((a, b) => a - b).join(' ')}`);
      const own = path.join(folder, String(run));
      const life = new Life();
      const table = chunkTable();
      const clock = { now: () => life.now };
      let rooms = await Rooms.open(own, { clock });
      let rows = { telemetry: 0, event: 0, alarm_change: 0, late_hazard: 0, quarantine: 0, capture_chunk: 0 };
      const both = async (lane: Lane, entry: NewEntry): Promise<void> => {
        await rooms.take(lane, entry);
        const effects = life.feed.apply(lane, entry);
        await verifyCaptures(life.feed.situation, effects, table.store);
        table.keep(effects);
        for (const id of effects.timersEnded) life.feed.timers.delete(id);
        rows = {
          telemetry: rows.telemetry + effects.telemetry.length,
          event: rows.event + effects.events.length,
          alarm_change: rows.alarm_change + effects.alarmChanges.length,
          late_hazard: rows.late_hazard + effects.lateHazards.length,
          quarantine: rows.quarantine + effects.quarantine.length,
          capture_chunk: rows.capture_chunk + effects.captureChunks.length,
        };
      };
      try {
        rooms.worker.start();
        await both('alarm', registryChange(house));
        for (const [index, drawn] of draws.entries()) {
          const next = life.entryOf(drawn);
          if (next !== undefined) await both(...next);
          if (!cuts.includes(index)) continue;
          await rooms.close();
          rooms = await Rooms.open(own, { clock });
          assert.deepEqual(
            dump(rooms.situation, rooms.restored.timers),
            dump(life.feed.situation, life.feed.timers.values()),
            `after entry ${index}`,
          );
          rooms.worker.start();
          await both('alarm', started(life.now));
        }
        for (const [name, count] of Object.entries(rows)) assert.equal(await rooms.count(name), count, name);
        assert.ok(
          rows.alarm_change > 0 && rows.late_hazard > 0 && rows.capture_chunk > 0,
          'a life in which little happens',
        );
        const shown = await rooms.store.query('select id, doc from alarm order by id');
        assert.deepEqual(
          shown.map(({ doc }) => doc),
          [...life.feed.shown.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
      } finally {
        await rooms.close();
      }
    }
  },
);

test('the registry, the feed’s position and what was applied come back', async () => {
  const own = path.join(folder, 'registry');
  const first = await Rooms.open(own);
  first.worker.start();
  await first.take('alarm', registryChange(house));
  await first.take('bulk', telemetry('D1', { epoch: 'e', seq: 1, at: T0, values: { 'c1.currentA': 1 } }));
  await first.close();
  const second = await Rooms.open(own);
  assert.deepEqual(second.restored.applied, { alarm: 1, bulk: 1 });
  assert.equal(second.restored.feedPosition, 2);
  const registry = second.situation.registry;
  assert.deepEqual(
    [registry.organisation('O1')?.kind, registry.venue('V2')?.class, registry.device('S1')?.model],
    ['venueOwner', 'office', 'generic-smoke'],
  );
  assert.equal(second.situation.lastReceivedAt.get('D1'), T0);
  await second.close();
});

test('a report without seq that is sent again after a restart is a repetition for 60 s', async () => {
  const own = path.join(folder, 'withoutSeq');
  const message = { at: T0, values: { 'c1.currentA': 1 } };
  const arc = { at: T0, kind: 'arc', point: 'c1', active: true, level: 'alarm' } as const;
  const first = await Rooms.open(own);
  first.worker.start();
  await first.take('alarm', registryChange(house), event('D1', arc));
  await first.take('bulk', telemetry('D1', message));
  await first.close();
  const second = await Rooms.open(own, { clock: { now: () => T0 + 30_000 } });
  second.worker.start();
  await second.take('bulk', telemetry('D1', message, { receivedAt: T0 + 59_000 }));
  await second.take('alarm', event('D1', arc, { receivedAt: T0 + 59_000 }));
  assert.deepEqual([await second.count('telemetry'), await second.count('event')], [1, 1]);
  await second.take('bulk', telemetry('D1', message, { receivedAt: T0 + 60_000 }));
  assert.equal(await second.count('telemetry'), 2);
  await second.close();
});
