import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readdir } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ContractCentre } from './contract/client/contract-centre.ts';
import { eventually } from './contract/client/eventually.ts';
import { connectPacket, packetTypes, publishPacket, RawMqtt } from './contract/client/raw-mqtt.ts';
import { fengsui } from './harness/centre-process.ts';

const DEVICES = 120;

let centre: ContractCentre;
before(async () => {
  centre = await ContractCentre.start();
});
after(() => centre.dispose());

type Finding = { readonly name: string; readonly state: string; readonly detail: string; readonly remedy?: string };

async function doctor(): Promise<{ readonly code: number | null; readonly findings: ReadonlyMap<string, Finding> }> {
  const { code, stdout, stderr } = await fengsui(['doctor', '--data', centre.process.folder, '--json']);
  assert.ok(stdout !== '', stderr);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  for (const { state, remedy, name } of findings) assert.equal(remedy === undefined, state === 'ok', name);
  return { code, findings: new Map(findings.map((finding) => [finding.name, finding])) };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${centre.process.webUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  assert.ok(line !== undefined, `${name} is not in\n${text}`);
  return Number(line.split(' ')[1]);
}

test('the doctor finds nothing at a new centre, and a message it could not use afterwards, with what to do', async () => {
  const { findings } = await doctor();
  const names = ['config', 'permissions', 'readiness', 'journal', 'canary', 'store', 'feed', 'timers', 'mqtt', 'gb26875', 'silence', 'quarantine', 'inbox', 'brokers', 'work', 'commands']; // prettier-ignore
  assert.deepEqual(
    names.map((name) => [name, findings.get(name)?.state]),
    names.map((name) => [name, 'ok']),
  );
  const alive = await eventually('a canary to come through', async () => {
    const asked = await fengsui(['alive', '--data', centre.process.folder]);
    return asked.code === 0 ? asked : undefined;
  });
  assert.match(alive.stdout, /^alive: a canary alarm came through \d+ s ago$/m);
  const device = await centre.device('Q1');
  await device.send('telemetry', 'no JSON');
  await eventually('the message to be in quarantine', async () => (await metric('fengsui_quarantined_total')) === 1);
  const found = (await doctor()).findings.get('quarantine');
  assert.equal(found?.state, 'warn');
  assert.match(found.detail, /^1 messages since the start/);
  assert.match(found.remedy ?? '', /GET \/api\/v1\/quarantine/);
});

test('devices that all come back at once are all let in, and what a connected one says meanwhile is acknowledged', async () => {
  const ids = Array.from({ length: DEVICES }, (_, i) => `S${i}`);
  for (const id of ids) await centre.register(id);
  const steady = await centre.device('A1');
  const before = await metric('fengsui_mqtt_sessions');
  for (let storm = 1; storm <= 2; storm++) {
    const connections = await Promise.all(ids.map(() => RawMqtt.open(centre.process.mqttPort)));
    for (const [i, id] of ids.entries()) {
      connections[i]?.send(connectPacket({ clientId: id, username: id, password: centre.secretOf(id), keepaliveS: 0 }));
    }
    const message = { epoch: 'e', seq: storm, kind: 'tamper', point: '', active: storm % 2 === 1, level: 'warning' };
    await steady.event(message);
    for (const connection of connections) assert.equal((await connection.first(packetTypes.connack)).body[1], 0);
    await eventually('all sessions', async () => (await metric('fengsui_mqtt_sessions')) === before + DEVICES);
    assert.equal(await metric('fengsui_mqtt_waiting'), 0);
    const [first] = connections;
    first?.send(publishPacket(`fengsui/v1/S0/telemetry`, '{"values":{"c1.currentA":1}}', { qos: 1, id: 7 }));
    await first?.first(packetTypes.puback);
    for (const connection of connections) connection.destroy();
    await eventually('all to be gone', async () => (await metric('fengsui_mqtt_sessions')) === before);
  }
  const alarms = await centre.api.alarmsOf('A1');
  assert.deepEqual(
    alarms.filter(({ kind }) => kind === 'tamper').map(({ state }) => state),
    ['returnedUnacknowledged'],
  );
});

test('with a thousand sockets open the centre stops within 10 s of SIGTERM, and leaves nobody hanging', async () => {
  const sessions = await Promise.all(
    Array.from({ length: DEVICES }, async (_, i) => {
      const connection = await RawMqtt.open(centre.process.mqttPort);
      const id = `S${i}`;
      connection.send(connectPacket({ clientId: id, username: id, password: centre.secretOf(id), keepaliveS: 0 }));
      await connection.first(packetTypes.connack);
      return connection;
    }),
  );
  const ended: Promise<void>[] = [];
  const open = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve());
      socket.on('error', reject);
      ended.push(
        new Promise((done) => {
          socket.on('error', () => done()).on('close', () => done());
        }),
      );
    });
  const { mqttPort, webPort, pid = 0 } = centre.process;
  await Promise.all(Array.from({ length: 440 }, () => [open(mqttPort), open(webPort)]).flat());
  assert.ok(sessions.length + ended.length >= 1_000);
  const startedAt = performance.now();
  assert.equal(await centre.process.stop(), 0, `the centre ${pid} left by itself`);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < 10_000, `stopping took ${Math.round(tookMs)} ms`);
  await Promise.all(ended);
  for (const session of sessions) session.destroy();
  await centre.process.up();
});

test('without a running centre the doctor says so, and looks at what there is', async () => {
  await centre.process.stop();
  const alive = await fengsui(['alive', '--data', centre.process.folder]);
  assert.deepEqual([alive.code, alive.stdout], [1, 'no centre answers\n']);
  const { findings } = await doctor();
  const stateOf = (name: string): string | undefined => findings.get(name)?.state;
  assert.deepEqual(['config', 'centre', 'ports'].map(stateOf), ['ok', 'warn', 'ok']);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = String((taken.address() as AddressInfo).port);
  const beside = await fengsui(['doctor', '--data', centre.process.folder], { env: { FENGSUI_WEB_PORT: port } });
  // A device's door is taken: that of a centre in one process and of a gateway, of nobody else.
  const portsOf = async (role: string): Promise<string | undefined> => {
    const env = { FENGSUI_GB26875_PORT: port };
    const { stdout } = await fengsui(['doctor', '--roles', role, '--data', centre.process.folder], { env });
    return /^(\w+) +ports/m.exec(stdout)?.[1];
  };
  assert.deepEqual(await Promise.all(['all', 'gateway', 'worker,api', 'worker', 'api'].map(portsOf)), [
    'fail',
    'fail',
    'ok',
    'ok',
    'ok',
  ]);
  taken.close();
  assert.match(
    beside.stdout,
    new RegExp(`^fail +ports +127[.]0[.]0[.]1:${port} \\(web\\) is taken by another program`, 'm'),
  );
  const [key = ''] = await readdir(path.join(centre.process.folder, 'keys'));
  await chmod(path.join(centre.process.folder, 'keys', key), 0o644);
  const open = (await doctor()).findings.get('permissions');
  assert.deepEqual([open?.state, open?.remedy?.startsWith('chmod 600 ')], ['fail', true]);
  assert.match(findings.get('centre')?.remedy ?? '', /fengsui start --data/);
  const { code, stderr } = await fengsui(['doctor', 'everything']);
  assert.equal(code, 2, stderr);
});
