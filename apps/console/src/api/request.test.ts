import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { isNoAnswer, isOutcomeUnknown, isProblem } from './problem.ts';
import { apiPath, get, post, postQuietly, setAskPerson, setCsrfToken } from './request.ts';

function answer(status: number, body: string): { calls: { url: string; init: RequestInit }[] } {
  const calls: { url: string; init: RequestInit }[] = [];
  mock.method(globalThis, 'fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return new Response(body, { status });
  });
  return { calls };
}

test.afterEach(() => mock.restoreAll());

test('a path carries only the parts of the query that are known', () => {
  assert.equal(
    apiPath('/alarms', { venueId: 'v 1', cursor: undefined, limit: 5 }),
    '/api/v1/alarms?venueId=v+1&limit=5',
  );
  assert.equal(apiPath('/alarms'), '/api/v1/alarms');
});

test('a write carries the CSRF token and a fresh idempotency key', async () => {
  const { calls } = answer(200, '{"id":"a1"}');
  setCsrfToken('t0ken');
  await post('/alarms/a1/acknowledge', { note: 'seen' });
  await post('/alarms/a1/acknowledge', {});
  const [first, second] = calls.map(({ init }) => init.headers as Record<string, string>);
  assert.equal(first?.['x-csrf-token'], 't0ken');
  assert.match(first['idempotency-key'] ?? '', /^[0-9a-f]{32}$/);
  assert.notEqual(first['idempotency-key'], second?.['idempotency-key']);
  assert.equal(calls[0]?.init.body, '{"note":"seen"}');
});

test('a refusal is a problem with its stable code and the words of the API', async () => {
  answer(422, '{"type":"about:blank","code":"shelveRefused","detail":"category fire is not shelved"}');
  await assert.rejects(post('/alarms/a1/shelve', {}), (error) => {
    assert.ok(isProblem(error, 422));
    assert.deepEqual([error.code, error.detail], ['shelveRefused', 'category fire is not shelved']);
    return true;
  });
});

test('an answer that is no problem document still has a code', async () => {
  answer(502, '<html>bad gateway</html>');
  await assert.rejects(get('/venues'), (error) => isProblem(error, 502) && error.code === 'http502');
});

test('a success that is not JSON is not taken for an empty answer', async () => {
  answer(200, '<!doctype html>');
  await assert.rejects(get('/venues'), (error) => isProblem(error) && error.code === 'unreadable');
});

test('no connection is told apart from a refusal', async () => {
  mock.method(globalThis, 'fetch', async () => {
    throw new TypeError('fetch failed');
  });
  await assert.rejects(get('/venues'), (error) => isProblem(error, 0) && error.code === 'unreachable');
});

test('an act that was not passed on is not done; one whose answer was lost may be', async () => {
  const failure = async (): Promise<unknown> => post('/alarms/a1/acknowledge', {}).catch((error: unknown) => error);
  answer(503, '{"code":"centreAway","detail":"the centre that leads cannot be reached"}');
  const away = await failure();
  assert.deepEqual([isNoAnswer(away), isOutcomeUnknown(away)], [true, false]);
  mock.restoreAll();
  answer(503, '{"code":"centreSilent","detail":"asked, and not answered"}');
  const silent = await failure();
  assert.deepEqual([isNoAnswer(silent), isOutcomeUnknown(silent)], [true, true]);
  mock.restoreAll();
  mock.method(globalThis, 'fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const cut = await failure();
  assert.deepEqual([isNoAnswer(cut), isOutcomeUnknown(cut)], [true, true]);
  mock.restoreAll();
  answer(422, '{"code":"shelveRefused","detail":"category fire is not shelved"}');
  const refused = await failure();
  assert.deepEqual([isNoAnswer(refused), isOutcomeUnknown(refused)], [false, false]);
});

test('an act refused for want of the person is done again, once, when he has given it; quietly, nobody is asked', async () => {
  const answers = [
    new Response('{"code":"confirmationNeeded"}', { status: 403 }),
    new Response('{"ok":true}', { status: 200 }),
    new Response('{"code":"sessionLocked"}', { status: 423 }),
    new Response('{"code":"sessionLocked"}', { status: 423 }),
    new Response('{"code":"sessionLocked"}', { status: 423 }),
  ];
  const keys: unknown[] = [];
  mock.method(globalThis, 'fetch', async (_url: string, init: RequestInit) => {
    keys.push((init.headers as Record<string, string> | undefined)?.['idempotency-key']);
    return answers.shift();
  });
  const needs: string[] = [];
  const given = [true, false];
  setAskPerson(async (need) => (needs.push(need), given.shift() ?? false));
  try {
    assert.deepEqual(await post('/isolations/i1/approve', {}), { ok: true });
    assert.equal(keys[0], keys[1], 'it is the same act');
    await assert.rejects(post('/alarms/a1/acknowledge', {}), (error) => isProblem(error, 423));
    await assert.rejects(postQuietly('/session/activity'), (error) => isProblem(error, 423));
    await assert.rejects(get('/work-orders'), (error) => isProblem(error, 423));
    assert.deepEqual(needs, ['confirm', 'unlock']);
  } finally {
    setAskPerson(undefined);
  }
});
