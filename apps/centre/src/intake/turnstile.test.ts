import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turnstile } from './turnstile.ts';

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('newcomers enter in the order of their arrival, and others have their turn between them', async () => {
  const turnstile = new Turnstile();
  const entered: number[] = [];
  for (let i = 0; i < 1_000; i++) assert.ok(turnstile.push(() => void entered.push(i)));
  assert.equal(entered.length, 0, 'not within the call: an accepted socket costs nothing yet');
  let turns = 0;
  for (let before = 0; turnstile.waitingCount > 0; before = entered.length) {
    await turnOfTheLoop();
    turns++;
    assert.ok(entered.length - before <= 64, `${entered.length - before} in one turn`);
  }
  assert.ok(turns > 10);
  assert.deepEqual(
    entered,
    Array.from({ length: 1_000 }, (_, i) => i),
  );
  assert.ok(turnstile.push(() => void entered.push(-1)));
  await turnOfTheLoop();
  await turnOfTheLoop();
  assert.equal(entered.at(-1), -1);
});

test('who comes when tens of thousands wait is turned away, and nobody enters a closed door', async () => {
  const turnstile = new Turnstile();
  let entered = 0;
  let taken = 0;
  while (turnstile.push(() => entered++) && taken < 1_000_000) taken++;
  assert.ok(taken >= 20_000 && taken < 100_000, `${taken} wait`);
  turnstile.close();
  await turnOfTheLoop();
  assert.deepEqual([entered, turnstile.waitingCount], [0, 0]);
});
