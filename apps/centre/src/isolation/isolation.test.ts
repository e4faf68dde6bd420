import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act } from '../situation/entries.fixture.ts';
import { IsolationFeed } from './isolation.fixture.ts';

const code = (outcome: ReturnType<IsolationFeed['ask']>): string =>
  outcome.kind === 'refused' ? outcome.code : outcome.kind;
const stateOf = (feed: IsolationFeed, deviceId: string, kind: string) => feed.alarm(deviceId, kind)?.state;

test('what a person asked for begins by another person; without detectors lives depend on, at once', () => {
  const feed = new IsolationFeed();
  const asked = feed.ask({ target: { areaId: 'R1' } });
  assert.equal(asked.kind, 'isolated');
  const { id } = feed.isolations()[0] ?? { id: '' };
  assert.equal(feed.isolation(id).state, 'asked');
  feed.says('S1', 'smoke');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged', 'asked is not approved');
  assert.equal(code(feed.approve(id, 'asker')), 'approvalByAnother');
  assert.equal(feed.isolation(id).state, 'asked');
  assert.equal(code(feed.approve(id)), 'isolated');
  assert.equal(feed.isolation(id).state, 'active');
  assert.equal(code(feed.approve(id, 'third')), 'isolationActive');
  const terminal = feed.ask({ target: { deviceId: 'D1' }, fireWatch: undefined as never });
  assert.equal(terminal.kind === 'isolated' && terminal.isolation.beganAt !== undefined, true);
});

test('what cannot be asked for is refused with a code', () => {
  const feed = new IsolationFeed();
  const hour = 3_600_000;
  const late = (kind: 'isolated' | 'onTest', hours: number) =>
    code(feed.ask({ isolation: kind, until: feed.now + hours * hour + 1_000 }));
  assert.equal(late('isolated', 24), 'isolationTooLong');
  assert.equal(late('onTest', 8), 'isolationTooLong');
  assert.equal(code(feed.ask({ until: feed.now - 1 })), 'isolationTooLong');
  assert.equal(code(feed.ask({ target: { areaId: 'R9' } })), 'unknownTarget');
  assert.equal(code(feed.ask({ target: { deviceId: 'D9' } })), 'unknownTarget', 'a device of another venue');
  assert.equal(code(feed.ask({ fireWatch: undefined as never })), 'fireWatchRequired');
  feed.move('S3', { life: 'retired' });
  assert.equal(code(feed.ask({ target: { areaId: 'R2' } })), 'nothingToIsolate');
  assert.equal(code(feed.end('none')), 'isolationEnded');
});

test('an isolated alarm is on record and not on the queue; at the end what is active is raised anew', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate({ target: { areaId: 'F' } });
  feed.says('S1', 'smoke');
  feed.says('S3', 'fault');
  feed.says('S3', 'fault', false);
  feed.says('S4', 'smoke');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'outOfService');
  assert.equal(stateOf(feed, 'S4', 'smoke'), 'unacknowledged', 'not in the area');
  assert.deepEqual(
    [feed.isolation(id).hiddenNow, feed.isolation(id).hiddenFireNow, feed.isolation(id).suppressedCount],
    [2, 1, 2],
  );
  const alarmId = feed.alarm('S1', 'smoke')?.id;
  feed.end(id);
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  assert.equal(feed.alarm('S1', 'smoke')?.id, alarmId, 'one alarm, not two');
  assert.equal(stateOf(feed, 'S3', 'fault'), undefined, 'over before the end');
  assert.equal(feed.isolation(id).suppressedFireCount, 1, 'it stays on record');
});

test('it ends by itself, and is said to be ending before', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate();
  feed.says('S1', 'smoke');
  feed.wait(46 * 60_000);
  assert.equal(feed.isolation(id).isEndingSoon, true);
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'outOfService');
  feed.wait(15 * 60_000);
  assert.deepEqual([feed.isolation(id).state, feed.isolation(id).endedBy], ['ended', undefined]);
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  const lapsed = feed.ask();
  assert.ok(lapsed.kind === 'isolated');
  feed.wait(3_700_000);
  assert.equal(feed.isolation(lapsed.isolation.id).state, 'lapsed');
  assert.equal(code(feed.approve(lapsed.isolation.id)), 'isolationEnded');
});

test('fire told by two detectors is shown while it is isolated, by one it is not; then it hides no fire any more', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate();
  feed.says('S1', 'smoke');
  feed.says('S1', 'heat');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'outOfService', 'one detector, however often');
  feed.says('S2', 'smoke', true, 'warning');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'outOfService', 'a warning is no fire');
  feed.says('S2', 'smoke');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  assert.equal(stateOf(feed, 'S2', 'smoke'), 'unacknowledged');
  assert.ok(feed.isolation(id).fireShownAt);
  feed.says('S3', 'smoke');
  feed.says('S3', 'fault');
  assert.equal(stateOf(feed, 'S3', 'smoke'), 'unacknowledged');
  assert.equal(stateOf(feed, 'S3', 'fault'), 'outOfService');
});

