import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CentreProcess } from '../harness/centre-process.ts';
import { ApiClient, type Page, type ProblemBody } from './client/api-client.ts';
import { Provision } from './client/provision.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let centre: CentreProcess;
let provision: Provision;
before(async () => {
  centre = await CentreProcess.start();
  provision = new Provision(centre);
});
after(() => centre.dispose());

type Seat = { readonly username: string; readonly sound: string; readonly since: string; readonly own: boolean };

async function sit(username: string, role: 'operator' | 'shiftLeader'): Promise<ApiClient> {
  await provision.user(username, PASSWORD, role);
  const answer = await new ApiClient(centre.webUrl).post('/api/v1/login', { username, password: PASSWORD });
  assert.equal(answer.status, 200, answer.text);
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const { csrfToken } = answer.body as { readonly csrfToken: string };
  return new ApiClient(centre.webUrl, undefined, { cookie, 'x-csrf-token': csrfToken });
}

const tell = async (seat: ApiClient, sound: string): Promise<number> =>
  (await seat.call('PUT', '/api/v1/session/sound', { sound })).status;

test('a seat says whether it can be heard, a shift leader and the metrics see it, and a lock does not stop it', async () => {
  const [night, leader] = [await sit('night', 'operator'), await sit('leader', 'shiftLeader')];
  const seats = async (): Promise<readonly string[]> =>
    (await leader.get<Page<Seat>>('/api/v1/seats')).items.map(({ username, sound }) => `${username} ${sound}`);
  assert.deepEqual(await seats(), []);
  assert.equal(await tell(night, 'untried'), 204);
  assert.equal(await tell(leader, 'none'), 204);
  assert.deepEqual(await seats(), ['leader none', 'night untried']);
  assert.equal(await tell(night, 'loud'), 400);
  const metrics = await (await fetch(`${centre.webUrl}/metrics`)).text();
  for (const line of ['{sound="tried"} 0', '{sound="untried"} 1', '{sound="none"} 1'])
    assert.ok(metrics.includes(`fengsui_seats${line}\n`), line);

  assert.equal((await night.post('/api/v1/session/lock', {})).status, 200);
  assert.equal(await tell(night, 'tried'), 204);
  assert.deepEqual(await seats(), ['leader none', 'night tried']);
  const locked = await night.call('GET', '/api/v1/seats');
  assert.deepEqual([locked.status, (locked.body as ProblemBody).code], [423, 'sessionLocked']);

  assert.equal((await night.post('/api/v1/logout', {})).status, 204);
  assert.deepEqual(await seats(), ['leader none']);
});

test('a token has no seat of its own, and sees those of the desk', async () => {
  const platform = new ApiClient(centre.webUrl, await centre.createToken('integrator'));
  const refused = await platform.call('PUT', '/api/v1/session/sound', { sound: 'tried' });
  assert.deepEqual([refused.status, (refused.body as ProblemBody).code], [403, 'sessionNeeded']);
  assert.equal((await platform.call('GET', '/api/v1/seats')).status, 200);
  const admin = new ApiClient(centre.webUrl, await centre.createToken('systemAdmin'));
  assert.equal((await admin.call('GET', '/api/v1/seats')).status, 403);
});
