import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, notFound, problemOf } from './problem.ts';

test('a problem says its status, its stable code and what to do', () => {
  const { type, ...rest } = problemOf(422, 'shelveRefused', 'an alarm of category fire is never shelved');
  assert.match(type, /shelveRefused$/);
  assert.deepEqual(rest, {
    title: 'Refused',
    status: 422,
    code: 'shelveRefused',
    detail: 'an alarm of category fire is never shelved',
  });
  assert.equal(problemOf(418, 'teapot', '').title, 'Error');
});

test('what is not yours to see is said in the same words as what does not exist', () => {
  const error = notFound('alarm x');
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.code], [404, 'notFound']);
  assert.equal(error.message, 'alarm x does not exist or is not yours to see');
});
