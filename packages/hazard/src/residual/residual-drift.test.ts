import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HazardEvent } from '../hazard-event.ts';
import { createResidualDrift, type ResidualDrift, type ResidualDriftState } from './residual-drift.ts';

const DAY_MS = 86_400_000;
const START = 1_763_700_000_000;

/** Uniform 0..1, the same sequence for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 15 mA of insulation that breathes with the damp of day and season, filters of 40 mA, two loads; a reading a minute. */
function live(
  drift: ResidualDrift,
  fromDay: number,
  days: number,
  extraMa: (day: number) => number = () => 0,
  { seed = 1, turned = 1, newLoad = false } = {},
): HazardEvent[] {
  const random = seeded(seed + fromDay);
  const on = [false, false];
  const events: HazardEvent[] = [];
  for (let minute = 0; minute < days * 1_440; minute++) {
    const day = fromDay + minute / 1_440;
    on.forEach((is, k) => {
      if (random() < 1 / 90) on[k] = !is;
    });
    const damp = 1 + 0.15 * Math.sin(2 * Math.PI * day) + 0.25 * Math.sin((2 * Math.PI * day) / 365);
    const noise = (): number => random() - 0.5;
    const inPhase = 15 * damp + (on[0] ? 3 : 0) + (on[1] ? 6 : 0) + extraMa(day) + noise();
    const quadrature = 40 + (on[0] ? 12 : 0) + (newLoad && on[1] ? 30 : 0) + noise();
    const loadsOn = ['oven', 'pump'].filter((_, k) => on[k]);
    if (newLoad && on[1]) loadsOn.push('filter bank');
    const at = START + Math.round(day * 1_440) * 60_000;
    events.push(...drift.read({ at, inPhaseMa: turned * inPhase, quadratureMa: turned * quadrature, loadsOn }));
  }
  return events;
}
const settings = { circuit: 'c1', loadIds: ['oven', 'pump'] };
const brief = (events: readonly HazardEvent[]): unknown[] => events.map((e) => [e.level, e.measure, e.active]);

test('it learns for a week, says so, and then knows what each load leaks', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 6.9);
  assert.deepEqual(drift.estimate(), { kind: 'noVerdict', reason: 'learning' });
  live(drift, 7, 2);
  const estimate = drift.estimate();
  assert.ok(estimate.kind === 'estimate');
  assert.ok(Math.abs((estimate.frozenAt - START) / DAY_MS - 7) < 0.2);
  const [oven, pump] = estimate.loads;
  for (const [value, expected] of [
    [oven?.inPhaseMa, 3],
    [oven?.quadratureMa, 12],
    [pump?.inPhaseMa, 6],
    [pump?.quadratureMa, 0],
  ] as const) {
    // The damp of the day is not quite independent of what happened to be on.
    assert.ok(Math.abs((value ?? NaN) - expected) < 1, `${value}, expected ${expected} mA`);
  }
});

test('insulation that decays to 300 mA within weeks is noticed early and forecast within its band', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 10);
  // 22 mA of its own and 46 mA across leave √(300² − 46²) − 22 = 274 mA to 3·e^((t − 10)/8): day 10 + 8·ln(91.5) = 46.1.
  const events = live(drift, 10, 36, (day) => 3 * Math.exp((day - 10) / 8));
  assert.deepEqual(brief(events), [
    ['attention', 'driftSum', true],
    ['warning', 'daysToLimit', true],
  ]);
  const [noticed, warned] = events.map(({ at }) => (at - START) / DAY_MS);
  assert.ok((noticed ?? NaN) < 27, `noticed on day ${noticed}`);
  assert.ok((warned ?? NaN) > 38 && (warned ?? NaN) < 45, `warned on day ${warned}`);
  const forecast = events[1]?.evidence?.['forecast'] as Record<string, number>;
  const trueAt = START + 46.1 * DAY_MS;
  assert.ok((forecast['earliestAt'] ?? NaN) < trueAt);
  assert.ok((forecast['latestAt'] ?? NaN) > trueAt);
  assert.ok(
    Math.abs((forecast['limitAt'] ?? NaN) - trueAt) < 1.5 * DAY_MS,
    `${((forecast['limitAt'] ?? NaN) - START) / DAY_MS}`,
  );
  assert.ok(events.every(({ confidence = NaN }) => confidence > 0.9 && confidence <= 1));
});

test('a hundred and fifty milliamperes at once are told within three hours', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 10);
  const events = live(drift, 10, 1, () => 150);
  assert.ok((events[0]?.at ?? NaN) - START < (10 + 3 / 24) * DAY_MS);
});

test('capacitive current of a new filter raises nothing', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 10);
  assert.deepEqual(live(drift, 10, 20, undefined, { newLoad: true }), []);
});

test('healthy years give no notice: damp of day and season, loads that come and go', () => {
  for (const seed of [1, 2, 3]) assert.deepEqual(live(createResidualDrift(settings), 0, 365, undefined, { seed }), []);
});

test('a residual transformer mounted the wrong way round gives the same verdicts', () => {
  const run = (turned: number): unknown[] => {
    const drift = createResidualDrift(settings);
    live(drift, 0, 10, undefined, { turned });
    return live(drift, 10, 3, () => 60, { turned }).map((e) => [e.level, e.at, e.value]);
  };
  assert.deepEqual(run(-1), run(1));
  assert.ok(run(1).length > 0);
});

test('when the leak is repaired the hazard ends after a day', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 10);
  live(drift, 10, 2, () => 60);
  const ended = live(drift, 12, 8).find(({ active }) => !active);
  assert.ok(ended && (ended.at - START) / DAY_MS < 17);
});

test('over a restart it goes on where it was; other loads to watch are learned anew', () => {
  const before = createResidualDrift(settings);
  live(before, 0, 10);
  live(before, 10, 2, () => 60);
  const kept = JSON.parse(JSON.stringify(before.state())) as ResidualDriftState;
  assert.ok(JSON.stringify(kept).length < 16_384);
  const drift = createResidualDrift(settings, kept);
  assert.deepEqual(drift.active(), before.active());
  assert.deepEqual(
    live(drift, 12, 0.5, () => 60),
    live(before, 12, 0.5, () => 60),
  );
  const other = createResidualDrift({ ...settings, loadIds: ['oven'] }, kept);
  assert.deepEqual(other.estimate(), { kind: 'noVerdict', reason: 'learning' });
  // The clock may have gone back meanwhile.
  const behind = createResidualDrift(settings, kept);
  assert.doesNotThrow(() => live(behind, -3, 1, () => 60));
  assert.ok(behind.state().course.hours.every(({ at }) => at < START));
});

test('after recommissioning it learns anew and the hazard is over', () => {
  const drift = createResidualDrift(settings);
  live(drift, 0, 10);
  live(drift, 10, 2, () => 60);
  assert.deepEqual(
    brief(drift.recommission(START + 12 * DAY_MS)).map((row) => (row as unknown[])[2]),
    [false],
  );
  assert.deepEqual(drift.active(), []);
  assert.equal(drift.estimate().kind, 'noVerdict');
});

test('readings without a phase are ignored, and settings that make no sense refused', () => {
  const drift = createResidualDrift(settings);
  for (let k = 0; k < 100; k++) drift.read({ at: k * 60_000, inPhaseMa: NaN, quadratureMa: 1 });
  assert.equal(drift.state().regression.updates, 0);
  assert.throws(
    () => createResidualDrift({ circuit: 'c*', loadIds: ['a', 'a'], learningMs: 5, limitMa: 0 }),
    (error: Error) => error.message.split('\n').length === 4,
  );
});
