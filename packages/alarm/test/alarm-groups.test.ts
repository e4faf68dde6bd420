import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AlarmGroups, groupRows, readGroupId, type AlarmState, type GroupableAlarm } from '../src/index.ts';
import { runs } from './condition-events.ts';
import { groupableAlarms, groupSteps } from './group-alarms.ts';
import { groupsByDefinition } from './groups-oracle.ts';

const holds = { ...runs, numRuns: Math.ceil(runs.numRuns / 4) };

const cut = (id: string, over: Partial<GroupableAlarm> = {}): GroupableAlarm => ({
  id,
  kind: 'underVoltage',
  category: 'warning',
  priority: 'P2',
  origin: 'live',
  venueId: 'v1',
  deviceId: `d-${id}`,
  pointId: 'c1',
  raisedAt: 0,
  ...over,
});

const groupsOf = (groups: AlarmGroups, alarms: readonly GroupableAlarm[]): (string | undefined)[] =>
  alarms.map(({ id }) => groups.groupOf(id));

test('groups are those of the definition, and whose group is another now is told', () => {
  fc.assert(
    fc.property(groupableAlarms, (alarms) => {
      const groups = new AlarmGroups();
      const told = new Map<string, string | undefined>();
      for (const alarm of alarms) for (const id of groups.put(alarm)) told.set(id, groups.groupOf(id));
      const expected = groupsByDefinition(alarms);
      for (const { id } of alarms) {
        const group = groups.groupOf(id);
        const together = alarms.filter((other) => group !== undefined && groups.groupOf(other.id) === group);
        assert.deepEqual(new Set(together.map((one) => one.id)), expected.get(id) ?? new Set());
        assert.equal(told.get(id), group, `${id} was told of another group`);
      }
    }),
    holds,
  );
});

test('the same alarms in another order give the same groups with the same ids', () => {
  const orders = groupableAlarms.chain((alarms) =>
    fc.tuple(fc.constant(alarms), fc.shuffledSubarray(alarms, { minLength: alarms.length })),
  );
  fc.assert(
    fc.property(orders, ([alarms, another]) => {
      const [one, other] = [new AlarmGroups(), new AlarmGroups()];
      for (const alarm of alarms) one.put(alarm);
      for (const alarm of another) other.put(alarm);
      assert.deepEqual(groupsOf(other, alarms), groupsOf(one, alarms));
    }),
    holds,
  );
});

test('whatever happens in whatever order, every alarm is one row or behind one row, and fire is a row', () => {
  fc.assert(
    fc.property(groupableAlarms, groupSteps, (alarms, steps) => {
      const groups = new AlarmGroups();
      const present = new Map<string, GroupableAlarm>();
      const shown = new Map<string, string | undefined>();
      const over = new Set<string>();
      for (const { index, what } of steps) {
        const known = alarms[index];
        if (known === undefined || over.has(known.id)) continue;
        const before = present.get(known.id) ?? known;
        const now = what === 'worse' ? { ...before, escalatedAt: before.raisedAt + 60_001 } : before;
        const changed = what === 'end' ? groups.end(known.id) : groups.put(now);
        if (what === 'end') {
          over.add(known.id);
          present.delete(known.id);
          shown.delete(known.id);
        } else present.set(known.id, now);
        for (const id of changed) if (present.has(id)) shown.set(id, groups.groupOf(id));
        for (const { id } of present.values()) assert.equal(shown.get(id), groups.groupOf(id));
      }
      const views = [...present.values()].map((alarm) => {
        const state: AlarmState = 'unacknowledged';
        return { ...alarm, state, parentId: groups.groupOf(alarm.id) };
      });
      const rows = groupRows(views);
      const seen = rows.flatMap((row) => (row.kind === 'alarm' ? [row.alarm.id] : row.children.map(({ id }) => id)));
      assert.deepEqual(seen.toSorted(), [...present.keys()].toSorted());
      const ownRows = new Set(rows.flatMap((row) => (row.kind === 'alarm' ? [row.alarm.id] : [])));
      for (const { id, category, priority, kind, escalatedAt } of views) {
        if (category === 'fire' || priority === 'P1' || kind === 'smoke' || kind === 'gas' || escalatedAt !== undefined)
          assert.ok(ownRows.has(id), `${id} is behind another row`);
      }
    }),
    holds,
  );
});

