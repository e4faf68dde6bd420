import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canHold } from './can-hold.ts';
import type { PointTest } from './rule.ts';

const rise = (point: string): PointTest => ({ kind: 'rate', point, riseAtLeast: 1, windowMs: 1, endsBelow: 1 });

test('what must all hold needs all of its points, what any of may hold needs one', () => {
  const of = [rise('a.x'), rise('b.*')];
  const all = { kind: 'combination', operator: 'and', of } as const;
  const any = { kind: 'combination', operator: 'or', of } as const;
  const sequence = { kind: 'sequence', first: rise('a.x'), then: rise('b.y'), withinMs: 1 } as const;
  const found = [['a.x'], ['a.x', 'b.y'], ['c.z'], []].map((points) =>
    [all, any, sequence, rise('b.*'), { kind: 'off' } as const].map((one) => canHold(one, points)),
  );
  assert.deepEqual(found, [
    [false, true, false, false, false],
    [true, true, true, true, false],
    [false, false, false, false, false],
    [false, false, false, false, false],
  ]);
});
