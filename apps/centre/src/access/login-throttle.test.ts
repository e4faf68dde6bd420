import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginThrottle } from './login-throttle.ts';

const T0 = 1_763_700_000_000;
const QUARTER_MS = 15 * 60_000;

function failed(times: number, at = T0): LoginThrottle {
  const throttle = new LoginThrottle();
  for (let i = 0; i < times; i++) throttle.failed('operator1', '10.0.0.7', at);
  return throttle;
}

test('five wrong passwords in a quarter of an hour: the address waits for the rest of it', () => {
  assert.equal(failed(4).retryAfterS('operator1', '10.0.0.7', T0), undefined);
  const throttle = failed(5);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0), 900);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0 + QUARTER_MS - 1), 1);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0 + QUARTER_MS), undefined);
});

test('a stranger locks out neither the owner elsewhere nor his other name', () => {
  const throttle = failed(50);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.8', T0), undefined);
  assert.equal(throttle.retryAfterS('wang', '10.0.0.7', T0), undefined);
});

test('a log-in that succeeds forgets the failures before it', () => {
  const throttle = failed(4);
  throttle.succeeded('operator1', '10.0.0.7');
  throttle.failed('operator1', '10.0.0.7', T0);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0), undefined);
});

test('failures of more than a quarter of an hour ago count no more', () => {
  const throttle = failed(4);
  throttle.failed('operator1', '10.0.0.7', T0 + QUARTER_MS);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0 + QUARTER_MS), undefined);
});

test('a flood of names does not grow the memory beyond 10,000', () => {
  const throttle = failed(5);
  for (let i = 0; i < 10_000; i++) throttle.failed(`name ${i}`, '10.0.0.7', T0);
  assert.equal(throttle.retryAfterS('operator1', '10.0.0.7', T0), undefined, 'the oldest went');
});
