import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { PushingPlatform } from '../foreign/client/pushing-platform.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { createReadingUser } from '../harness/reading-user.ts';
import { ReportingFleet } from '../harness/reporting-fleet.ts';

let postgres: PostgresServer;
let nats: NatsServer;
let env: Readonly<Record<string, string>>;
let centre: CentreProcess;
let gateways: readonly [CentreProcess, CentreProcess];
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url, FENGSUI_CANARY_EVERYS: '2' };
  // Gateways get along with a user who may only read.
  const reader = await createReadingUser(postgres.url);
  centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
  const gateway = () =>
    CentreProcess.start({ env: { ...env, FENGSUI_DATABASE_URL: reader }, args: ['--roles', 'gateway'] });
  gateways = [await gateway(), await gateway()];
});
after(async () => {
  for (const one of [...(gateways ?? []), centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

const readiness = async (of: CentreProcess): Promise<{ code: number; text: string }> => {
  const response = await fetch(`${of.webUrl}/readyz`);
  return { code: response.status, text: await response.text() };
};

test(
  'devices report through two gateways: kill -9 of a gateway or of the centre, a gateway that hangs, and a stop in order, lose and double nothing, and gateways acknowledge while nobody applies',
  { timeout: 600_000 },
  async (t) => {
    const token = await centre.createToken('integrator');
    const mqttUrls = gateways.map(({ mqttUrl }) => mqttUrl);
    const fleet = await ReportingFleet.start(centre, {
      count: 12,
      prefix: 'g',
      intervalMs: 100,
      eventEvery: 15,
      mqttUrls,
    });
    t.after(() => fleet.cut());
    await fleet.goesOn();
    assert.equal((await readiness(gateways[0])).code, 200);

    await gateways[0].kill9();
    await fleet.goesOn();
    await gateways[0].up();

    await centre.kill9();
    await fleet.goesOn();
    await centre.up();
    await fleet.goesOn();

    const since = performance.now();
    assert.equal(await gateways[1].stop(), 0, gateways[1].stderr);
    assert.ok(performance.now() - since < 10_000, 'a stop in order takes less than 10 s');
    await fleet.goesOn();
    await gateways[1].up();

    // Its devices find no answer there and go to the other; when it wakes it still has what they sent it.
    gateways[0].pause();
    await fleet.goesOn();
    gateways[0].resume();
    await fleet.goesOn();

    nats.pause();
    await eventually('the gateway to say so', async () => /NATS/.test((await readiness(gateways[0])).text));
    assert.equal((await readiness(gateways[0])).code, 503);
    nats.resume();
    await fleet.goesOn();

    await fleet.stop();
    t.diagnostic(await fleet.assertNothingLost(centre.webUrl, token));
    for (const gateway of gateways) {
      await eventually('the gateway to hear that all is applied', async () =>
        /^fengsui_gateway_backlog 0$/m.test(await (await fetch(`${gateway.webUrl}/metrics`)).text()),
      );
    }
    await eventually('the canary to come through a gateway', async () => {
      const { canary } = JSON.parse((await readiness(centre)).text) as { canary?: { lastS?: number } };
      return canary?.lastS !== undefined;
    });
  },
);

test(
  'what the centre decides reaches a device at its gateway: a command, the end of its credential; a device that comes to another gateway is let in there and out here, and told when that goes on',
  { timeout: 300_000 },
  async (t) => {
    const api = new ApiClient(centre.webUrl, await centre.createToken('systemAdmin'));
    const technician = new ApiClient(centre.webUrl, await centre.createToken('technician'));
    const secret = await centre.createDevice('r1', 'generic-terminal', 'v1');
    const isOnline = async (): Promise<boolean> =>
      (await api.get<{ online?: boolean }>('/api/v1/devices/r1')).online === true;
    const connect = async (gateway: CentreProcess): Promise<{ device: DeviceClient; heard: string[] }> => {
      // Registered a moment ago: the gateway hears of it right after the commit.
      const device = await eventually('r1 to be let in', () => DeviceClient.connect(gateway.mqttUrl, 'r1', secret));
      t.after(() => device.mqtt.end(true));
      const heard: string[] = [];
      device.mqtt.on('message', (_topic, payload) => {
        const { id, name } = JSON.parse(payload.toString()) as { id: string; name: string };
        heard.push(name);
        // The last one may meet the end of its session.
        device.send('reply', { id, ok: true, result: {}, at: Date.now() }).catch(() => undefined);
      });
      await device.mqtt.subscribeAsync('fengsui/v1/r1/command', { qos: 1 });
      await eventually('r1 to be online', isOnline);
      return { device, heard };
    };
    const order = async (): Promise<void> => {
      await eventually('a command to be taken', async () => {
        const { status } = await technician.post('/api/v1/devices/r1/commands', { name: 'selfTest', reason: 'test' });
        return status === 202;
      });
    };

    const here = await connect(gateways[0]);
    await order();
    await eventually('the command to arrive', () => here.heard.includes('selfTest'));
    await eventually('its answer to arrive', async () => {
      const { items } = await technician.get<{ items: { state: string }[] }>('/api/v1/devices/r1/commands');
      return items[0]?.state === 'done';
    });

    const there = await connect(gateways[1]);
    await eventually('the session here to end', () => !here.device.mqtt.connected);
    await eventually('r1 to be online there', isOnline);
    await order();
    await eventually('the command to arrive there', () => there.heard.includes('selfTest'));

    // A second device with the same credential would do the same, again and again. What two gateways say of one change
    // may cross on the way, and count once.
    let last = there;
    const isTold = async (): Promise<boolean> =>
      (await technician.alarmsOf('r1')).some(({ kind }) => kind === 'clonedIdentity');
    for (let changes = 0; changes < 4 || (changes < 12 && !(await isTold())); changes++)
      last = await connect(gateways[changes % 2 === 0 ? 0 : 1]);
    await eventually('the cloned identity to be told', isTold);

    await centre.revokeDevice('r1');
    await eventually('the session there to end', () => !last.device.mqtt.connected);
    await assert.rejects(DeviceClient.connect(gateways[0].mqttUrl, 'r1', secret), /Not authorized/);
  },
);

test('another platform pushes to any gateway: what it says is evaluated once, also when it says it again elsewhere', async () => {
  await centre.createDevice('smoke-1', 'generic-smoke', 'v1');
  const created = await callControlSocket(centre.folder, 'createSource', { id: 'cloud' });
  assert.ok(created !== undefined && 'result' in created, JSON.stringify(created));
  const { secret } = created.result as { secret: string };
  const integrator = new ApiClient(centre.webUrl, await centre.createToken('integrator'));
  const mapping = {
    schemaVersion: 1,
    name: 'cloud of a maker',
    device: { path: 'id', table: { a: 'smoke-1' } },
    time: { path: 'at', format: 'epochMs' },
    key: ['message'],
    conditions: [{ path: 'alarm', cases: { '1': { kind: 'smoke', level: 'alarm', point: 'smoke' } } }],
  };
  const put = await integrator.call('PUT', '/api/v1/mappings/cloud', mapping);
  assert.equal(put.status, 200, put.text);
  const message = { id: 'a', at: Date.now(), message: 'm1', alarm: 1 };
  for (const gateway of gateways) {
    const platform = new PushingPlatform(gateway.webUrl, 'cloud', secret);
    await eventually('the mapping to be known at the gateway', async () => {
      const { status, body } = await platform.push(message);
      return status === 202 && (body as { mapped: number }).mapped === 1;
    });
    assert.equal((await new PushingPlatform(gateway.webUrl, 'cloud', 'wrong').push(message)).status, 401);
  }
  const alarm = await eventually('the alarm', async () => (await integrator.alarmsOf('smoke-1'))[0]);
  await eventually('the journal to be applied', async () =>
    /^fengsui_journal_backlog\{lane="alarm"\} 0$/m.test(await (await fetch(`${centre.webUrl}/metrics`)).text()),
  );
  const [again] = await integrator.alarmsOf('smoke-1');
  assert.deepEqual([again?.id, again?.count, again?.kind], [alarm.id, 1, 'smoke']);
});

test(
  'another centre takes over in front of the gateways: sessions stay, nothing is lost or doubled, and commands and the canary come through again',
  { timeout: 600_000 },
  async (t) => {
    const second = await CentreProcess.start({ env, args: ['--roles', 'worker,api'], standsByFor: centre });
    t.after(() => second.dispose());
    const token = await centre.createToken('integrator');
    const technician = await centre.createToken('technician');
    const mqttUrls = gateways.map(({ mqttUrl }) => mqttUrl);
    const options = { count: 6, prefix: 'h', intervalMs: 100, eventEvery: 15, mqttUrls };
    const fleet = await ReportingFleet.start(centre, options);
    t.after(() => fleet.cut());
    const secret = await centre.createDevice('h-stays', 'generic-terminal', 'v2');
    const stays = await eventually('h-stays to be let in', () =>
      DeviceClient.connect(gateways[0].mqttUrl, 'h-stays', secret),
    );
    t.after(() => stays.mqtt.end(true));
    let ended = 0;
    stays.mqtt.on('close', () => ended++);
    let isOrdered = false;
    stays.mqtt.on('message', () => (isOrdered = true));
    await stays.mqtt.subscribeAsync('fengsui/v1/h-stays/command', { qos: 1 });
    await fleet.goesOn();

    await centre.kill9();
    await fleet.goesOn();
    await eventually('the second to lead', async () => (await readiness(second)).code === 200);
    await fleet.goesOn();
    const api = new ApiClient(second.webUrl, technician);
    await eventually('a command to come through', async () => {
      await api.post('/api/v1/devices/h-stays/commands', { name: 'selfTest', reason: 'test' });
      return isOrdered;
    });
    assert.equal(ended, 0, 'a session does not end with the centre');
    await eventually('the canary to come through a gateway', async () => {
      const { canary } = JSON.parse((await readiness(second)).text) as { canary?: { lastS?: number } };
      return canary?.lastS !== undefined;
    });
    await fleet.stop();
    t.diagnostic(await fleet.assertNothingLost(second.webUrl, token));
  },
);