test('a manual call point is isolated by its own name only, and what a terminal did or who may be somebody else never', () => {
  const feed = new IsolationFeed();
  feed.isolate();
  for (const kind of ['manualAlarm', 'localAction', 'clonedIdentity']) {
    feed.says('S1', kind);
    assert.notEqual(stateOf(feed, 'S1', kind), 'outOfService', kind);
  }
  feed.isolate({ target: { deviceId: 'S2' } });
  feed.says('S2', 'manualAlarm');
  assert.equal(stateOf(feed, 'S2', 'manualAlarm'), 'outOfService');
});

test('what stands on the queue when it begins stays there', () => {
  const feed = new IsolationFeed();
  feed.says('S1', 'smoke');
  feed.isolate();
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  feed.says('S1', 'smoke', false);
  feed.says('S1', 'smoke');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
});

test('on test alarms are marked and shown; what is active at the end is live, and unacknowledged again', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate({ isolation: 'onTest' });
  feed.says('S1', 'smoke');
  assert.deepEqual([feed.alarm('S1', 'smoke')?.origin, stateOf(feed, 'S1', 'smoke')], ['test', 'unacknowledged']);
  feed.says('S2', 'manualAlarm');
  feed.says('S2', 'manualAlarm', false);
  assert.equal(feed.alarm('S2', 'manualAlarm')?.origin, 'test');
  assert.deepEqual([feed.isolation(id).hiddenNow, feed.isolation(id).suppressedFireCount], [1, 2]);
  feed.wait(3_700_000);
  assert.deepEqual([feed.alarm('S1', 'smoke')?.origin, stateOf(feed, 'S1', 'smoke')], ['live', 'unacknowledged']);
  assert.equal(feed.alarm('S2', 'manualAlarm')?.origin, 'test', 'over before the end: it was a test');
});

test('what was acknowledged as a test rings again as live; what was acknowledged before an isolation stays so', () => {
  const feed = new IsolationFeed();
  const acknowledge = (deviceId: string): void => {
    const { id = '' } = feed.alarm(deviceId, 'smoke') ?? {};
    feed.take(act(id, { kind: 'acknowledge' }, { at: feed.now++ }));
  };
  feed.says('S3', 'smoke');
  acknowledge('S3');
  const tested = feed.isolate({ target: { areaId: 'R1' }, isolation: 'onTest' });
  const hidden = feed.isolate({ target: { areaId: 'R2' } });
  feed.says('S1', 'smoke');
  acknowledge('S1');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'acknowledged');
  feed.end(tested);
  assert.deepEqual([feed.alarm('S1', 'smoke')?.origin, stateOf(feed, 'S1', 'smoke')], ['live', 'unacknowledged']);
  feed.end(hidden);
  assert.equal(stateOf(feed, 'S3', 'smoke'), 'acknowledged', 'it stood on the queue throughout, and is in hand');
});

test('only the listed categories are isolated; what becomes fire comes into view', () => {
  const feed = new IsolationFeed();
  feed.isolate({ categories: ['warning', 'fault'] });
  feed.says('S1', 'smoke', true, 'warning');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'outOfService');
  feed.says('S1', 'smoke');
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  assert.equal(feed.alarm('S1', 'smoke')?.category, 'fire');
});

test('who leaves the area is seen again, who comes into it is isolated from then on', () => {
  const feed = new IsolationFeed();
  feed.isolate({ target: { areaId: 'R1' } });
  const test = feed.isolate({ target: { areaId: 'R2' }, isolation: 'onTest' });
  feed.says('S1', 'smoke');
  feed.says('S3', 'smoke');
  feed.move('S1', { areaId: 'R2' });
  feed.move('S3', { areaId: 'R1' });
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
  assert.equal(feed.alarm('S3', 'smoke')?.origin, 'live');
  assert.equal(feed.isolation(test).hiddenNow, 0);
  feed.says('S3', 'fault');
  assert.equal(stateOf(feed, 'S3', 'fault'), 'outOfService');
});

test('a detector put into an isolation that one person made is not under it', () => {
  const feed = new IsolationFeed();
  feed.move('S2', { areaId: 'R2' });
  feed.move('S1', { areaId: 'R2' });
  feed.isolate({ target: { areaId: 'R1' } });
  feed.says('D1', 'arc');
  assert.equal(stateOf(feed, 'D1', 'arc'), 'outOfService');
  feed.move('S1', { areaId: 'R1' });
  feed.says('S1', 'fault');
  assert.equal(stateOf(feed, 'S1', 'fault'), 'unacknowledged');
});

test('what was so before it began and comes late is seen', () => {
  const feed = new IsolationFeed();
  feed.isolate();
  feed.says('S1', 'smoke', true, 'alarm', true);
  assert.equal(stateOf(feed, 'S1', 'smoke'), 'unacknowledged');
});

test('a fault under an isolation gets no work order; one that outlasts it does', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate({ target: { areaId: 'F' } });
  feed.says('S1', 'fault');
  feed.says('S4', 'fault');
  const ordered = (): readonly string[] => [...feed.feed.situation.work.open()].map(({ deviceId }) => deviceId).sort();
  feed.wait(45 * 60_000);
  assert.deepEqual(ordered(), ['S4'], 'the one that is not in the area');
  feed.end(id);
  feed.wait(45 * 60_000);
  assert.deepEqual(ordered(), ['S1', 'S4']);
});
