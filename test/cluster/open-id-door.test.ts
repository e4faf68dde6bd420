import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer } from '../../tools/servers/postgres-server.ts';
import { CookieClient } from '../contract/client/cookie-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { Provision } from '../contract/client/provision.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { CLIENT, OpenIdProvider, returned, walk } from '../harness/open-id-provider.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const REDIRECT = 'http://127.0.0.1:9/open-id';

test(
  'at a door for seats people link and log in by the provider of the centre, begun before and ended after another leads',
  { timeout: 300_000 },
  async (t) => {
    const [postgres, nats, provider] = await Promise.all([
      startPostgresServer(),
      startNatsServer(),
      OpenIdProvider.start([REDIRECT]),
    ]);
    t.after(async () => {
      await provider.down();
      await nats.stop();
      await postgres.stop();
    });
    const shared = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
    const env = {
      ...shared,
      FENGSUI_OIDC_ISSUER: provider.issuer,
      FENGSUI_OIDC_CLIENTID: CLIENT.id,
      FENGSUI_OIDC_CLIENTSECRET: CLIENT.secret,
      FENGSUI_OIDC_REDIRECTURL: REDIRECT,
    };
    const centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
    t.after(() => centre.dispose());
    const door = await CentreProcess.start({ env: shared, args: ['--roles', 'api'] });
    t.after(() => door.dispose());
    await new Provision(centre).user('li', PASSWORD, 'operator');

    const begun = async (browser: CookieClient, path: string): Promise<URL> => {
      const answer = await eventually('the door to reach the centre', async () => {
        const found = await browser.post(path);
        return found.status === 503 ? undefined : found;
      });
      assert.equal(answer.status, 200, answer.text);
      return walk((answer.body as { readonly url: string }).url, REDIRECT);
    };
    const own = new CookieClient(door.webUrl);
    await eventually('the log-in', async () => {
      const { status } = await own.post('/login', { username: 'li', password: PASSWORD });
      return status === 200;
    });
    const linked = await own.post('/session/open-id', returned(await begun(own, '/session/open-id/begin')));
    assert.equal(linked.status, 200, linked.text);

    const browser = new CookieClient(door.webUrl);
    const at = await begun(browser, '/open-id/begin');
    await centre.kill9();
    await centre.up();
    const session = await eventually('the log-in by the provider', async () => {
      const answer = await browser.post('/open-id/log-in', returned(at));
      return answer.status === 503 ? undefined : answer;
    });
    assert.equal(session.status, 200, session.text);
    assert.equal((session.body as { readonly username: string }).username, 'li');
    await eventually('it to hold at the door', async () => (await browser.call('GET', '/alarms')).status === 200);
  },
);
