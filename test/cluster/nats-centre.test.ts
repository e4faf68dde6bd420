import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingFleet } from '../harness/reporting-fleet.ts';

/** How long NATS is away each time: FENGSUI_CUT_S=30 is the long run. */
const CUT_MS = Number(process.env['FENGSUI_CUT_S'] ?? 7) * 1_000;

let postgres: PostgresServer;
let nats: NatsServer;
let centre: CentreProcess;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  centre = await CentreProcess.start({ env });
});
after(async () => {
  await centre.dispose();
  await nats.stop();
  await postgres.stop();
});

test(
  'on NATS and PostgreSQL nothing is lost or doubled by kill -9 of the centre, by a NATS that hangs, and by one that is killed',
  { timeout: 600_000 },
  async (t) => {
    const token = await centre.createToken('integrator');
    const fleet = await ReportingFleet.start(centre, { count: 20, prefix: 'n', intervalMs: 100, eventEvery: 15 });
    t.after(() => fleet.cut());
    const readiness = async (): Promise<string> => {
      const response = await fetch(`${centre.webUrl}/readyz`);
      const { troubles } = (await response.json()) as { troubles: string[] };
      return `${response.status} ${troubles.join()}`;
    };
    await fleet.goesOn();
    await centre.kill9();
    await centre.up();
    await fleet.goesOn();

    nats.pause();
    const pausedAt = Date.now();
    await eventually('the trouble to be said', async () => /^503 .*NATS/.test(await readiness()));
    const held = fleet.acknowledgedCount;
    await new Promise((resolve) => setTimeout(resolve, CUT_MS - (Date.now() - pausedAt)));
    assert.equal(fleet.acknowledgedCount, held, 'nothing is acknowledged that NATS does not have');
    nats.resume();
    await fleet.goesOn();

    await nats.kill9();
    await eventually('the trouble to be said', async () => /^503 .*NATS/.test(await readiness()));
    await new Promise((resolve) => setTimeout(resolve, CUT_MS / 2));
    await nats.restart();
    await fleet.goesOn();
    await eventually('the trouble to end', async () => (await readiness()).startsWith('200'));

    await fleet.stop();
    await centre.kill9();
    await centre.up();
    t.diagnostic(await fleet.assertNothingLost(centre.webUrl, token));
  },
);
