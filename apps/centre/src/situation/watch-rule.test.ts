import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultLimitRules, ruleOfLimit, type PointTest, type Rule, type RuleTest } from '@fengsui/alarm';
import { RaisedCount } from '../rules/count-raised.ts';
import type { RuleVersion } from '../rules/rule-book.ts';
import type { Effects } from './effects.ts';
import { event, registryChange, T0, telemetry, type ReportOptions } from './entries.fixture.ts';
import { RuleWatch, type KeptRuleState } from './rule-watch.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const found = defaultLimitRules.find(({ id }) => id === 'terminal-temperature-alarm');
assert.ok(found);
const ID = 'ours';
const base: Rule = { ...ruleOfLimit(found), id: ID, kind: 'oursOnly', source: 'ours' };
const HOUR = 3_600_000;
const MINUTE = 60_000;
const T1 = 't1.temperatureC';
const T2 = 't2.temperatureC';

const above = (point: string, threshold: number, onDelayMs = 0): PointTest => ({
  kind: 'limit',
  ...{ point, direction: 'above', threshold, deadband: 0, onDelayMs, offDelayMs: 0 },
});
const rise: PointTest = { kind: 'rate', point: T1, riseAtLeast: 10, windowMs: 5 * MINUTE, endsBelow: 2 };

/** A house that one rule watches, its timers fired when they are due, and what a restart would find of it. */
class Watched {
  readonly feed = new SituationFeed();
  readonly kept = new Map<string, string>();
  /** `on` and `off` with seconds since T0. */
  readonly told: string[] = [];
  #seq = 0;

  constructor(ruleTest: RuleTest, more: Partial<Rule> = {}) {
    this.#take(this.feed.alarm(putOf({ ...base, test: ruleTest, ...more })), T0);
  }

  put(ruleTest: RuleTest, version: number, at: number, state: RuleVersion['state'] = 'on'): void {
    this.#take(this.feed.alarm(putOf({ ...base, version, test: ruleTest }, at, state)), at);
  }

  report(at: number, values: Record<string, number>, options: ReportOptions = {}): void {
    this.until(at);
    const message = { epoch: 'w', seq: ++this.#seq, at, values };
    this.#take(this.feed.bulk(telemetry('D1', message, { receivedAt: at, ...options })), at);
  }

  until(now: number): void {
    for (;;) {
      const due = [...this.feed.timers.values()].filter(({ id, dueAt }) => id.startsWith('limit/') && dueAt <= now);
      const next = due.sort((a, b) => a.dueAt - b.dueAt)[0];
      if (next === undefined) return;
      this.#take(this.feed.fire(next.id), next.dueAt);
    }
  }

  restart(): void {
    const { situation } = this.feed;
    situation.ruleWatch = new RuleWatch(situation.registry);
    for (const [id, doc] of this.kept) {
      const state = JSON.parse(doc) as KeptRuleState;
      if ('parts' in state) situation.ruleWatch.restore(id, state);
    }
  }

  #take(effects: Effects, at: number): void {
    for (const [id, { state }] of effects.limits) this.kept.set(id, JSON.stringify(state));
    const isOn = this.feed.open(base.kind).some(({ state }) => state === 'unacknowledged');
    if (isOn !== (this.told.at(-1)?.startsWith('on') ?? false))
      this.told.push(`${isOn ? 'on' : 'off'} ${(at - T0) / 1_000}`);
  }
}

function putOf(rule: Rule, at = T0, state: RuleVersion['state'] = 'on') {
  return registryChange([{ kind: 'rulePut', version: { rule, state, author: 'a', reviewer: 'b', lines: [] } }], at);
}

test('a rise raises at the report that completes it, whatever it starts from, and says the value but no limit', () => {
  const watched = new Watched(rise);
  for (const [minute, value] of [20, 23, 26, 29.9, 33, 34, 34, 34, 34].entries())
    watched.report(T0 + minute * MINUTE, { [T1]: value });
  // 33 over 20 within 4 min; over 33 within the last 5 min there is a rise of 1 at the ninth minute.
  assert.deepEqual(watched.told, ['on 240']);
  const [alarm] = watched.feed.open(base.kind);
  assert.deepEqual([alarm?.value, alarm?.limit, alarm?.level, alarm?.ruleId], [33, undefined, 'alarm', ID]);
  watched.report(T0 + 9 * MINUTE, { [T1]: 34 });
  assert.deepEqual(watched.told, ['on 240', 'off 540']);
});

