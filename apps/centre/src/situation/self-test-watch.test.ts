import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, fired, house, started, T0, telemetry } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const HOUR = 3_600_000;

/** D1 (a terminal) and S1 (a smoke detector, whose model has no self-test) report shortly before every look. */
class Watched {
  readonly feed = new SituationFeed(house);
  #seq = 0;

  constructor() {
    this.feed.alarm(started(T0 - 2 * HOUR));
    this.at(0);
  }

  /** A look `hours` after T0. */
  at(hours: number, heard: readonly string[] = ['D1', 'S1']): this {
    const now = T0 + hours * HOUR;
    for (const id of heard) {
      const values = id === 'S1' ? { 'smoke.obscurationPctPerM': 0 } : { 'c1.currentA': 1 };
      this.feed.bulk(telemetry(id, { epoch: 't', seq: ++this.#seq, at: now, values }, { receivedAt: now - 1_000 }));
    }
    this.feed.alarm(fired('presenceSweep', now, { kind: 'presenceSweep' }));
    return this;
  }

  /** D1 tells of a test, `toldAfter` hours after it was made. */
  tests(hours: number, passed = true, toldAfter = 0): this {
    const receivedAt = T0 + (hours + toldAfter) * HOUR;
    const evidence = { schema: 'selfTest/1', passed };
    const message = {
      epoch: 'e',
      seq: ++this.#seq,
      at: T0 + hours * HOUR,
      kind: 'fault',
      point: '',
      evidence,
    } as const;
    this.feed.alarm(event('D1', { ...message, active: !passed, level: 'warning' }, { receivedAt }));
    return this;
  }

  get faults(): readonly string[] {
    return this.feed
      .open('selfTestMissed')
      .filter(({ clearedAt }) => clearedAt === undefined)
      .map(({ deviceId }) => deviceId);
  }
}

test('36 hours without a passed self-test are a fault, the next passed one ends it', () => {
  const watched = new Watched().tests(1).at(37);
  assert.deepEqual(watched.faults, []);
  watched.at(37.1);
  assert.deepEqual(watched.faults, ['D1']);
  watched.at(60).tests(61, false).at(61.1);
  assert.deepEqual(watched.faults, ['D1'], 'a test that failed proves nothing');
  watched.tests(62);
  assert.deepEqual(watched.faults, []);
  watched.at(97).at(98.1);
  assert.deepEqual(watched.faults, ['D1'], 'and so on');
});

test('a terminal that has never told of one has as long from when it was first seen', () => {
  const watched = new Watched().at(35.9);
  assert.deepEqual(watched.faults, []);
  watched.at(36.1);
  assert.deepEqual(watched.faults, ['D1']);
});

test('a device that is silent is one fault, not two, and has an hour to tell what it did meanwhile', () => {
  const watched = new Watched().tests(1).at(2);
  watched.at(30, []).at(60, []);
  assert.deepEqual(watched.faults, []);
  assert.deepEqual(
    watched.feed
      .open('silent')
      .map(({ deviceId }) => deviceId)
      .toSorted(),
    ['D1', 'S1'],
  );
  watched.at(72).at(72.5);
  assert.deepEqual(watched.faults, []);
  watched.tests(50, true, 22.6).at(80);
  assert.deepEqual(watched.faults, [], 'told late, made in time');
  watched.at(86.1);
  assert.deepEqual(watched.faults, ['D1']);
});

test('a centre that was down waits an hour for what comes in late', () => {
  const watched = new Watched().tests(1);
  watched.feed.alarm(started(T0 + 90 * HOUR));
  watched.at(90.9);
  assert.deepEqual(watched.faults, []);
  watched.at(91.1);
  assert.deepEqual(watched.faults, ['D1']);
});
