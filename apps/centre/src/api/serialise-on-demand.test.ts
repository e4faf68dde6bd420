import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialiseOnDemand } from './serialise-on-demand.ts';

const answer = {
  type: 'object',
  properties: { id: { type: 'string' }, count: { type: 'integer' } },
  required: ['id'],
};
const compile = serialiseOnDemand()({ Answer: { $id: 'Answer', ...answer } }, {});
const of = (schema: object) => compile({ method: 'GET', url: '/', httpStatus: '200', schema });

test('an answer holds what its schema names, and nothing else', () => {
  assert.equal(of(answer)({ id: 'a', count: 2, secret: 'x' }), '{"id":"a","count":2}');
  assert.throws(() => of(answer)({ count: 2 }), /"id" is required/);
});

test('a schema may refer to a named one, at any depth', () => {
  const page = of({ type: 'object', properties: { items: { type: 'array', items: { $ref: 'Answer#' } } } });
  assert.equal(page({ items: [{ id: 'a', secret: 'x' }] }), '{"items":[{"id":"a"}]}');
});

test('nothing is made before the first answer', () => {
  const broken = of({ type: 'object', properties: { id: { $ref: 'Unknown#' } } });
  assert.throws(() => broken({ id: 'a' }), /Unknown/);
});
