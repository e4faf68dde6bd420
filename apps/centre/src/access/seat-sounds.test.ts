import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsFixture, logIn, MINUTE_MS, PASSWORD, T0 } from './accounts.fixture.ts';
import type { Accounts } from './accounts.ts';

const { open } = accountsFixture();
const all = { venues: 'all' } as const;

async function sit(accounts: Accounts, name: string, venueIds?: readonly string[]): Promise<string> {
  await accounts.create(name, PASSWORD, 'operator', venueIds);
  return (await logIn(accounts, name, PASSWORD))?.token ?? '';
}

const seen = (accounts: Accounts, ...by: Parameters<Accounts['sounds']['list']>): readonly string[] =>
  accounts.sounds.list(...by).map(({ username, sound }) => `${username} ${sound}`);

test('seats are listed by who cannot be heard, since when, until they say nothing any more or log out', async () => {
  const { accounts, clock } = await open();
  const [one, two] = [await sit(accounts, 'one'), await sit(accounts, 'two')];
  assert.deepEqual(seen(accounts, all), []);
  accounts.sounds.tell(one, 'untried');
  accounts.sounds.tell(two, 'none');
  clock.at += MINUTE_MS;
  accounts.sounds.tell(one, 'tried');
  accounts.sounds.tell(two, 'none');
  assert.deepEqual(
    accounts.sounds
      .list(all, one)
      .map(({ username, sound, since, own }) => [username, sound, Date.parse(since) - T0, own]),
    [
      ['two', 'none', 0, false],
      ['one', 'tried', MINUTE_MS, true],
    ],
  );
  clock.at += 2 * MINUTE_MS;
  accounts.sounds.tell(one, 'tried');
  clock.at += MINUTE_MS;
  assert.deepEqual(seen(accounts, all), ['one tried'], 'a page that was closed says nothing');
  await accounts.logIns.endOwn(one);
  assert.deepEqual(seen(accounts, all), []);
});

test('only seats that may acknowledge count, and only to who sees some of the same venues', async () => {
  const { accounts } = await open();
  accounts.sounds.tell(await sit(accounts, 'north', ['V1', 'V2']), 'tried');
  accounts.sounds.tell(await sit(accounts, 'south', ['V3']), 'untried');
  await accounts.create('looker', PASSWORD, 'analyst', undefined);
  accounts.sounds.tell((await logIn(accounts, 'looker', PASSWORD))?.token ?? '', 'tried');
  accounts.sounds.tell('of nobody', 'tried');
  assert.deepEqual(seen(accounts, all), ['south untried', 'north tried']);
  assert.deepEqual(seen(accounts, { venues: ['V2'] }), ['north tried']);
  assert.deepEqual(seen(accounts, { venues: [] }), []);
});
