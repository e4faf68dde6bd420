import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules, ruleOfLimit } from '@fengsui/alarm';
import { createLog } from '../platform/log.ts';
import { RegistryDesk } from '../registry/registry-desk.ts';
import { Registry } from '../registry/registry.ts';
import { RuleCalendar } from './rule-calendar.ts';
import { localDay, utcOffsetMinAt } from './rule-dates.ts';
import { RuleDesk } from './rule-desk.ts';

const [limit] = defaultLimitRules;
assert.ok(limit);
const rule = { ...ruleOfLimit(limit), id: 'winter', validFrom: '2026-11-15', validTo: '2027-03-15' };
const timeZone = 'Asia/Shanghai';
const local = (text: string): number => Date.parse(`${text}+08:00`);
const trial = {
  ...{ at: 0, by: 'zhang', from: 0, days: 7, deviceCount: 0, triedDeviceCount: 0, reportCount: 0, examples: [] },
  ...{ version: { raisedCount: 0, deviceCount: 0 }, inForce: { raisedCount: 0, deviceCount: 0 } },
};

/** A centre with a reviewed version for a winter, and a clock that is set by hand. */
function winter(begin: string) {
  const registry = new Registry();
  let now = local(begin);
  const clock = { now: () => now };
  const write = async (changes: readonly Parameters<Registry['apply']>[0][]): Promise<void> => {
    for (const change of changes) registry.apply(change);
    await Promise.resolve();
  };
  const desk = new RuleDesk(new RegistryDesk({ registry, clock, write }), [], timeZone);
  registry.apply({
    kind: 'rulePut',
    version: { rule, state: 'reviewed', author: 'zhang', reviewer: 'wang', trial, lines: [] },
  });
  const open = () =>
    new RuleCalendar({
      registry,
      desk,
      clock,
      timeZone,
      log: createLog({ level: 'error', json: true, write: () => undefined }),
    });
  const calendar = open();
  const at = async (text: string, asked = calendar): Promise<string | undefined> => {
    now = local(text);
    await asked.look();
    return registry.rules.find('winter', 1)?.state;
  };
  return { registry, desk, open, at };
}

test('a day begins at local midnight', () => {
  assert.equal(localDay(local('2026-11-15T00:00:00'), timeZone), '2026-11-15');
  assert.equal(localDay(local('2026-11-14T23:59:59'), timeZone), '2026-11-14');
});

test('local time is ahead of UTC by minutes, behind it by negative ones', () => {
  const summer = Date.UTC(2026, 6, 1);
  const zones = ['Asia/Shanghai', 'America/St_Johns', 'Asia/Kathmandu', 'UTC'];
  assert.deepEqual(
    zones.map((zone) => utcOffsetMinAt(zone, summer)),
    [480, -150, 345, 0],
  );
});

test('what is switched on before its first day begins on it, and is over after its last', async () => {
  const { registry, desk, at } = winter('2026-11-01T12:00:00');
  assert.equal(await at('2026-11-16T00:00:00'), 'reviewed', 'nobody has switched it on');
  await at('2026-11-01T12:00:00');
  const version = await desk.switchOn('winter', 1, 'zhang');
  assert.deepEqual([version.state, version.scheduledBy], ['reviewed', 'zhang']);
  await assert.rejects(desk.switchOn('winter', 1, 'wang'), { code: 'ruleState' });
  assert.equal(await at('2026-11-14T23:59:59'), 'reviewed');
  assert.equal(await at('2026-11-15T00:00:00'), 'on');
  assert.equal(await at('2027-03-15T23:59:59'), 'on');
  assert.equal(await at('2027-03-16T00:00:00'), 'retired');
  assert.deepEqual(
    registry.rules.find('winter', 1)?.lines.map(({ by, to, note }) => [by, to, note]),
    [
      ['zhang', 'scheduled', undefined],
      ['centre', 'on', 'validFrom 2026-11-15'],
      ['centre', 'retired', 'validTo 2027-03-15'],
    ],
  );
});

test('what was due while nothing ran is done at the start; over before it began, it never watches', async () => {
  for (const [start, state] of [
    ['2026-12-24T18:00:00', 'on'],
    ['2027-04-01T00:00:00', 'retired'],
  ] as const) {
    const { desk, open, at } = winter('2026-11-14T12:00:00');
    await desk.switchOn('winter', 1, 'zhang');
    assert.equal(await at(start, open()), state);
  }
});

test('what has been discarded does not begin, and after the last day nothing is switched on', async () => {
  const { registry, desk, at } = winter('2026-11-14T12:00:00');
  await desk.switchOn('winter', 1, 'zhang');
  await desk.retire('winter', 1, 'a warm winter', 'wang');
  assert.equal(await at('2026-11-20T00:00:00'), 'retired');
  assert.equal(registry.rules.isAnyOn, false);
  const late = winter('2027-03-16T00:00:00');
  await assert.rejects(late.desk.switchOn('winter', 1, 'zhang'), { code: 'ruleNotValid' });
});
