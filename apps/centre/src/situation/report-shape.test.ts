import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from '../registry/registry.ts';
import { shapeOf } from './report-shape.ts';

const model = new Registry().model('generic-terminal');
assert.ok(model !== undefined);

test('reports that name the same points in the same order share one shape, others have their own', () => {
  const shape = shapeOf(model, ['t1.temperatureC', 'c1.voltageV']);
  assert.equal(shapeOf(model, ['t1.temperatureC', 'c1.voltageV']), shape);
  assert.deepEqual([...shape.columns], [72, 0]);
  assert.equal(shape.hasUnknown, false);
  assert.deepEqual([...shapeOf(model, ['c1.voltageV', 't1.temperatureC']).columns], [0, 72]);
});

test('points that the model does not have are marked, and what they are is not kept', () => {
  const shape = shapeOf(model, ['c1.voltageV', 'x9.rumour']);
  assert.deepEqual([[...shape.columns], shape.hasUnknown], [[0, -1], true]);
  assert.notEqual(shapeOf(model, ['c1.voltageV', 'x9.rumour']), shape);
});
