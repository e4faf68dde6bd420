import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingDevice } from '../harness/reporting-device.ts';
import { assertNothingLost } from './ledger.ts';

/** How long NATS is away each time: FENGSUI_CUT_S=30 is the long run. */
const CUT_MS = Number(process.env['FENGSUI_CUT_S'] ?? 7) * 1_000;
const DEVICES = 20;
const INTERVAL_MS = 100;
const EVENT_EVERY = 15;

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
    const devices: ReportingDevice[] = [];
    for (let n = 1; n <= DEVICES; n++) {
      const secret = await centre.createDevice(`n${n}`, 'generic-terminal', `v${n % 5}`);
      devices.push(new ReportingDevice(centre.mqttUrl, `n${n}`, secret));
    }
    const from = Date.now() - 1_000;
    const runs = devices.map((device) => device.run(INTERVAL_MS, EVENT_EVERY));
    // A device that goes on would keep a failed test alive.
    t.after(() => devices.forEach((device) => device.stop()));
    const acknowledged = (): number => devices.reduce((sum, device) => sum + device.acknowledged.length, 0);
    const goesOn = async (): Promise<void> => {
      const before = acknowledged();
      await eventually('reports to be taken', async () => acknowledged() > before + 5 * DEVICES);
    };
    const readiness = async (): Promise<string> => {
      const response = await fetch(`${centre.webUrl}/readyz`);
      const { troubles } = (await response.json()) as { troubles: string[] };
      return `${response.status} ${troubles.join()}`;
    };
    await goesOn();
    await centre.kill9();
    await centre.up();
    await goesOn();

    nats.pause();
    const pausedAt = Date.now();
    await eventually('the trouble to be said', async () => /^503 .*NATS/.test(await readiness()));
    const held = acknowledged();
    await new Promise((resolve) => setTimeout(resolve, CUT_MS - (Date.now() - pausedAt)));
    assert.equal(acknowledged(), held, 'nothing is acknowledged that NATS does not have');
    nats.resume();
    await goesOn();

    await nats.kill9();
    await eventually('the trouble to be said', async () => /^503 .*NATS/.test(await readiness()));
    await new Promise((resolve) => setTimeout(resolve, CUT_MS / 2));
    await nats.restart();
    await goesOn();
    await eventually('the trouble to end', async () => (await readiness()).startsWith('200'));

    for (const device of devices) device.stop();
    await Promise.all(runs);
    await centre.kill9();
    await centre.up();
    t.diagnostic(await assertNothingLost({ webUrl: centre.webUrl, token, devices, from }));
  },
);
