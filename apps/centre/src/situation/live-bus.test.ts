import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Effects } from './effects.ts';
import { LiveBus, inScope, type Publication } from './live-bus.ts';

const commit = (value: number, venueId = 'V1'): Effects => {
  const effects = new Effects();
  effects.values.push({ venueId, deviceId: 'D1', at: 0, points: [`p${value}`], values: [value] });
  return effects;
};

const valuesOf = (publications: readonly Publication[] | undefined): readonly number[] | undefined =>
  publications?.flatMap(({ values }) => values.flatMap(({ values: told }) => told));

test('subscribers get every commit in order, each at its position, until they leave', () => {
  const bus = new LiveBus(41);
  const seen: number[] = [];
  const leave = bus.subscribe(({ position }) => seen.push(position));
  bus.publish(commit(1));
  bus.publish(commit(2));
  leave();
  bus.publish(commit(3));
  assert.deepEqual([seen, bus.position], [[42, 43], 44]);
});

test('who comes back with a position gets exactly what came after it', () => {
  const bus = new LiveBus(0);
  for (let i = 1; i <= 5; i++) bus.publish(commit(i));
  assert.deepEqual(valuesOf(bus.since(0)), [1, 2, 3, 4, 5]);
  assert.deepEqual(valuesOf(bus.since(3)), [4, 5]);
  assert.deepEqual(bus.since(5), []);
});

test('a position of before the start, of the future, or too old must begin anew', () => {
  const bus = new LiveBus(100);
  assert.deepEqual(bus.since(100), [], 'nothing happened since');
  assert.equal(bus.since(99), undefined);
  assert.equal(bus.since(101), undefined);
  for (let i = 1; i <= 4_097; i++) bus.publish(commit(i));
  assert.equal(bus.since(100), undefined, 'the first of 4,097 is forgotten');
  assert.equal(bus.since(101)?.length, 4_096);
  assert.equal(bus.since(4_198), undefined);
});

test('large commits are kept for fewer positions: 400,000 rows in all', () => {
  const bus = new LiveBus(0);
  const large = new Effects();
  const points = ['p0', 'p1', 'p2', 'p3'];
  for (let i = 0; i < 250; i++)
    large.values.push({ venueId: 'V1', deviceId: `D${i}`, at: 0, points, values: [i, i, i, i] });
  for (let i = 1; i <= 401; i++) bus.publish(large);
  assert.equal(bus.since(0), undefined, 'the first of 401,000 rows are forgotten');
  assert.equal(bus.since(1)?.length, 400);
  bus.publish(commit(1));
  assert.equal(bus.since(1), undefined, 'one more row is one more commit forgotten');
  assert.equal(bus.since(2)?.length, 400);
});

test('a scope sees its venues only, and an empty scope sees nothing', () => {
  const effects = commit(1, 'V1');
  effects.values.push({ venueId: 'V2', deviceId: 'D9', at: 0, points: ['x'], values: [9] });
  effects.presence.set('D9', { venueId: 'V2', row: ['D9', true, 0] });
  const bus = new LiveBus(0);
  const seen: Publication[] = [];
  bus.subscribe((publication) => seen.push(publication));
  bus.publish(effects);
  const [whole] = seen;
  assert.ok(whole);
  assert.deepEqual(inScope({ venues: 'all' }, whole), whole);
  const one = inScope({ venues: ['V2'] }, whole);
  assert.deepEqual([valuesOf([one]), one.presence.length, one.position], [[9], 1, 1]);
  assert.deepEqual(inScope({ venues: [] }, whole), {
    position: 1,
    alarms: [],
    values: [],
    presence: [],
    commands: [],
    workOrders: [],
    isolations: [],
    incidents: [],
  });
});
