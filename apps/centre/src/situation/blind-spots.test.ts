import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules, ruleOfLimit, type Rule, type RuleTest } from '@fengsui/alarm';
import { genericModels } from '../registry/device-model.ts';
import type { RuleVersion } from '../rules/rule-book.ts';
import { blindSpots } from './blind-spots.ts';
import { deviceRecord, house, registryChange, T0 } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

const [limit] = defaultLimitRules;
assert.ok(limit);
const base: Rule = { ...ruleOfLimit(limit), id: 'pit-water', kind: 'waterPressure', source: 'ours' };
const atOnce = { deadband: 0, onDelayMs: 0, offDelayMs: 0 };
const low = { kind: 'limit', point: 'pit.levelM', direction: 'below', threshold: 1, ...atOnce } as const;

/** A level gauge in a pit that tells no event of its own, of a kind that no rule of the product speaks of. */
function pit() {
  const [model] = genericModels;
  assert.ok(model);
  const points = [{ id: 'pit.levelM', unit: 'm', family: 'other' }];
  const { limits: _none, ...rest } = { limits: undefined, ...model };
  const feed = new SituationFeed([
    ...house,
    { kind: 'modelPut', model: { ...rest, id: 'pit', version: 1, points, events: [], gateway: false } },
    { kind: 'devicePut', device: deviceRecord('P1', { model: 'pit' }) },
  ]);
  const put = (ruleTest: RuleTest, version: number, state: RuleVersion['state'] = 'on', more: Partial<Rule> = {}) =>
    feed.alarm(
      registryChange([
        {
          kind: 'rulePut',
          version: {
            ...{ rule: { ...base, version, test: ruleTest, ...more }, state, author: 'a', reviewer: 'b', lines: [] },
          },
        },
      ]),
    );
  const isWithoutRule = (): boolean =>
    blindSpots(feed.situation, { venues: 'all' }, T0)
      .find(({ deviceId }) => deviceId === 'P1')
      ?.reasons.includes('noRule') ?? assert.fail('it was never tested: it is on the list anyhow');
  return { put, isWithoutRule };
}

test('a detector of which no rule speaks and that tells no alarm of its own is a blind spot, until a rule is on', () => {
  const { put, isWithoutRule } = pit();
  assert.equal(isWithoutRule(), true);
  put(low, 1, 'reviewed');
  assert.equal(isWithoutRule(), true, 'what is not on watches nothing');
  put(low, 1);
  assert.equal(isWithoutRule(), false);
  put({ kind: 'off' }, 2);
  assert.equal(isWithoutRule(), true);
  put({ kind: 'off' }, 2, 'retired');
  assert.equal(isWithoutRule(), false);
  put(low, 1, 'retired');
  assert.equal(isWithoutRule(), true);
});

test('a count or a rise sees it too; not a rule of another scope, nor one that needs a point it has not', () => {
  const { put, isWithoutRule } = pit();
  put({ kind: 'count', of: low, atLeast: 2, windowMs: 60_000 }, 1);
  assert.equal(isWithoutRule(), false);
  put({ kind: 'count', of: low, atLeast: 2, windowMs: 60_000 }, 1, 'on', { scope: { venueClasses: ['hospital'] } });
  assert.equal(isWithoutRule(), true);
  const rise = { kind: 'rate', point: 'pit.*', riseAtLeast: 1, windowMs: 60_000, endsBelow: 1 } as const;
  put(rise, 2);
  assert.equal(isWithoutRule(), false);
  const pump = { ...low, point: 'pump.currentA' };
  put({ kind: 'sequence', first: low, then: pump, withinMs: 60_000 }, 3);
  assert.equal(isWithoutRule(), true);
  put({ kind: 'combination', operator: 'or', of: [low, pump] }, 4);
  assert.equal(isWithoutRule(), false);
});
