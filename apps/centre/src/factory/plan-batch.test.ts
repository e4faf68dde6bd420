import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrationProblems, type EndOfLineRow, type NewCalibration } from '@fengsui/protocol';
import { batchOf, goodRow, NOW, TestFactory } from './batch.fixture.ts';
import { planBatch } from './plan-batch.ts';

test('what passes goes to stock with its calibration, what fails stays tested, and history tells each step', () => {
  const factory = new TestFactory();
  const broken = goodRow('S2', {
    result: 'fail',
    tests: [{ test: 'insulationMOhm', value: 3, unit: 'MΩ' }],
    calibration: undefined as never,
  });
  delete (broken as Partial<EndOfLineRow>).calibration;
  const { report, changes } = factory.plan(batchOf([goodRow('S1', { deviceId: 'D1' }), broken]));
  assert.deepEqual(report, {
    applied: false,
    batchId: 'B-7',
    rows: 2,
    added: 2,
    retested: 0,
    unchanged: 0,
    passed: 1,
    failed: 1,
    calibrations: 1,
    problemCount: 0,
    problems: [],
  });
  const { registry } = factory;
  const [first, second] = [registry.device('D1'), registry.device('S2')];
  assert.deepEqual(
    [first?.life, first?.serial, first?.batchId, first?.venueId, registry.venue('stock')?.life],
    ['inStock', 'S1', 'B-7', 'stock', 'planned'],
  );
  assert.deepEqual([second?.life, second?.serial], ['tested', undefined]);
  const told = changes.flatMap((change) => (change.kind === 'deviceHistory' ? [change.line] : []));
  assert.deepEqual(
    told.filter(({ deviceId }) => deviceId === 'D1').map(({ kind, to, passed }) => [kind, to ?? passed]),
    [
      ['registered', 'produced'],
      ['endOfLine', true],
      ['life', 'tested'],
      ['life', 'inStock'],
      ['calibrated', undefined],
    ],
  );
  assert.ok(told.every(({ by, at }) => by === 'line 3' && at === NOW));
  const [kept] = changes.flatMap((change) => (change.kind === 'calibrationPut' ? [change.kept.calibration] : []));
  assert.deepEqual(calibrationProblems(kept), []);
  // 0.36 ° of 50 Hz are a thousandth of 20 ms; three years of 365 days.
  assert.deepEqual(
    [kept?.id, kept?.channels[1]?.phaseUs, kept?.validUntil],
    ['D1-k1', 20, Date.parse('2026-11-22T08:30:00Z') + 1095 * 86_400_000],
  );
});

test('a device that failed goes neither to stock nor to a venue until it has passed, and both results stay', () => {
  const factory = new TestFactory();
  const failing = goodRow('S1', { result: 'fail', note: 'scratched' });
  factory.plan(batchOf([failing]));
  for (const to of ['inStock', 'installed', 'active'] as const)
    assert.match(factory.registry.factory.lifeProblem('S1', to) ?? '', /failed at the end of the line.*scratched/);
  assert.equal(factory.registry.factory.lifeProblem('S1', 'retired'), undefined);
  const again = goodRow('S1', { testedAt: '2026-11-22T09:40:00Z' });
  const { report, changes } = factory.plan(batchOf([again]));
  assert.deepEqual([report.added, report.retested, report.calibrations], [0, 1, 0]);
  const results = changes.flatMap((change) => (change.kind === 'endOfLinePut' ? [change.result.number] : []));
  assert.deepEqual(
    [results, factory.registry.device('S1')?.life, factory.registry.factory.result('S1')?.number],
    [[2], 'inStock', 2],
  );
  assert.equal(factory.registry.factory.lifeProblem('S1', 'installed'), undefined);
  // Found bad in the store room: it leaves the stock.
  factory.plan(
    batchOf([goodRow('S1', { testedAt: '2026-11-22T09:50:00Z', result: 'fail', note: 'water in the housing' })]),
  );
  assert.equal(factory.registry.device('S1')?.life, 'tested');
});

test('the same batch again changes nothing', () => {
  const factory = new TestFactory();
  const draft = batchOf([goodRow('S1'), goodRow('S2')]);
  factory.plan(draft);
  const { report, changes } = factory.plan(draft, NOW + 60_000);
  assert.deepEqual([report.unchanged, report.added, report.retested, changes.length], [2, 0, 0, 0]);
});

const measured = (change: Partial<NewCalibration>): EndOfLineRow => {
  const row = goodRow('S1');
  return { ...row, calibration: { ...(row.calibration as NewCalibration), ...change } };
};
const channels = (change: object, index = 0): NewCalibration['channels'] =>
  (goodRow('S1').calibration?.channels ?? []).map((channel, i) => (i === index ? { ...channel, ...change } : channel));