test('a mains cut in three venues is one group, the fire in its middle and its second detector are rows', () => {
  const groups = new AlarmGroups();
  const alarms = Array.from({ length: 300 }, (_, i) => cut(`c${i}`, { venueId: `v${i % 3}`, raisedAt: i * 16 }));
  const fires = ['f1', 'f2'].map((id) => cut(id, { kind: 'smoke', category: 'fire', priority: 'P1', raisedAt: 2_400 }));
  for (const alarm of [...alarms.slice(0, 150), ...fires, ...alarms.slice(150)]) groups.put(alarm);
  assert.equal(new Set(groupsOf(groups, alarms)).size, 1);
  const id = groups.groupOf('c0') ?? '';
  assert.deepEqual(readGroupId(id), { lane: 'power', since: 0 });
  assert.deepEqual(groupsOf(groups, fires), [undefined, undefined]);
});

test('two of a venue are two rows, three conditions are a group, and a condition that came back is not a third', () => {
  const groups = new AlarmGroups();
  groups.put(cut('a'));
  groups.put(cut('b', { raisedAt: 1 }));
  groups.end('b');
  groups.put(cut('b2', { deviceId: 'd-b', raisedAt: 2 }));
  assert.deepEqual(groupsOf(groups, [cut('a'), cut('b2')]), [undefined, undefined]);
  groups.put(cut('c', { raisedAt: 3 }));
  assert.equal(new Set(groupsOf(groups, [cut('a'), cut('b2'), cut('c')])).size, 1);
  assert.notEqual(groups.groupOf('a'), undefined);
});

test('a group keeps its id while one of its alarms is left, also when the one that began it has ended', () => {
  const groups = new AlarmGroups();
  for (const id of ['a', 'b', 'c']) groups.put(cut(id, { raisedAt: id.charCodeAt(0) }));
  const id = groups.groupOf('c');
  groups.end('a');
  groups.end('b');
  groups.put(cut('d', { raisedAt: 14 * 60_000 }));
  assert.deepEqual([groups.groupOf('c'), groups.groupOf('d')], [id, id]);
  assert.notEqual(id, undefined);
});

test('more than ten alarms of a venue that come within a minute of one another are a group, ten are not', () => {
  const warm = (i: number): GroupableAlarm =>
    cut(`w${i}`, { kind: 'overTemperature', priority: 'P3', raisedAt: i * 50_000 });
  const groups = new AlarmGroups();
  for (let i = 0; i < 10; i++) groups.put(warm(i));
  assert.equal(groups.groupOf('w0'), undefined);
  assert.equal(groups.put(warm(10)).size, 11);
  assert.match(groups.groupOf('w0') ?? '', /^g-rate-/);
});

test('a drill and a live alarm are in no group together', () => {
  const groups = new AlarmGroups();
  for (const id of ['a', 'b']) groups.put(cut(id));
  groups.put(cut('c', { origin: 'drill' }));
  assert.equal(groups.groupOf('a'), undefined);
});

test('what has long ended is forgotten, and a month of faults in one venue does not grow without end', () => {
  const groups = new AlarmGroups();
  groups.put(cut('dead', { kind: 'silent' }));
  for (let i = 0; i < 20_000; i++) {
    groups.put(cut(`a${i}`, { deviceId: `d${i % 30}`, raisedAt: i * 60_000 }));
    groups.end(`a${i}`);
  }
  assert.ok(groups.memberCount < 1_100, `${groups.memberCount}`);
});
