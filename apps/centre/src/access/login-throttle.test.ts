import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginThrottle, type Origin } from './login-throttle.ts';

const T0 = 1_763_700_000_000;
const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;

const stranger = (key: string): Origin => ({ key, isKnown: false });
const HERE = stranger('10.0.0.7');
const OWNERS: Origin = { key: 'browser of the owner', isKnown: true };

function failed(times: number, at = T0): LoginThrottle {
  const throttle = new LoginThrottle();
  for (let i = 0; i < times; i++) throttle.attempted('operator1', HERE, at);
  return throttle;
}

test('five wrong passwords in a quarter of an hour: the place waits for the rest of it', () => {
  assert.equal(failed(4).retryAfterS('operator1', HERE, T0), undefined);
  const throttle = failed(5);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0), 900);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0 + QUARTER_MS - 1), 1);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0 + QUARTER_MS), undefined);
});

test('it holds for the owner’s own browser too, and for nobody elsewhere or of another name', () => {
  const throttle = failed(5);
  assert.equal(throttle.retryAfterS('operator1', stranger('10.0.0.8'), T0), undefined);
  assert.equal(throttle.retryAfterS('wang', HERE, T0), undefined);
  for (let i = 0; i < 5; i++) throttle.attempted('operator1', OWNERS, T0);
  assert.equal(throttle.retryAfterS('operator1', OWNERS, T0), 900);
});

test('a log-in that succeeds forgets the failures before it', () => {
  const throttle = failed(4);
  throttle.succeeded('operator1', HERE);
  throttle.attempted('operator1', HERE, T0);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0), undefined);
});

test('failures of more than a quarter of an hour ago count no more', () => {
  const throttle = failed(4);
  throttle.attempted('operator1', HERE, T0 + QUARTER_MS);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0 + QUARTER_MS), undefined);
});

test('guesses for a name from a thousand addresses wait longer and longer, up to a quarter of an hour', () => {
  const throttle = new LoginThrottle();
  const waits: number[] = [];
  let now = T0;
  for (let n = 0; n < 1_000; n++) {
    const origin = stranger(`address ${n}`);
    const waitS = throttle.retryAfterS('operator1', origin, now) ?? 0;
    waits.push(waitS);
    now += waitS * 1000;
    assert.equal(throttle.retryAfterS('operator1', origin, now), undefined, 'who waits may try');
    throttle.attempted('operator1', origin, now);
  }
  assert.deepEqual(waits.slice(0, 15), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8]);
  assert.equal(Math.max(...waits), 900);
  assert.ok(now - T0 > 9 * 24 * HOUR_MS, 'a thousand guesses take more than nine days');
  assert.equal(throttle.retryAfterS('operator1', OWNERS, now), undefined, 'the owner, where he was before, never');
  assert.ok((throttle.retryAfterS('operator1', stranger('new'), now) ?? 0) > 0);
  assert.equal(throttle.retryAfterS('operator1', stranger('new'), now + QUARTER_MS), undefined, 'nobody for ever');
  assert.equal(throttle.retryAfterS('wang', stranger('new'), now), undefined);
  throttle.forget('operator1');
  assert.equal(throttle.retryAfterS('operator1', stranger('new'), now), undefined, 'unlocked');
});

test('the owner who logs in from somewhere new does not wipe out what others have guessed', () => {
  const throttle = new LoginThrottle();
  for (let n = 0; n < 12; n++) throttle.attempted('operator1', stranger(`address ${n}`), T0);
  throttle.attempted('operator1', stranger('hotel'), T0 + 2_000);
  throttle.succeeded('operator1', stranger('hotel'));
  assert.ok((throttle.retryAfterS('operator1', stranger('address 99'), T0 + 2_000) ?? 0) > 0);
});

test('one password tried on everybody from one address waits after a hundred; those known there do not', () => {
  const throttle = new LoginThrottle();
  for (let n = 0; n < 100; n++) {
    assert.equal(throttle.retryAfterS(`name ${n}`, HERE, T0), undefined);
    throttle.attempted(`name ${n}`, HERE, T0);
  }
  assert.equal(throttle.retryAfterS('name 100', HERE, T0), 900);
  assert.equal(throttle.retryAfterS('operator1', { ...HERE, isKnown: true }, T0), undefined);
});

test('a flood of names and addresses does not grow the memory beyond 10,000 of each', () => {
  const throttle = failed(5);
  for (let i = 0; i < 10_000; i++) throttle.attempted(`name ${i}`, stranger(`address ${i}`), T0);
  assert.equal(throttle.retryAfterS('operator1', HERE, T0), undefined, 'the oldest went');
});
