import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Lane, NewEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { createLog } from '../platform/log.ts';
import { SteadyClock } from '../platform/steady-clock.ts';
import { ClockWatch, lastRecordedAt } from './clock-watch.ts';
import { event, fired, house, registryChange, session, started, T0, telemetry } from './entries.fixture.ts';
import { Rooms } from './rooms.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';
import { TimerService } from './timer-service.ts';
import { isDuration, type ClockStep, type Timer, type TimerFiredMeta } from './timer.ts';

const S = 1_000;
const HOUR = 3_600_000;

/**
 * A centre on a machine whose clock can be set: the situation, its timers and the clock's beat, as the core joins them.
 * D1 reports every 10 s, D2 has stopped after its first report.
 */
class Jumped {
  machineAt = T0;
  elapsed = 77_000;
  readonly feed = new SituationFeed();
  readonly clock = new SteadyClock({ machineNow: () => this.machineAt, monotonicNow: () => this.elapsed });
  readonly #journal: Pick<Journal, 'append'> = {
    append: (lane: Lane, entries: readonly NewEntry[]) => {
      for (const entry of entries) this.#apply(lane, entry);
      return Promise.resolve(entries.map(() => 1));
    },
  };
  readonly #watch: ClockWatch;
  readonly firedAt = new Map<string, number>();
  #seq = 0;

  constructor() {
    const log = createLog({ level: 'error', json: false, write: () => undefined });
    this.#watch = new ClockWatch(this.clock, this.#journal, log);
    this.feed.alarm(started(T0));
    this.feed.bulk(session('D1', 'opened', 1), session('D2', 'opened', 2));
    this.#report('D2');
  }

  #apply(lane: Lane, entry: NewEntry): void {
    const effects = this.feed.apply(lane, entry);
    if (effects.clockShiftMs === 0) return;
    // As the store does it.
    for (const timer of [...this.feed.timers.values()]) {
      if (!isDuration(timer.purpose) || effects.timersSet.has(timer.id)) continue;
      this.feed.timers.set(timer.id, { ...timer, dueAt: timer.dueAt + effects.clockShiftMs });
    }
  }

  #report(deviceId: string): void {
    const at = this.clock.now();
    const message = { epoch: 'e', seq: ++this.#seq, at, values: { 'c1.currentA': 1 } };
    this.feed.bulk(telemetry(deviceId, message, { receivedAt: at }));
  }

  run(seconds: number): this {
    for (let i = 0; i < seconds; i++) {
      this.machineAt += S;
      this.elapsed += S;
      this.#watch.beat();
      if (this.elapsed % 10_000 === 0) this.#report('D1');
      const now = this.clock.now();
      for (const { id, dueAt } of [...this.feed.timers.values()]) {
        if (dueAt > now) continue;
        this.firedAt.set(id, this.elapsed);
        this.feed.fire(id, now);
      }
    }
    return this;
  }

  set(byMs: number): this {
    this.machineAt += byMs;
    return this;
  }

  faults(kind: string): readonly (string | boolean)[][] {
    return this.feed.open(kind).map(({ deviceId, clearedAt }) => [deviceId, clearedAt === undefined]);
  }
}

for (const [name, byMs] of [
  ['an hour forwards', HOUR],
  ['an hour backwards', -HOUR],
  ['ten years forwards', 87_672 * HOUR],
  ['to 1970', -T0],
] as const) {
  test(`a jump ${name} and back declares nobody silent, fires nothing early and is a fault of the centre`, () => {
    const centre = new Jumped().run(20);
    const shelved: Timer = {
      id: 'u',
      venueId: 'V1',
      dueAt: T0 + 300 * S,
      purpose: { kind: 'unshelve', conditionId: 'x' },
    };
    centre.feed.timers.set('u', shelved);
    centre.set(byMs).run(20);
    assert.deepEqual(centre.faults('clockJump'), [['centre', true]]);
    assert.deepEqual(centre.faults('silent'), [['D2', true]], 'who stopped is found as ever, who reports is not');
    centre.run(60).set(-byMs).run(10);
    assert.deepEqual(centre.faults('clockJump'), [['centre', false]], 'stays until it is acknowledged');
    assert.deepEqual(centre.faults('silent'), [['D2', true]]);
    assert.deepEqual(centre.faults('clockSuspect'), []);
    assert.ok(!centre.firedAt.has('u'));
    centre.run(200);
    assert.equal(centre.firedAt.get('u'), 77_000 + 300 * S, 'to the second');
  });
}

