import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Isolation } from '@fengsui/protocol';
import { IsolationFeed } from './isolation.fixture.ts';
import { ToldIsolations } from './told-isolations.ts';

/** What somebody holds who heard every commit, and whether all that holds now is in it. */
function listen(feed: IsolationFeed) {
  const told = new ToldIsolations(feed.feed.situation);
  const held = new Map<string, Isolation>();
  let frames = 0;
  feed.onCommitted = (effects) => {
    const changed = told.changedBy(effects);
    if (changed.length > 0) frames++;
    for (const one of changed) held.set(one.id, one);
  };
  const isUpToDate = (...ids: readonly string[]): void => {
    for (const id of ids) assert.deepEqual(held.get(id), feed.isolation(id));
    const open = [...held.values()].filter(({ state }) => state === 'asked' || state === 'active');
    assert.deepEqual(told.open().map(({ id }) => id).sort(), open.map(({ id }) => id).sort()); // prettier-ignore
  };
  return { held, isUpToDate, frames: () => frames };
}

test('who hears every commit holds what a question would answer: what is hidden, marked, reached, warned of and over', () => {
  const feed = new IsolationFeed();
  const { held, isUpToDate, frames } = listen(feed);
  feed.says('S4', 'smoke');
  assert.equal(frames(), 0, 'nothing is isolated, nothing is told');
  const floor = feed.isolate({ target: { areaId: 'F' } });
  const tested = feed.isolate({ target: { deviceId: 'S4' }, isolation: 'onTest' });
  isUpToDate(floor, tested);
  feed.says('S3', 'fault');
  feed.says('S4', 'fault');
  isUpToDate(floor, tested);
  assert.deepEqual([held.get(floor)?.hiddenNow, held.get(tested)?.hiddenNow], [1, 1]);
  feed.says('S4', 'fault', false);
  isUpToDate(floor, tested);
  assert.equal(held.get(tested)?.hiddenNow, 0, 'told although only the alarm has changed');
  feed.move('S4', { areaId: 'R2' });
  isUpToDate(floor, tested);
  assert.equal(held.get(floor)?.detectorCount, 5);
  feed.wait(46 * 60_000);
  isUpToDate(floor, tested);
  assert.equal(held.get(floor)?.isEndingSoon, true);
  feed.end(tested);
  feed.wait(15 * 60_000);
  isUpToDate(floor, tested);
  assert.deepEqual([held.get(floor)?.state, held.get(tested)?.state], ['ended', 'ended']);
});

test('the telephone of who watches on site is told to nobody', () => {
  const feed = new IsolationFeed();
  const { held } = listen(feed);
  const id = feed.isolate({ fireWatch: { name: 'Watch', phone: '+86 10 1234' } });
  assert.deepEqual(held.get(id)?.fireWatch, { name: 'Watch' });
});
