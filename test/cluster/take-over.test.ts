import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type AlarmStep, type Page } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingFleet } from '../harness/reporting-fleet.ts';

/** Long enough that a slow centre still finds its end ahead. */
const SHELVED_MS = 5_000;
/** Before a shelving ends its centre does: nobody leads at that moment. */
const ENDS_BEFORE_MS = 500;

let postgres: PostgresServer;
let nats: NatsServer;
let one: CentreProcess;
let two: CentreProcess;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  one = await CentreProcess.start({ env });
  two = await CentreProcess.start({ env, standsByFor: one });
});
after(async () => {
  await one?.dispose();
  await two?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

test(
  'the second centre takes over from one that is killed, paused or stopped: no report, alarm or timer is lost or doubled, and who wakes late writes nothing',
  { timeout: 600_000 },
  async (t) => {
    const token = await one.createToken('shiftLeader');
    const mqttUrls = [one.mqttUrl, two.mqttUrl];
    const fleet = await ReportingFleet.start(one, {
      count: 12,
      prefix: 't',
      intervalMs: 100,
      eventEvery: 15,
      mqttUrls,
    });
    t.after(() => fleet.cut());
    const ready = async (centre: CentreProcess): Promise<{ code: number; status: string }> => {
      const response = await fetch(`${centre.webUrl}/readyz`);
      const { status } = (await response.json()) as { status: string };
      return { code: response.status, status };
    };
    /** Since `from` until it is ready. */
    const takesOver = async (centre: CentreProcess, since: number, what: string): Promise<void> => {
      await eventually(`take-over after ${what}`, async () => (await ready(centre)).code === 200);
      const seconds = (performance.now() - since) / 1_000;
      t.diagnostic(`taken over ${seconds.toFixed(1)} s after ${what}`);
    };

    // Three alarms that are shelved, each until a moment at which nobody leads.
    const secret = await one.createDevice('s1', 'generic-terminal', 'v0');
    const sender = await DeviceClient.connect(one.mqttUrl, 's1', secret);
    t.after(() => sender.mqtt.end(true));
    const alarms = new Map<string, string>();
    for (const point of ['c1', 'c2', 'c3']) {
      await sender.event({ kind: 'arc', point, active: true, level: 'warning' });
      const api = new ApiClient(one.webUrl, token);
      const alarm = await eventually('the alarm', async () =>
        (await api.alarmsOf('s1')).find((found) => found.kind === 'arc' && found.pointId === point),
      );
      alarms.set(point, alarm.id);
    }
    sender.mqtt.end(true);
    /** Resolves shortly before the shelving ends. */
    const shelve = async (at: CentreProcess, point: string): Promise<void> => {
      const endsAt = Date.now() + SHELVED_MS;
      const until = new Date(endsAt).toISOString();
      const path = `/api/v1/alarms/${alarms.get(point)}/shelve`;
      const { status, body } = await new ApiClient(at.webUrl, token).post(path, { until, reason: 'test' });
      assert.equal(status, 200, JSON.stringify(body));
      await sleep(endsAt - ENDS_BEFORE_MS - Date.now());
    };

    assert.deepEqual(await ready(two), { code: 503, status: 'standby' });
    assert.equal((await fetch(`${two.webUrl}/healthz`)).status, 200);
    assert.equal((await fetch(`${two.webUrl}/api/v1/alarms`)).status, 503);
    await fleet.goesOn();

    // Killed.
    await shelve(one, 'c1');
    let since = performance.now();
    await one.kill9();
    await takesOver(two, since, 'kill -9');
    await fleet.goesOn();
    await one.up({ standsBy: true });
    assert.deepEqual(await ready(one), { code: 503, status: 'standby' });

    // Paused past its lease; it wakes when the other has led for a while.
    await shelve(two, 'c2');
    since = performance.now();
    two.pause();
    await takesOver(one, since, 'SIGSTOP');
    await fleet.goesOn();
    two.resume();
    assert.equal(await two.ended(), 1, two.stderr);
    assert.match(two.stderr, /error the centre ends reason=.*another centre (leads|has taken over)/);
    await fleet.goesOn();
    await two.up({ standsBy: true });

    // Stopped in order: no lease has to run out.
    await shelve(one, 'c3');
    since = performance.now();
    const stopped = one.stop();
    await takesOver(two, since, 'an orderly stop');
    assert.equal(await stopped, 0, one.stderr);
    await fleet.goesOn();

    await fleet.stop();
    t.diagnostic(await fleet.assertNothingLost(two.webUrl, token));
    const api = new ApiClient(two.webUrl, token);
    for (const [point, id] of alarms) {
      const unshelved = await eventually(`${point} to be unshelved`, async () => {
        const { items } = await api.get<Page<AlarmStep>>(`/api/v1/alarms/${id}/history`);
        const steps = items.filter((step) => step.from === 'shelved');
        return steps.length > 0 && steps;
      });
      assert.equal(unshelved.length, 1, `${point}: its timer fired once`);
    }
  },
);
