import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels, type Level } from '@fengsui/alarm';
import fc from 'fast-check';
import type { HazardEvent } from './hazard-event.ts';
import { createHazardUnion, type HazardUnionState } from './hazard-union.ts';

const overload = (level: Level, at: number, more: Partial<HazardEvent> = {}): HazardEvent => ({
  kind: 'overload',
  point: 'c1',
  pointId: 'c1.currentA',
  active: true,
  level,
  at,
  value: 30,
  limit: 16,
  ...more,
});
const brief = (events: readonly HazardEvent[]): unknown[] => events.map((e) => [e.active, e.level, e.at, e.measure]);

test('the highest level of all sources is told, and the end only when every source has ended', () => {
  const union = createHazardUnion();
  const thermal = { measure: 'thermalStateRatio', value: 0.9, limit: 0.8 };
  assert.deepEqual(brief(union.tell('band', [overload('warning', 1)])), [[true, 'warning', 1, undefined]]);
  assert.deepEqual(union.tell('thermal', [overload('attention', 2, thermal)]), [], 'lower is no news');
  assert.deepEqual(brief(union.tell('thermal', [overload('alarm', 3, thermal)])), [
    [true, 'alarm', 3, 'thermalStateRatio'],
  ]);
  assert.deepEqual(union.sourcesOf('c1', 'overload'), ['band', 'thermal']);
  // What falls back is told at the level that holds, at the instant it falls, with the numbers of its own source.
  assert.deepEqual(brief(union.tell('thermal', [overload('alarm', 4, { ...thermal, active: false })])), [
    [true, 'warning', 4, undefined],
  ]);
  const [end] = union.tell('band', [overload('warning', 5, { active: false, value: 3 })]);
  assert.deepEqual([end?.active, end?.level, end?.value, end?.limit], [false, 'warning', 3, 16]);
  assert.deepEqual(union.active(), []);
});

test('points with and without their quantity are one hazard; other kinds and circuits are others', () => {
  const union = createHazardUnion();
  union.tell('a', [overload('alarm', 1), overload('alarm', 1, { point: 'c2' }), overload('alarm', 1, { kind: 'arc' })]);
  assert.equal(union.active().length, 3);
  assert.deepEqual(union.tell('b', [overload('alarm', 2, { point: 'c1.currentA' })]), []);
});

test('after a restart a source that holds less than before ends what it no longer holds', () => {
  const before = createHazardUnion();
  before.tell('thermal', [overload('alarm', 1)]);
  before.tell('gone', [overload('warning', 2), overload('warning', 2, { point: 'c2' })]);
  const union = createHazardUnion(JSON.parse(JSON.stringify(before.state())) as HazardUnionState);
  assert.deepEqual(union.active(), before.active());
  assert.deepEqual(brief(union.align('thermal', [], 10)), [[true, 'warning', 10, undefined]]);
  assert.deepEqual(brief(union.retain(['thermal'], 11)), [
    [false, 'warning', 11, undefined],
    [false, 'warning', 11, undefined],
  ]);
});

test('an end of something never told is no event', () => {
  assert.deepEqual(createHazardUnion().tell('a', [overload('alarm', 1, { active: false })]), []);
});

/** Oracle: the maximum over a plain table of what each source said last. */
test('at every instant the told level is the maximum over the sources, and every event changes it', () => {
  const act = fc.record({
    source: fc.constantFrom('a', 'b', 'c'),
    point: fc.constantFrom('c1', 'c2'),
    level: fc.constantFrom(...levels, undefined),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let union = createHazardUnion();
      const said = new Map<string, Level>();
      const told = new Map<string, Level>();
      acts.forEach(({ source, point, level }, at) => {
        const key = `${source} ${point}`;
        const last = said.get(key);
        const event = overload(level ?? last ?? 'alarm', at, { point, active: level !== undefined });
        if (level === undefined) said.delete(key);
        else said.set(key, level);
        for (const change of union.tell(source, [event])) {
          if (change.active) {
            assert.notEqual(told.get(change.point), change.level);
            told.set(change.point, change.level);
          } else {
            assert.ok(told.delete(change.point));
          }
        }
        for (const place of ['c1', 'c2']) {
          const ranks = ['a', 'b', 'c'].map((by) => levels.findIndex((name) => name === said.get(`${by} ${place}`)));
          assert.equal(levels[Math.max(...ranks)], told.get(place));
        }
        if (at % 7 === 0) union = createHazardUnion(JSON.parse(JSON.stringify(union.state())) as HazardUnionState);
      });
    }),
    { numRuns: Number(process.env['FENGSUI_RUNS'] ?? 300) },
  );
});
