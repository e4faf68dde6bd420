import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReadiness } from './look.ts';

const ready = { status: 'ready', troubles: [], canary: { ageS: 30, missedInARow: 0 } };

for (const [name, status, body, expected] of [
  ['a ready centre is well', 200, ready, 'well'],
  ['a canary as old as it may be is well', 200, { ...ready, canary: { ageS: 100 } }, 'well'],
  ['a canary older than that: it stands', 200, { ...ready, canary: { ageS: 100.5 } }, 'standing'],
  ['that nothing comes through counts more than what is held', 503, { status: 'notReady', troubles: ['x'], canary: { ageS: 200 } }, 'standing'], // prettier-ignore
  ['a centre that says it is not ready is held', 503, { ...ready, status: 'notReady', troubles: ['disk full'] }, 'held'], // prettier-ignore
  ['a second centre that stands by is well', 503, { status: 'standby', leader: 'x' }, 'well'],
  ['another program at that address is no centre', 200, { hello: 'world' }, 'down'],
  ['what is no JSON is no centre', 200, undefined, 'down'],
  ['an older centre without a canary is judged by the rest', 200, { status: 'ready', troubles: [] }, 'well'],
] as const) {
  test(name, () => {
    assert.equal(judgeReadiness(status, body, 100).kind, expected);
  });
}

test('what does not work is passed on, what is no list is not', () => {
  const functions = [{ name: 'intake', state: 'held', reason: 'disk full' }, 7, { name: 1 }];
  assert.deepEqual(judgeReadiness(503, { status: 'notReady', troubles: ['disk full'], functions }, 100), {
    kind: 'held',
    reason: 'disk full',
    functions: [{ name: 'intake', state: 'held', reason: 'disk full' }],
  });
});
