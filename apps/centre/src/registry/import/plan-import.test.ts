import assert from 'node:assert/strict';
import { test } from 'node:test';
import { house, T0 } from '../../situation/entries.fixture.ts';
import { Registry } from '../registry.ts';
import { exportRegistry } from './export-registry.ts';
import { planImport } from './plan-import.ts';

const registryOf = (): Registry => {
  const registry = new Registry();
  for (const change of house) registry.apply(change);
  return registry;
};
const sheet = (name: string, ...rows: readonly (readonly string[])[]) => ({
  name,
  rows: rows.map((cells, index) => ({ number: index + 1, cells })),
});
const plan = (registry: Registry, ...sheets: ReturnType<typeof sheet>[]) => planImport(registry, sheets, 'me', T0);
const codesOf = (registry: Registry, ...sheets: ReturnType<typeof sheet>[]) =>
  plan(registry, ...sheets).report.problems.map(({ row, column, code }) => [row, column, code]);

test('an absent column keeps what is known, an empty cell clears it, an empty state keeps the state', () => {
  const registry = registryOf();
  const known = registry.device('D1');
  assert.ok(known);
  registry.apply({ kind: 'devicePut', device: { ...known, name: 'board', area: 'hall', life: 'maintenance' } });
  const { changes } = plan(
    registry,
    sheet('devices', ['id', 'model', 'venueId', 'area', 'life'], ['D1', 'generic-terminal', 'V1', '', '']),
  );
  assert.equal(changes.length, 1);
  const [change] = changes;
  assert.ok(change?.kind === 'devicePut');
  assert.deepEqual(change.device, { ...known, name: 'board', life: 'maintenance' });
});

test('a new venue comes with its wave and its life; one that is known keeps its life, whatever the row says', () => {
  const registry = registryOf();
  const heading = ['编号', '名称', '类别', '批次', '状态'];
  const { report, changes } = plan(
    registry,
    sheet('场所', heading, ['N1', '新', '学校', '第一批', '计划'], ['N2', '新', '学校', '', '']),
  );
  assert.deepEqual(report.problems, []);
  const venues = changes.flatMap((change) => (change.kind === 'venuePut' ? [change.venue] : []));
  assert.deepEqual(
    venues.map(({ id, wave, life }) => [id, wave, life]),
    [
      ['N1', '第一批', 'planned'],
      ['N2', undefined, undefined],
    ],
  );
  for (const change of changes) registry.apply(change);
  const empty = plan(registry, sheet('场所', heading, ['N1', '新', '学校', '第一批', '']));
  assert.deepEqual([empty.report.problems, empty.changes], [[], []], 'an empty cell makes no venue live');
  assert.deepEqual(codesOf(registry, sheet('场所', heading, ['N1', '新', '学校', '第一批', '已投运'])), [
    [2, '状态', 'venueLife'],
  ]);
  assert.deepEqual(codesOf(registry, sheet('场所', heading, ['N3', '新', '学校', '', '已测试'])), [
    [2, '状态', 'venueLife'],
  ]);
  const again = exportRegistry(registry, { venues: 'all' });
  assert.deepEqual(planImport(registry, again, 'me', T0).changes, []);
});

test('an export is imported without a change', () => {
  const registry = registryOf();
  for (const language of ['en', 'zh'] as const) {
    const sheets = exportRegistry(registry, { venues: 'all' }, language);
    const { report, changes } = planImport(registry, sheets, 'me', T0);
    assert.deepEqual([report.problems, changes], [[], []]);
  }
  const own = exportRegistry(registry, { venues: ['V2'] });
  assert.ok(!JSON.stringify(own).includes('"V1"'), 'a scope exports its own venues');
});

