import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Area } from '@fengsui/protocol';
import type { NewEntry } from '../../journal/entry.ts';
import type { RegistryChange } from '../../registry/registry-change.ts';
import { deviceRecord, event, house, T0, telemetry } from '../entries.fixture.ts';
import { SituationFeed } from '../situation-feed.fixture.ts';
import { blindSpots } from '../blind-spots.ts';
import type { KeptFirePlace } from './fire-watch.ts';

const area = (id: string, kind: Area['kind'], parentId?: string): RegistryChange => ({
  kind: 'areaPut',
  area: { id, venueId: 'V1', kind, name: id, ...(parentId !== undefined && { parentId }) },
});
const detector = (id: string, kind: 'smoke' | 'heat', areaId: string, change = {}): RegistryChange => ({
  kind: 'devicePut',
  device: deviceRecord(id, { model: `generic-${kind}`, areaId, reportingIntervalMs: 10_000, ...change }),
});

/** Two rooms of a floor with a smoke and a heat detector each, a hall, and a circuit of D1 that feeds the first room. */
const rooms: readonly RegistryChange[] = [
  ...house,
  area('F1', 'floor'),
  area('R1', 'room', 'F1'),
  area('R2', 'room', 'F1'),
  detector('A-smoke', 'smoke', 'R1'),
  detector('A-heat', 'heat', 'R1'),
  detector('B-smoke', 'smoke', 'R2'),
  detector('B-heat', 'heat', 'R2'),
  detector('F-smoke', 'smoke', 'F1'),
  detector('F-heat', 'heat', 'F1'),
  { kind: 'circuitPut', circuit: { deviceId: 'D1', prefix: 'c2', venueId: 'V1', areaId: 'R1' } as never },
];

let seq = 0;
function report(deviceId: string, at: number, value: number, origin: 'live' | 'simulated' = 'live'): NewEntry {
  const point = deviceId.endsWith('smoke') ? 'smoke.obscurationPctPerM' : 'heat.temperatureC';
  return telemetry(deviceId, { epoch: 'f', seq: ++seq, at, values: { [point]: value } }, { receivedAt: at, origin });
}

type Course = {
  readonly smokeId?: string;
  readonly heatId?: string;
  readonly fromS?: number;
  readonly seconds?: number;
  /** Per second of the rise, which begins after ten quiet minutes. */
  readonly smokePctPerM?: number;
  readonly riseK?: number;
};

/** Every 10 s, as the devices promise. Smoke stays below 4.5 %/m and heat below 57 °C: no limit says fire. */
function run(feed: SituationFeed, course: Course): number {
  const { smokeId = 'A-smoke', heatId = 'A-heat', fromS = 0, seconds = 720, smokePctPerM = 0, riseK = 0 } = course;
  for (let s = fromS; s <= fromS + seconds; s += 10) {
    const burning = Math.max(0, s - 600);
    feed.bulk(report(smokeId, T0 + s * 1_000, Math.min(4.2, 0.2 + smokePctPerM * burning)));
    feed.bulk(report(heatId, T0 + s * 1_000 + 500, Math.min(49, 20 + riseK * burning)));
  }
  return fromS + seconds;
}

test('smoke and heat of one room that rise together are a fire before either limit, told by who moved first', () => {
  const feed = new SituationFeed(rooms);
  run(feed, { smokePctPerM: 0.3, riseK: 0.3 });
  assert.deepEqual(
    feed.open().filter(({ category, kind }) => category === 'fire' && kind !== 'fireIndication'),
    [],
    'no limit says so',
  );
  const [fire] = feed.open('fireIndication');
  assert.deepEqual(
    [fire?.kind, fire?.category, fire?.priority, fire?.deviceId, fire?.pointId],
    ['fireIndication', 'fire', 'P1', 'A-smoke', 'smoke.obscurationPctPerM'],
  );
  const contributions = fire?.contributions ?? [];
  assert.deepEqual(contributions.map(({ from }) => from).sort(), [
    'A-heat/heat.temperatureC',
    'A-smoke/smoke.obscurationPctPerM',
  ]);
  assert.ok(contributions.every(({ likelihoodRatio, since }) => likelihoodRatio > Math.E && since !== undefined));
  assert.ok((fire?.confidence ?? 0) > 0.5);
});

test('the same in two rooms, on an open floor, or live beside simulated, is no fire', () => {
  const pairs: readonly (readonly [Course, RegistryChange[]])[] = [
    [{ smokeId: 'A-smoke', heatId: 'B-heat' }, []],
    [{ smokeId: 'F-smoke', heatId: 'F-heat' }, []],
  ];
  for (const [course, more] of pairs) {
    const feed = new SituationFeed([...rooms, ...more]);
    run(feed, { ...course, smokePctPerM: 0.3, riseK: 0.3 });
    assert.deepEqual(feed.open('fireIndication'), [], JSON.stringify(course));
  }
  const feed = new SituationFeed(rooms);
  for (let s = 0; s <= 720; s += 10) {
    const burning = Math.max(0, s - 600);
    feed.bulk(report('A-smoke', T0 + s * 1_000, 0.2 + 0.016 * burning));
    feed.bulk(report('A-heat', T0 + s * 1_000, 20 + 0.2 * burning, 'simulated'));
  }
  assert.deepEqual(feed.open('fireIndication'), []);
});

