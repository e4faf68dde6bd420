import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '@fengsui/city';
import { planCity } from './city-plan.ts';
import { DAY_MS, planScenario, type Happening, type Scenario } from './scenario.ts';
import { simulateDuty } from './simulate-duty.ts';

const START = Date.UTC(2026, 0, 1) - 8 * 3_600_000;
const plan = planCity(40, new RandomStream(7, 'city'));
const [venue] = plan.venues;
assert.ok(venue);

const says = (at: number, deviceId: string, event: string, active = true, trueId?: number): Happening => ({
  kind: 'says',
  at: START + at,
  deviceId,
  venueId: deviceId.replace(/-.*/, ''),
  event,
  point: '',
  level: event === 'overload' ? 'warning' : 'alarm',
  active,
  ...(trueId !== undefined && { trueId }),
});
const run = (happenings: readonly Happening[], trueEvents: Scenario['trueEvents'] = []) =>
  simulateDuty(plan, { happenings: [...happenings].sort((a, b) => a.at - b.at), trueEvents }, START, 1);
const terminal = (n: number): string => `V${n}-T0`;

test('a row is taken after the reaction, and the same alarm said again is no second row', () => {
  const duty = run([
    says(60_000, terminal(0), 'overload'),
    says(61_000, terminal(0), 'overload'),
    says(62_000, terminal(0), 'overload', false),
  ]);
  assert.deepEqual(
    duty.rows.map(({ at, alarm }) => [at - START, alarm.kind, alarm.priority]),
    [[60_000, 'overload', 'P3']],
  );
  assert.deepEqual(
    duty.taken.map(({ at }) => at - START),
    [65_000],
  );
});

test('three seats take three at once, the fourth waits for the first to be free: 45 s and his reaction', () => {
  const duty = run([0, 1, 2, 3].map((n) => says(60_000, terminal(n), 'overload')));
  assert.deepEqual(
    duty.taken.map(({ at, seat }) => [at - START, seat]),
    [
      [65_000, 0],
      [65_000, 1],
      [65_000, 2],
      [110_000, 0],
    ],
  );
  assert.equal(duty.longestQueue, 4);
});

test('a fire that comes into a queue of warnings is the next that is taken, and is owned within a handling', () => {
  const warnings = Array.from({ length: 30 }, (_, n) => says(60_000 + n, terminal(n), 'overload'));
  const fire = { id: 0, what: 'fire', at: START + 70_000 } as const;
  const duty = run([...warnings, says(70_000, venue.detectors[0]?.id ?? '', 'smoke', true, 0)], [fire]);
  assert.equal(duty.taken.length, 31);
  // The seats are free again 45 s after they looked at the first three.
  assert.deepEqual(duty.owned, [{ what: 'fire', isFire: true, isMasked: false, afterMs: 40_000 }]);
  assert.equal(duty.rows.at(-1)?.alarm.category, 'fire');
});

test('what is really happening under an alarm that was acknowledged before is masked: nobody is told', () => {
  const real = { id: 0, what: 'overload', at: START + 600_000 } as const;
  const duty = run([says(60_000, terminal(0), 'overload'), says(600_000, terminal(0), 'overload', true, 0)], [real]);
  assert.deepEqual(duty.owned, [{ what: 'overload', isFire: false, isMasked: true }]);
});

test('terminals that go dark together are one row, a dead gateway one for all behind it; both end', () => {
  const dark = venue.terminals;
  const behind = [venue.gatewayId, ...venue.detectors.map(({ id }) => id)];
  const duty = run([
    { kind: 'goesQuiet', at: START + 60_000, deviceIds: dark },
    { kind: 'goesQuiet', at: START + 3_600_000, deviceIds: behind },
    { kind: 'speaksAgain', at: START + 7_200_000, deviceIds: [...dark, ...behind] },
  ]);
  assert.deepEqual(
    duty.rows.map(({ alarm }) => [alarm.kind, alarm.parentId === alarm.id ? 'group' : alarm.deviceId]),
    [
      ['silent', 'group'],
      ['silent', venue.gatewayId],
    ],
  );
  assert.deepEqual(
    duty.taken.map(({ alarmIds }) => alarmIds.length),
    [dark.length, 1],
  );
});

test('the same seed is the same month, and nuisances come at their rate', () => {
  const scenario = (seed: number) => planScenario(plan.venues, 'budget', START, 30, seed);
  assert.deepEqual(scenario(3), scenario(3));
  assert.notDeepEqual(scenario(3), scenario(4));
  // 600 devices at 0.5 a year for 365 days: 300 on average, standard deviation 17.
  const year = planScenario(plan.venues, 'budget', START, 365, 5);
  const begins = year.happenings.filter(
    (happening) => happening.kind === 'says' && happening.active && happening.trueId === undefined,
  );
  // 15 % of them come back once to three times: 1.3 each.
  assert.ok(begins.length > 300 && begins.length < 480, `${begins.length} in a year`);
  assert.ok(year.happenings.every(({ at }, n, all) => n === 0 || at >= (all[n - 1]?.at ?? 0)));
  assert.ok(year.happenings.every(({ at }) => at >= START && at < START + 365 * DAY_MS));
});
