import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account, ApiToken } from '@fengsui/protocol';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { ApiClient } from './client/api-client.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let centre: CentreProcess;
before(async () => {
  centre = await CentreProcess.start();
});
after(() => centre.dispose());

const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await fengsui([...args, '--data', centre.folder], { input: `${PASSWORD}\n` });
  return { code, said: stdout.trim(), stderr };
};
const knock = async (password: string): Promise<number> =>
  (await new ApiClient(centre.webUrl).post('/api/v1/login', { username: 'li', password })).status;

test('accounts from the command line: made, listed, disabled, enabled, given a password, unlocked', async () => {
  assert.equal((await run('user', 'create', '--name', 'li', '--role', 'operator')).said, 'account li (operator)');
  assert.equal(await knock(PASSWORD), 200);
  assert.equal((await run('user', 'disable', '--name', 'li')).said, 'account li (operator)  disabled');
  assert.equal(await knock(PASSWORD), 401);
  const [account] = JSON.parse((await run('user', 'list', '--json')).said) as Account[];
  assert.deepEqual([account?.username, account?.disabled], ['li', true]);
  await run('user', 'enable', '--name', 'li');
  assert.equal(await knock(PASSWORD), 200);
  const { said: given } = await run('user', 'password', '--name', 'li');
  assert.deepEqual([await knock(PASSWORD), await knock(given)], [401, 200]);
  for (let n = 0; n < 5; n++) await knock(`wrong ${n}`);
  assert.equal(await knock(given), 429);
  assert.equal((await run('user', 'unlock', '--name', 'li')).code, 0);
  assert.equal(await knock(given), 200);
  for (const args of [
    ['disable', '--name', 'nobody'],
    ['password', '--name', 'nobody'],
  ]) {
    const refused = await run('user', ...args);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /account nobody does not exist/);
  }
  assert.equal((await run('user', 'delete', '--name', 'li')).code, 2, 'an account stays in the history');
});

test('tokens from the command line: made, listed, revoked', async () => {
  const { said: token } = await run('token', 'create', '--role', 'integrator', '--name', 'bridge');
  const program = new ApiClient(centre.webUrl, token);
  assert.equal((await program.call('GET', '/api/v1/alarms')).status, 200);
  const tokens = JSON.parse((await run('token', 'list', '--json')).said) as ApiToken[];
  const made = tokens.find(({ name }) => name === 'bridge');
  assert.ok(made?.usedAt);
  assert.equal((await run('token', 'revoke', '--id', made.id)).said, 'revoked: bridge');
  assert.equal((await program.call('GET', '/api/v1/alarms')).status, 401);
  assert.equal((await run('token', 'revoke', '--id', made.id)).code, 1);
});