for (const byMs of [HOUR, -HOUR]) {
  test(`when a correction by ${byMs / HOUR} h is followed, nobody is silent for it and durations keep their length`, () => {
    const centre = new Jumped().run(20);
    centre.set(byMs).run(590);
    const receivedAt = centre.clock.now();
    const capture: Timer = {
      id: 'c',
      venueId: 'V1',
      dueAt: receivedAt + 60 * S,
      purpose: { kind: 'captureIncomplete', captureId: 'x' },
    };
    centre.feed.timers.set('c', capture);
    const begunAt = centre.elapsed;
    centre.run(20);
    assert.equal(centre.clock.now(), centre.machineAt, 'followed');
    assert.deepEqual(centre.faults('clockJump'), [['centre', false]]);
    centre.run(45);
    assert.equal(centre.firedAt.get('c'), begunAt + 60 * S);
    assert.deepEqual(centre.faults('silent'), [['D2', true]]);
    // The watch works by the new time: D1 stops, and is found.
    const sweepAt = centre.clock.now();
    centre.feed.alarm(fired('presenceSweep', sweepAt + 40 * S, { kind: 'presenceSweep' }));
    assert.deepEqual(
      centre.faults('silent').toSorted(),
      [
        ['D1', true],
        ['D2', true],
      ],
      'within its three intervals',
    );
    // And who comes back is heard.
    centre.feed.bulk(
      telemetry(
        'D2',
        { epoch: 'e', seq: 90_000, at: sweepAt, values: { 'c1.currentA': 1 } },
        { receivedAt: sweepAt + 41 * S },
      ),
    );
    centre.feed.alarm(fired('presenceSweep', sweepAt + 45 * S, { kind: 'presenceSweep' }));
    assert.deepEqual(centre.faults('silent').toSorted(), [
      ['D1', true],
      ['D2', false],
    ]);
  });
}

test('a device whose clock was right before the centre’s was set back has ten minutes to follow', () => {
  const feed = new SituationFeed();
  feed.bulk(session('D1', 'opened', 1));
  const step: ClockStep = { kind: 'clockStep', state: 'followed', centreAt: T0, machineAt: T0 - HOUR };
  feed.alarm(fired('clockStep', T0 - HOUR, step));
  let seq = 0;
  const says = (afterS: number) =>
    feed.alarm(
      event(
        'D1',
        { epoch: 'e', seq: ++seq, at: T0 + afterS * S, kind: 'tamper', point: '', active: false },
        { receivedAt: T0 - HOUR + afterS * S },
      ),
    );
  says(60);
  assert.deepEqual(feed.open('clockSuspect'), []);
  says(660);
  assert.equal(feed.open('clockSuspect').length, 1);
});

test('the same body without seq is a new report after the clock was set back by an hour', () => {
  const feed = new SituationFeed();
  const message = { values: { 'c1.currentA': 1 } };
  const rows = (receivedAt: number) => feed.bulk(telemetry('D1', message, { receivedAt })).telemetry.length;
  assert.equal(rows(T0), 1);
  assert.equal(rows(T0 + 5 * S), 0);
  assert.equal(rows(T0 - HOUR), 1);
});

test('in the store timers that measure a duration move with the clock, and what the journal could not take is tried again', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-clock-'));
  const rooms = await Rooms.open(folder);
  t.after(async () => {
    await rooms.close();
    await rm(folder, { recursive: true });
  });
  rooms.worker.start();
  await rooms.take('alarm', registryChange(house), started(T0));
  assert.equal(await lastRecordedAt(rooms.store), T0, 'the sweep tells when the centre ran last');
  let machineAt = T0;
  const clock = new SteadyClock({ machineNow: () => machineAt, monotonicNow: () => 0 });
  let refusals = 1;
  let sequence = 0;
  const told: TimerFiredMeta[] = [];
  const append = async (lane: Lane, entries: readonly NewEntry[]): Promise<number[]> => {
    if (refusals-- > 0) throw new Error('disk full');
    told.push(...entries.map(({ meta }) => meta as TimerFiredMeta));
    const sequences = await rooms.journal.append(lane, entries);
    sequence = sequences.at(-1) ?? 0;
    return [...sequences];
  };
  const watch = new ClockWatch(clock, { append }, createLog({ level: 'error', json: false, write: () => undefined }));
  machineAt -= HOUR;
  watch.start(clock.start(T0));
  watch.stop();
  for (let i = 0; i < 100 && sequence === 0; i++) {
    watch.beat();
    await new Promise<void>((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(
    told.map(({ purpose, firedAt }) => [purpose.kind === 'clockStep' && purpose.state, firedAt]),
    [['followed', T0 - HOUR]],
  );
  await rooms.worker.reached('alarm', sequence, 15_000);
  assert.equal(await lastRecordedAt(rooms.store), T0 - HOUR);
  const [fault] = rooms.situation.alarms({ venues: 'all' });
  assert.deepEqual([fault?.kind, fault?.deviceId, fault?.value], ['clockJump', 'centre', -3_600]);
});

test('the service of timers waits by the new time', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = T0;
  const ids: string[] = [];
  const append = (_lane: Lane, entries: readonly NewEntry[]): Promise<number[]> => {
    for (const { meta } of entries) ids.push((meta as TimerFiredMeta).timerId);
    return Promise.resolve([]);
  };
  const timers = new TimerService({ append } as unknown as Journal, { now: () => now });
  t.after(() => timers.stop());
  const sweep: Timer = { id: 'sweep', venueId: '', dueAt: T0 + 5 * S, purpose: { kind: 'presenceSweep' } };
  timers.update([sweep], []);
  timers.start();
  now -= HOUR;
  timers.update([], [], -HOUR);
  now += 5 * S;
  t.mock.timers.tick(5 * S);
  assert.deepEqual(ids, ['sweep']);
});
