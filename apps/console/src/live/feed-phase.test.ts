import assert from 'node:assert/strict';
import test from 'node:test';
import { feedPhase, type FeedFacts } from './feed-phase.ts';

const fresh: FeedFacts = { isConnected: true, hasState: true, hasFailed: false, lastFrameAt: 1_000, lagMs: 0 };

test('the feed is live, then delayed after a missed heartbeat, then disconnected after two', () => {
  assert.equal(feedPhase(fresh, 1_000 + 1_800), 'live');
  assert.equal(feedPhase(fresh, 1_000 + 1_801), 'delayed');
  assert.equal(feedPhase(fresh, 1_000 + 2_500), 'delayed');
  assert.equal(feedPhase(fresh, 1_000 + 2_501), 'disconnected');
});

test('a closed socket is disconnected at once, however fresh the last frame', () => {
  assert.equal(feedPhase({ ...fresh, isConnected: false }, 1_001), 'disconnected');
});

test('before anything is known the feed loads, and says so when it cannot', () => {
  const nothing = { ...fresh, isConnected: false, hasState: false, lastFrameAt: undefined };
  assert.equal(feedPhase(nothing, 1_000), 'loading');
  assert.equal(feedPhase({ ...nothing, hasFailed: true }, 1_000), 'disconnected');
});

test('frames that arrive late make the feed delayed although it is not silent', () => {
  assert.equal(feedPhase({ ...fresh, lagMs: 3_001 }, 1_001), 'delayed');
});
