import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStandbyDoor } from './standby-door.ts';

test('a centre that stands by lives, is not ready, refuses the rest with a code, and lets go of its port', async () => {
  const door = await openStandbyDoor({ host: '127.0.0.1', port: 0, leader: 'one (epoch 3)' });
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${door.port}${path}`);
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  assert.deepEqual(await ask('/healthz'), [200, 'application/json', { status: 'ok' }]);
  assert.deepEqual(await ask('/readyz?verbose'), [
    503,
    'application/json',
    { status: 'standby', leader: 'one (epoch 3)', troubles: ['standing by for one (epoch 3)'] },
  ]);
  const problem = {
    type: 'about:blank',
    title: 'This centre stands by',
    status: 503,
    code: 'standby',
    detail: 'The leader is one (epoch 3); this centre takes over when it ends.',
  };
  assert.deepEqual(await ask('/api/v1/alarms'), [503, 'application/problem+json', problem]);
  await door.close();
  const again = await openStandbyDoor({ host: '127.0.0.1', port: door.port, leader: 'two' });
  await again.close();
});