test('an alarm names the rule that raised it, until a device makes it worse, and to its end', () => {
  const watched = new Watched(above(T1, 60), { level: 'warning', kind: 'overTemperature' });
  watched.report(T0, { [T1]: 61 });
  assert.equal(watched.feed.open('overTemperature')[0]?.ruleId, ID);
  watched.feed.alarm(
    event('D1', { at: T0 + 1_000, kind: 'overTemperature', point: 't1', active: true, level: 'alarm' }),
  );
  const [worse] = watched.feed.open('overTemperature');
  assert.deepEqual([worse?.level, worse?.ruleId], ['alarm', undefined]);

  const other = new Watched(above(T1, 60), { kind: 'overTemperature' });
  other.report(T0, { [T1]: 61 });
  other.report(T0 + 1_000, { [T1]: 20 });
  const [over] = [...other.feed.shown.values()];
  assert.deepEqual([over?.state, over?.ruleId], ['returnedUnacknowledged', ID]);
});

test('a rise that is under way goes on over a restart', () => {
  const watched = new Watched(rise);
  watched.report(T0, { [T1]: 20 });
  watched.report(T0 + MINUTE, { [T1]: 24 });
  watched.restart();
  watched.report(T0 + 2 * MINUTE, { [T1]: 30 });
  assert.deepEqual(watched.told, ['on 120']);
});

test('a steep rise goes on over a restart, however near the readings lie in its window', () => {
  const watched = new Watched({ ...rise, windowMs: HOUR });
  watched.report(T0, { [T1]: 20 });
  watched.report(T0 + 1_000, { [T1]: 28 });
  watched.restart();
  watched.report(T0 + 2_000, { [T1]: 24 });
  watched.report(T0 + 3_000, { [T1]: 30 });
  assert.deepEqual(watched.told, ['on 3']);
});

test('what comes as backlog, or once more, neither raises nor ends anything', () => {
  const watched = new Watched({ kind: 'count', of: above(T1, 60), atLeast: 2, windowMs: HOUR });
  watched.report(T0, { [T1]: 61 });
  watched.report(T0 + 1_000, { [T1]: 50 });
  watched.report(T0 + 2_000, { [T1]: 61 }, { live: false });
  const again = telemetry('D1', { epoch: 'w', seq: 1, at: T0, values: { [T1]: 61 } }, { receivedAt: T0 + 3_000 });
  watched.feed.bulk(again, again);
  watched.report(T0 + 4_000, { [T1]: 50 });
  assert.deepEqual(watched.told, []);
  watched.report(T0 + 5_000, { [T1]: 62 });
  assert.deepEqual(watched.told, ['on 5']);
});

test('a combination speaks of one device: the alarm is at its first point, and a delay ends it by a timer', () => {
  const of = [above(T1, 60, 30_000), above(T2, 60)];
  const watched = new Watched({ kind: 'combination', operator: 'and', of });
  watched.report(T0, { [T1]: 61, [T2]: 61 });
  assert.deepEqual(watched.told, []);
  watched.restart();
  watched.until(T0 + MINUTE);
  watched.report(T0 + 2 * MINUTE, { [T2]: 50 });
  assert.deepEqual(watched.told, ['on 30', 'off 120']);
  assert.equal(watched.feed.open(base.kind)[0]?.pointId, T1);
});

test('a sequence goes on over a restart between its two parts', () => {
  const watched = new Watched({ kind: 'sequence', first: above(T1, 60), then: above(T2, 60), withinMs: MINUTE });
  watched.report(T0, { [T1]: 61 });
  watched.restart();
  watched.report(T0 + MINUTE, { [T2]: 61 });
  assert.deepEqual(watched.told, ['on 60']);
});

test('hours begin and end by themselves, over a restart too', () => {
  // T0 is Friday, 10:00 at +480 min; it speaks from 11:00 to 12:00.
  const windows = [{ days: [5], fromMin: 660, toMin: 720 }];
  const watched = new Watched(above(T1, 60), { schedule: { speaks: 'within', utcOffsetMin: 480, windows } });
  watched.report(T0, { [T1]: 61 });
  watched.restart();
  watched.until(T0 + HOUR);
  watched.restart();
  watched.until(T0 + 20 * HOUR);
  assert.deepEqual(watched.told, ['on 3600', 'off 7200']);
});