test('smoke where an arc was drawn on the circuit of the room is told at once, and is a suspicion', () => {
  const told = (prefix: string): readonly string[] => {
    const feed = new SituationFeed(rooms);
    run(feed, { seconds: 600 });
    feed.alarm(
      event(
        'D1',
        {
          epoch: 'e',
          seq: 1,
          at: T0 + 600_000,
          kind: 'arc',
          point: prefix,
          active: true,
          level: 'warning',
        } as never,
        { receivedAt: T0 + 600_000 },
      ),
    );
    run(feed, { fromS: 610, seconds: 120, smokePctPerM: 0.1 });
    return feed.open().flatMap(({ kind, priority }) => (kind.startsWith('fire') ? [`${kind} ${priority}`] : []));
  };
  assert.deepEqual(told('c2'), ['fireIndication P2']);
  assert.deepEqual(told('c3'), [], 'another circuit feeds another room');
});

test('a suspicion that becomes sure is one alarm that becomes worse', () => {
  const feed = new SituationFeed(rooms);
  run(feed, { seconds: 600 });
  const arc = { epoch: 'e', seq: 1, at: T0 + 600_000, kind: 'arc', point: 'c2', active: true, level: 'warning' };
  feed.alarm(event('D1', arc as never, { receivedAt: T0 + 600_000 }));
  run(feed, { fromS: 610, seconds: 120, smokePctPerM: 0.1 });
  const first = feed.open('fireIndication');
  for (let s = 740; s <= 800; s += 10) feed.bulk(report('A-heat', T0 + s * 1_000, 20 + 0.5 * (s - 740)));
  const then = feed.open('fireIndication');
  assert.deepEqual(
    [...first, ...then].map(({ priority }) => priority),
    ['P2', 'P1'],
  );
  assert.equal(then[0]?.id, first[0]?.id);
});

test('it ends when every sensor that it rests on is calm, not because one of them fell silent', () => {
  const feed = new SituationFeed(rooms);
  let s = run(feed, { smokePctPerM: 0.3, riseK: 0.3 });
  const clearedAt = (): string | undefined => feed.open('fireIndication')[0]?.clearedAt;
  for (const until = s + 3_600; s < until; s += 10) feed.bulk(report('A-heat', T0 + s * 1_000, 20));
  assert.equal(clearedAt(), undefined, 'the smoke detector may have burned');
  feed.bulk(report('A-smoke', T0 + s * 1_000, 0.2));
  assert.notEqual(clearedAt(), undefined);
});

test('after a restart it goes on with what it rested on', () => {
  const feed = new SituationFeed(rooms);
  let kept: KeptFirePlace | undefined;
  for (let s = 0; s <= 720; s += 10) {
    const burning = Math.max(0, s - 600);
    feed.bulk(report('A-smoke', T0 + s * 1_000, Math.min(4.2, 0.2 + 0.3 * burning)));
    const effects = feed.bulk(report('A-heat', T0 + s * 1_000 + 500, 20 + 0.3 * burning));
    kept = effects.firePlaces.get('live/R1') ?? kept;
  }
  assert.ok(kept !== undefined);
  const anew = new SituationFeed(rooms);
  const condition = feed.situation.condition('A-smoke/smoke/fireIndication');
  assert.ok(condition !== undefined);
  anew.situation.restoreCondition(condition);
  anew.situation.fires.restore(JSON.parse(JSON.stringify(kept)) as KeptFirePlace);
  for (let s = 730; s <= 790; s += 10) {
    anew.bulk(report('A-smoke', T0 + s * 1_000, 4.2));
    anew.bulk(report('A-heat', T0 + s * 1_000 + 500, 56));
  }
  const [fire] = anew.open('fireIndication');
  assert.deepEqual([fire?.clearedAt, fire?.count], [undefined, 1]);
});

test('a sensor that stands still for twelve hours after it moved is a blind spot, until it moves again', () => {
  const feed = new SituationFeed(rooms);
  const reasonsOf = (deviceId: string): readonly string[] =>
    blindSpots(feed.situation, { venues: 'all' }, T0).find((spot) => spot.deviceId === deviceId)?.reasons ?? [];
  feed.bulk(report('A-smoke', T0, 0.2));
  feed.bulk(report('B-smoke', T0, 0.2));
  for (let minute = 10; minute <= 13 * 60; minute += 10) {
    feed.bulk(report('A-smoke', T0 + minute * 60_000, 0.3));
    feed.bulk(report('B-smoke', T0 + minute * 60_000, minute % 20 === 0 ? 0.3 : 0.2));
  }
  assert.deepEqual(
    [reasonsOf('A-smoke').includes('sensorStuck'), reasonsOf('B-smoke').includes('sensorStuck')],
    [true, false],
  );
  feed.bulk(report('A-smoke', T0 + 14 * 3_600_000, 0.25));
  assert.equal(reasonsOf('A-smoke').includes('sensorStuck'), false);
});
