import assert from 'node:assert/strict';
import type { Answer, ProblemBody } from './api-client.ts';

/** The answer is a refusal as RFC 9457 wants it, with a code a program can rely on. */
export function assertProblem(answer: Answer, status: number, what: string): void {
  assert.equal(answer.status, status, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
  const problem = answer.body as ProblemBody;
  assert.equal(problem.status, status, what);
  for (const key of ['type', 'title', 'code', 'detail'] as const)
    assert.ok(typeof problem[key] === 'string' && problem[key] !== '', `${what}: ${key}`);
  assert.match(problem.code, /^[a-z][A-Za-z0-9]+$/, `${what}: code ${problem.code}`);
}
