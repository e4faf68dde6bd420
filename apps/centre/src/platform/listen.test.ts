import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { listen, ListenError } from './listen.ts';

test('port 0 is a free port, and the same port again is in use: one clear line', async () => {
  const first = createServer();
  const port = await listen(first, '127.0.0.1', 0);
  assert.ok(port > 0);
  const second = createServer();
  await assert.rejects(listen(second, '127.0.0.1', port), (error: unknown) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.code, 'portInUse');
    const named = error.named('web');
    assert.equal(
      named.message,
      `web: port ${port} on 127.0.0.1 is in use by another process; stop it or choose another port`,
    );
    assert.deepEqual([named.code, named.host, named.port, named.cause], ['portInUse', '127.0.0.1', port, error.cause]);
    return true;
  });
  await new Promise((resolve) => first.close(resolve));
});

test('an address that is not this machine’s, and a name that does not exist', async () => {
  // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
  await assert.rejects(listen(createServer(), '192.0.2.1', 0), { code: 'addressUnavailable' });
  await assert.rejects(listen(createServer(), 'name.invalid', 0), { code: 'other' });
});

test('after a refusal the server can still listen elsewhere', async () => {
  const taken = createServer();
  const port = await listen(taken, '127.0.0.1', 0);
  const server = createServer();
  await assert.rejects(listen(server, '127.0.0.1', port));
  assert.ok((await listen(server, '127.0.0.1', 0)) > 0);
  for (const open of [taken, server]) await new Promise((resolve) => open.close(resolve));
});
