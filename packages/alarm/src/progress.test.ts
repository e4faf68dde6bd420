import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionKeyOf } from './condition-key.ts';
import { normalCondition } from './condition.ts';
import { stateAfter } from './progress.ts';

test('moving by an event that the table refuses is our bug and throws', () => {
  const condition = normalCondition(conditionKeyOf('d1', 'c1', 'arc'));
  assert.throws(() => stateAfter(condition, 'acknowledge'), /acknowledge is refused in state normal/);
});
