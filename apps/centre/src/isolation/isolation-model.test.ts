import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Category } from '@fengsui/alarm';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { act } from '../situation/entries.fixture.ts';
import { IsolationFeed, placed } from './isolation.fixture.ts';

const deviceIds = Object.keys(placed);
const areas = [undefined, 'R1', 'R2', 'F'] as const;
const MINUTE_MS = 60_000;

type Move =
  | {
      readonly does: 'say';
      readonly device: string;
      readonly kind: string;
      readonly active: boolean;
      readonly isFire: boolean;
    }
  | {
      readonly does: 'ask';
      readonly target: string;
      readonly onTest: boolean;
      readonly only?: Category;
      readonly minutes: number;
    }
  | { readonly does: 'approve' | 'end' | 'acknowledge'; readonly nth: number }
  | { readonly does: 'move'; readonly device: string; readonly to: (typeof areas)[number] }
  | { readonly does: 'wait'; readonly minutes: number }
  | { readonly does: 'restart' };

const nth = fc.nat(9);
const device = fc.constantFrom(...deviceIds);
const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('say' as const),
      device,
      kind: fc.constantFrom('smoke', 'smoke', 'smoke', 'fault', 'manualAlarm', 'localAction'),
      active: fc.boolean(),
      isFire: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        does: fc.constant('ask' as const),
        target: fc.constantFrom('V1', 'F', 'R1', 'R2', 'S1', 'U1'),
        onTest: fc.boolean(),
        only: fc.constantFrom<Category>('fire', 'warning', 'fault'),
        minutes: fc.integer({ min: 1, max: 60 }),
      },
      { requiredKeys: ['does', 'target', 'onTest', 'minutes'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('approve' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('end' as const, 'acknowledge' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('move' as const), device, to: fc.constantFrom(...areas) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const) }) },
);

/** Who is under whom, written down beside the code that decides it. */
function isReached(
  feed: IsolationFeed,
  deviceId: string,
  { areaId, deviceId: own }: { areaId?: string; deviceId?: string },
) {
  if (own !== undefined) return own === deviceId;
  const at = feed.areaOf(deviceId);
  return areaId === undefined || at === areaId || (areaId === 'F' && at !== undefined);
}

function play(feed: IsolationFeed, move: Move, acts: number, isIsolating: boolean): void {
  const open = feed.isolations().filter(({ endedAt }) => endedAt === undefined);
  switch (move.does) {
    case 'say':
      return feed.says(
        move.device,
        move.kind,
        move.active || move.kind === 'localAction',
        move.isFire ? 'alarm' : 'warning',
      );
    case 'move':
      return feed.move(move.device, move.to === undefined ? { areaId: undefined as never } : { areaId: move.to });
    case 'wait':
      return feed.wait(move.minutes * MINUTE_MS);
    case 'restart':
      return feed.restart();
    case 'acknowledge': {
      const alarms = feed.feed.open();
      const alarm = alarms[move.nth % Math.max(1, alarms.length)];
      if (isIsolating && alarm !== undefined)
        feed.take(act(alarm.id, { kind: 'acknowledge' }, { actId: `ack ${acts}`, at: feed.now++ }));
      return;
    }
    case 'ask': {
      if (!isIsolating) return;
      const { target, onTest, only, minutes } = move;
      const where = target === 'V1' ? {} : /^[FR]/.test(target) ? { areaId: target } : { deviceId: target };
      feed.ask({
        target: where,
        isolation: onTest ? 'onTest' : 'isolated',
        ...(only !== undefined && { categories: [only] }),
        until: feed.now + minutes * MINUTE_MS,
      });
      return;
    }
    case 'approve':
    case 'end': {
      const isolation = open[move.nth % Math.max(1, open.length)];
      if (isolation !== undefined) feed[move.does](isolation.id);
    }
  }
}

/** Of what is active: one line per condition. */
const active = (feed: IsolationFeed): string[] =>
  feed.feed
    .open()
    .filter(({ clearedAt }) => clearedAt === undefined)
    .map(({ deviceId, kind, origin }) => `${deviceId} ${kind} ${origin}`)
    .sort();

function check(feed: IsolationFeed): void {
  const running = feed.isolations().filter(({ beganAt, endedAt }) => beganAt !== undefined && endedAt === undefined);
  const hiddenFires = new Set<string>();
  for (const alarm of feed.feed.open()) {
    if (alarm.state !== 'outOfService') continue;
    const { deviceId, kind, category } = alarm;
    const by = running.filter(
      ({ kind: how, target, categories, approvedBy, fireShownAt }) =>
        how === 'isolated' &&
        isReached(feed, deviceId, target) &&
        (categories ?? [category]).includes(category) &&
        (approvedBy !== undefined || deviceId === 'D1') &&
        (category !== 'fire' || fireShownAt === undefined) &&
        (kind !== 'manualAlarm' || target.deviceId === deviceId),
    );
    assert.ok(by.length > 0, `${deviceId} ${kind} is hidden by nobody`);
    assert.notEqual(kind, 'localAction');
    if (category !== 'fire' || alarm.clearedAt !== undefined) continue;
    hiddenFires.add(deviceId);
  }
  assert.ok(hiddenFires.size < 2, 'two detectors tell of fire, and nobody sees it');
}

test('whatever happens in whatever order: nothing is hidden but by an isolation, and when all have ended the queue has what it would have without them', () => {
  const seen = { hidden: 0, tested: 0, shown: 0 };
  fc.assert(
    fc.property(fc.array(moves, { minLength: 20, maxLength: 80 }), (steps) => {
      const [feed, without] = [new IsolationFeed(), new IsolationFeed()];
      steps.forEach((move, index) => {
        play(feed, move, index, true);
        play(without, move, index, false);
        check(feed);
        const open = feed.feed.open();
        if (open.some(({ state }) => state === 'outOfService')) seen.hidden++;
        if (open.some(({ origin }) => origin === 'test')) seen.tested++;
      });
      if (feed.isolations().some(({ fireShownAt }) => fireShownAt !== undefined)) seen.shown++;
      feed.wait(25 * 3_600_000);
      assert.deepEqual(active(feed), active(without));
      assert.deepEqual(
        feed.feed.open().filter(({ state }) => state === 'outOfService'),
        [],
      );
      assert.equal(new Set(feed.feed.open().map(({ id }) => id)).size, feed.feed.open().length);
    }),
    propertySettings(300),
  );
  if (process.env['FENGSUI_SEED'] === undefined)
    for (const [what, times] of Object.entries(seen)) assert.ok(times > 0, `no run had anything ${what}`);
});