const wrong: readonly (readonly [string, EndOfLineRow[]])[] = [
  ['serialTwice', [goodRow('S1'), goodRow('S1')]],
  ['serialTwice', [goodRow('S1', { deviceId: 'D1' }), goodRow('S2', { deviceId: 'D1' })]],
  [
    'failedTestPasses',
    [
      goodRow('S1', {
        tests: [...goodRow('S1').tests.slice(0, 3), { test: 'currentErrorPct', value: 1.4, unit: '%' }],
      }),
    ],
  ],
  ['testMissing', [goodRow('S1', { tests: goodRow('S1').tests.slice(1) })]],
  ['testTwice', [goodRow('S1', { tests: [...goodRow('S1').tests, ...goodRow('S1').tests.slice(0, 1)] })]],
  ['unknownTest', [goodRow('S1', { tests: [...goodRow('S1').tests, { test: 'taste', value: 1, unit: '' }] })]],
  [
    'otherUnit',
    [
      goodRow('S1', {
        tests: goodRow('S1').tests.map((t) => (t.test === 'insulationMOhm' ? { ...t, unit: 'kΩ' } : t)),
      }),
    ],
  ],
  [
    'verdictDiffers',
    [goodRow('S1', { tests: goodRow('S1').tests.map((t) => ({ ...t, passed: t.test !== 'voltageErrorPct' })) })],
  ],
  ['reasonMissing', [goodRow('S1', { result: 'fail' })]],
  ['invalidInstant', [goodRow('S1', { testedAt: '2026-11-22T10:06:00Z' })]],
  ['invalidInstant', [measured({ calibratedAt: '2027-01-01T00:00:00Z' })]],
  ['gainImplausible', [measured({ channels: channels({ gain: 1.2 }) })]],
  ['offsetImplausible', [measured({ channels: channels({ offset: -9 }) })]],
  ['phaseImplausible', [measured({ channels: channels({ phaseDeg: 30 }, 1) })]],
  ['phaseTwice', [measured({ channels: channels({ phaseDeg: 0.1 }) })]],
  ['channelMissing', [measured({ channels: channels({}).slice(0, 1) })]],
  ['channelTwice', [measured({ channels: [...channels({}), ...channels({}).slice(1)] })]],
  ['unknownChannel', [measured({ channels: [...channels({}), { point: 'c9.currentA', gain: 1 }] })]],
];

test('each error has its name, its place and what to do, and nothing is written with a single one', () => {
  for (const [code, devices] of wrong) {
    const { report, changes } = planBatch(new TestFactory().registry, batchOf(devices), 'line 3', NOW);
    assert.deepEqual([report.problems.map((problem) => problem.code), changes.length], [[code], 0], code);
    const [problem] = report.problems;
    assert.ok(problem !== undefined && problem.row === devices.length && problem.fix.length > 5 && problem.column);
  }
});

test('without a calibration a device of a calibrated model does not pass', () => {
  const { calibration: _none, ...row } = goodRow('S1');
  assert.deepEqual(new TestFactory().codes(batchOf([row])), ['calibrationMissing']);
});

test('a number of another model, a serial of another batch, a device at work and an older result are refused', () => {
  const factory = new TestFactory();
  factory.plan(batchOf([goodRow('S1')]));
  const later = { testedAt: '2026-11-22T09:30:00Z' };
  assert.deepEqual(factory.codes(batchOf([goodRow('S2')], { model: 'generic-smoke' })), ['otherBatch']);
  assert.deepEqual(factory.codes(batchOf([goodRow('S1', later)], { id: 'B-8' })), ['serialElsewhere']);
  assert.deepEqual(factory.codes(batchOf([goodRow('S1', { deviceId: 'D9' })])), ['serialTwice']);
  assert.deepEqual(factory.codes(batchOf([goodRow('S1', { testedAt: '2026-11-22T08:59:00Z' })])), ['olderResult']);
  const device = factory.registry.device('S1');
  assert.ok(device !== undefined);
  factory.registry.apply({ kind: 'devicePut', device: { ...device, life: 'active' } });
  assert.deepEqual(factory.codes(batchOf([goodRow('S1', later)])), ['deviceInUse']);
  assert.deepEqual(factory.codes(batchOf([goodRow('S3')], { id: 'B-9', model: 'nothing' })), ['unknownModel']);
  assert.deepEqual(factory.codes(batchOf([goodRow('S3')], { id: 'B-9', venueId: 'nowhere' })), ['unknownVenue']);
});

test('five thousand devices, the most of one import, are planned in seconds', () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => goodRow(`S${index}`));
  const started = performance.now();
  const { report } = planBatch(new TestFactory().registry, batchOf(rows), 'line 3', NOW);
  assert.equal(report.added, 5_000);
  assert.ok(performance.now() - started < 60_000);
});