test('a device keeps its venue and its model; a circle of areas and a child of no gateway are refused', () => {
  const registry = registryOf();
  const devices = ['id', 'model', 'venueId', 'parentId'];
  assert.deepEqual(codesOf(registry, sheet('devices', devices, ['D1', 'generic-terminal', 'V2', ''])), [
    [2, 'venueId', 'deviceElsewhere'],
  ]);
  assert.deepEqual(codesOf(registry, sheet('devices', devices, ['D1', 'generic-smoke', 'V1', ''])), [
    [2, 'model', 'otherModel'],
  ]);
  assert.deepEqual(codesOf(registry, sheet('devices', devices, ['X', 'generic-smoke', 'V1', 'D1'])), [
    [2, 'parentId', 'unknownParent'],
  ]);
  const circle = sheet(
    'areas',
    ['id', 'venueId', 'kind', 'name', 'parentId'],
    ['A', 'V1', 'room', 'a', 'B'],
    ['B', 'V1', 'room', 'b', 'A'],
  );
  assert.deepEqual(codesOf(registry, circle), [
    [2, 'parentId', 'invalidParent'],
    [3, 'parentId', 'invalidParent'],
  ]);
});

test('headings: unknown, double and missing ones are said once, not row by row', () => {
  const rows = Array.from({ length: 50 }, (_, index) => [`N${index}`, 'x']);
  assert.deepEqual(codesOf(registryOf(), sheet('venues', ['id', 'nmae'], ...rows)), [
    [1, 'nmae', 'unknownColumn'],
    [1, 'name', 'missingColumn'],
    [1, 'class', 'missingColumn'],
  ]);
  assert.deepEqual(
    codesOf(registryOf(), sheet('venues', ['id', '编号', 'name', 'class'], ['N', '', 'n', 'office']))[0],
    [1, '编号', 'columnTwice'],
  );
  assert.deepEqual(codesOf(registryOf(), sheet('Tabelle1', ['id'], ['x'])), [[undefined, undefined, 'unknownSheet']]);
});

test('one GB address is one device, in the sheet and against the registry', () => {
  const registry = registryOf();
  const known = registry.device('S1');
  assert.ok(known);
  registry.apply({ kind: 'devicePut', device: { ...known, gb: { address: '0a0000000001' } } });
  const devices = ['id', 'model', 'venueId', 'gbAddress'];
  assert.deepEqual(
    codesOf(
      registry,
      sheet(
        'devices',
        devices,
        ['U1', 'generic-uitd', 'V1', '0A0000000001'],
        ['U2', 'generic-uitd', 'V1', '0b0000000001'],
        ['U3', 'generic-uitd', 'V1', '0b0000000001'],
      ),
    ),
    [
      [2, 'gbAddress', 'gbAddressTaken'],
      [4, 'gbAddress', 'gbAddressTaken'],
    ],
  );
  assert.equal(registry.deviceByGbAddress('0a0000000001')?.id, 'S1');
});

test('a circuit without a class is protected; its cable is whole or not there', () => {
  const heading = [
    'deviceId',
    'prefix',
    'ratedA',
    'insulation',
    'crossSectionMm2',
    'installationMethod',
    'loadedConductors',
    'ambientC',
  ];
  const whole = plan(registryOf(), sheet('circuits', heading, ['D1', 'c1', '16', 'PVC', '2.5', 'B1', '2', '']));
  const [change] = whole.changes;
  assert.ok(change?.kind === 'circuitPut', JSON.stringify(whole.report));
  assert.deepEqual(change.circuit, {
    deviceId: 'D1',
    prefix: 'c1',
    venueId: 'V1',
    ratedA: 16,
    protectedClass: 'unknown',
    cable: { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 },
  });
  assert.deepEqual(codesOf(registryOf(), sheet('circuits', heading, ['D1', 'c1', '16', 'PVC', '', '', '', ''])), [
    [2, 'crossSectionMm2', 'halfCable'],
    [2, 'installationMethod', 'halfCable'],
    [2, 'loadedConductors', 'halfCable'],
  ]);
  assert.deepEqual(codesOf(registryOf(), sheet('circuits', heading, ['D1', 'c9', '', 'PVC', '2.5', 'B1', '2', '75'])), [
    [2, 'prefix', 'unknownPoint'],
    [2, 'ambientC', 'invalidCable'],
  ]);
});