test('another version goes on with what stands by its newest values, and retired it is over', () => {
  const of = [above(T1, 60), above(T2, 60)];
  const watched = new Watched({ kind: 'combination', operator: 'and', of });
  watched.report(T0, { [T1]: 71, [T2]: 61 });
  watched.put({ kind: 'combination', operator: 'or', of: [above(T1, 70), above(T2, 70)] }, 2, T0 + 1_000);
  watched.put({ kind: 'combination', operator: 'and', of: [above(T1, 70), above(T2, 70)] }, 3, T0 + 2_000);
  watched.report(T0 + 3_000, { [T1]: 71, [T2]: 71 });
  watched.put({ kind: 'off' }, 4, T0 + 4_000);
  assert.deepEqual(watched.told, ['on 0', 'off 2', 'on 3', 'off 4']);
});

test('one rule takes the place of a limit of its id, and a limit that of the rule', () => {
  const watched = new Watched(above(T1, 60));
  watched.report(T0, { [T1]: 61 });
  watched.put({ kind: 'count', of: above(T1, 60), atLeast: 2, windowMs: HOUR }, 2, T0 + 1_000);
  watched.report(T0 + 2_000, { [T1]: 50 });
  watched.report(T0 + 3_000, { [T1]: 61 });
  watched.report(T0 + 4_000, { [T1]: 50 });
  watched.report(T0 + 5_000, { [T1]: 61 });
  watched.put(above(T1, 80), 3, T0 + 6_000);
  watched.report(T0 + 7_000, { [T1]: 81 });
  assert.deepEqual(watched.told, ['on 0', 'off 1', 'on 5', 'off 6', 'on 7']);
});

test('the watch raises as often as a trial of the same reports says, whenever it was started anew', () => {
  const slow = { ...above(T2, 60), deadband: 15, offDelayMs: 20_000 } as PointTest;
  const part = fc.constantFrom<PointTest>(above(T1, 60, 15_000), above(T2, 60), slow, { ...rise, windowMs: 40_000 });
  // T0 is Friday, 10:00 local time.
  const windows = [{ days: [5], fromMin: 602, toMin: 605 }];
  const hours = fc.record({ speaks: fc.constantFrom('within' as const, 'outside' as const) });
  const schedule = fc.option(
    hours.map((one) => ({ ...one, utcOffsetMin: 480, windows })),
    { nil: undefined },
  );
  const ruleTest = fc.oneof(
    fc.record({
      ...{ kind: fc.constant('combination' as const), operator: fc.constantFrom('and' as const, 'or' as const) },
      of: fc.tuple(part, part),
    }),
    fc.record({
      ...{ kind: fc.constant('sequence' as const), first: part, then: part },
      withinMs: fc.constantFrom(10_000, 50_000),
    }),
    fc.record({
      ...{ kind: fc.constant('count' as const), of: part },
      ...{ atLeast: fc.constantFrom(2, 3), windowMs: fc.constantFrom(30_000, 100_000) },
    }),
    fc.constant(rise),
  );
  const steps = fc.array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 30 }).map((seconds) => seconds * 1_000),
      point: fc.constantFrom(T1, T2),
      value: fc.constantFrom(20, 40, 61, 80),
      isRestart: fc.boolean(),
    }),
    { minLength: 2, maxLength: 40 },
  );
  fc.assert(
    fc.property(ruleTest, schedule, steps, (aTest, when, told) => {
      const more = when === undefined ? {} : { schedule: when };
      const watched = new Watched(aTest, more);
      const trial = new RaisedCount({ ...base, test: aTest, ...more });
      let now = T0;
      for (const { stepMs, point, value, isRestart } of told) {
        now += stepMs;
        watched.report(now, { [point]: value });
        trial.sample(point, now, value);
        // A rise of which little was seen begins anew with a restart.
        if (isRestart && !hasRise(aTest)) watched.restart();
      }
      watched.until(now + HOUR);
      trial.until(now + HOUR);
      const on = watched.told.filter((word) => word.startsWith('on')).map((word) => T0 + Number(word.slice(3)) * 1_000);
      assert.deepEqual(
        on.slice(0, 20),
        trial.examples.map(({ at }) => at),
      );
      assert.equal(on.length, trial.count);
    }),
    { numRuns: 150 },
  );
});

const hasRise = (ruleTest: RuleTest): boolean => JSON.stringify(ruleTest).includes('"rate"');
