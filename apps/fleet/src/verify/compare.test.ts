import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReportStates, reportBits, type DeviceTruth, type SaidAlarm } from '../truth/truth.ts';
import { compareAlarms, type FoundAlarm } from './compare-alarms.ts';
import { compareReports } from './compare-reports.ts';

const both = reportBits.sent | reportBits.acknowledged;

test('lost, doubled and unexpected are told apart, whatever was sent and stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bits: fc.constantFrom(0, reportBits.sent, both), times: fc.integer({ min: 0, max: 3 }) })),
      (given) => {
        const reports = new ReportStates();
        given.forEach(({ bits }, seq) => reports.add(seq, bits));
        const found = new Map(given.flatMap(({ times }, seq) => (times > 0 ? [[seq, times] as const] : [])));
        const numbers = (is: (one: { bits: number; times: number }) => boolean): number[] =>
          given.flatMap((one, seq) => (is(one) ? [seq] : []));
        assert.deepEqual(compareReports(reports, found), {
          stored: numbers(({ bits, times }) => bits > 0 && times > 0).length,
          lost: numbers(({ bits, times }) => bits === both && times === 0),
          doubled: numbers(({ times }) => times > 1),
          unexpected: numbers(({ bits, times }) => bits === 0 && times > 0),
        });
      },
    ),
  );
});

const T0 = Date.parse('2026-01-05T08:00:00Z');
const period = { startedAt: T0, endedAt: T0 + 60_000 };
const raise: SaidAlarm = { seq: 0, at: T0 + 1_000, kind: 'smoke', point: 'smoke', active: true };

function truthOf(alarms: readonly SaidAlarm[], bits = both): DeviceTruth {
  const reports = new ReportStates();
  for (const { seq } of alarms) reports.add(seq, bits);
  return {
    deviceId: 'd',
    model: 'generic-smoke',
    skewMs: 0,
    reports,
    alarms: [...alarms],
    tolerated: new Set(),
    instants: new Map(),
  };
}

function alarm(given: Partial<FoundAlarm> & { readonly afterMs?: number } = {}): FoundAlarm {
  const at = new Date(T0 + (given.afterMs ?? 1_500)).toISOString();
  const { afterMs: _afterMs, ...rest } = given;
  return {
    id: `a${at}`,
    kind: 'smoke',
    deviceId: 'd',
    pointId: 'smoke',
    state: 'unacknowledged',
    raisedAt: at,
    receivedAt: at,
    ...rest,
  };
}

test('an alarm that was said is expected once its report is acknowledged, and its delay is measured', () => {
  const { missing, expected, found, latenciesMs } = compareAlarms(truthOf([raise]), [alarm()], period);
  assert.deepEqual([missing, expected, found, latenciesMs], [[], 1, 1, [500]]);
  assert.deepEqual(compareAlarms(truthOf([raise]), [], period).missing, ['d/smoke/smoke']);
  const unsure = compareAlarms(truthOf([raise], reportBits.sent), [], period);
  assert.deepEqual([unsure.expected, unsure.missing], [0, []]);
  // It may have arrived all the same, and is then not false.
  assert.deepEqual(compareAlarms(truthOf([raise], reportBits.sent), [alarm()], period).false, []);
});

test('an alarm nobody said is false, except what a fault may raise, what is older, and silence after the end', () => {
  const falseOf = (found: FoundAlarm, truth = truthOf([])): readonly string[] =>
    compareAlarms(truth, [found], period).false;
  assert.deepEqual(falseOf(alarm()), ['d/smoke/smoke']);
  assert.deepEqual(falseOf(alarm({ afterMs: -1 })), []);
  assert.deepEqual(falseOf(alarm({ kind: 'silent', pointId: '', afterMs: 30_000 })), ['d//silent']);
  assert.deepEqual(falseOf(alarm({ kind: 'silent', pointId: '', afterMs: 60_001 })), []);
  assert.deepEqual(falseOf(alarm({ kind: 'silent' }), { ...truthOf([]), tolerated: new Set(['silent']) }), []);
});

test('two alarms for what was said once are doubled; one that stood before and was open is found', () => {
  const twice = [alarm(), alarm({ afterMs: 2_000 })];
  assert.deepEqual(compareAlarms(truthOf([raise]), twice, period).doubled, ['d/smoke/smoke']);
  const stood = compareAlarms(truthOf([raise]), [alarm({ afterMs: -100_000 })], period);
  assert.deepEqual([stood.found, stood.doubled, stood.latenciesMs], [1, [], []]);
});

test('an alarm that goes on after its acknowledged end is uncleared', () => {
  const truth = truthOf([raise, { ...raise, seq: 1, active: false }]);
  assert.deepEqual(compareAlarms(truth, [alarm()], period).uncleared, ['d/smoke/smoke']);
  const returned = alarm({ state: 'returnedUnacknowledged', clearedAt: new Date(T0 + 9_000).toISOString() });
  assert.deepEqual(compareAlarms(truth, [returned], period).uncleared, []);
});
