import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Incident, IncidentFile } from '@fengsui/protocol';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { Person } from '../commissioning/person.ts';
import type { Page } from '../contract/client/api-client.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { Provision } from '../contract/client/provision.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { FireCommandSide } from '../harness/fire-command-side.ts';
import { createReadingUser } from '../harness/reading-user.ts';
import { recording } from '../harness/recording.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let postgres: PostgresServer;
let nats: NatsServer;
let side: FireCommandSide;
let centre: CentreProcess;
let gateway: CentreProcess;
let seat: CentreProcess;
let worker: CentreProcess;
before(async () => {
  [postgres, nats, side] = await Promise.all([startPostgresServer(), startNatsServer(), FireCommandSide.open()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  const line = { FENGSUI_FIRECOMMAND_URL: side.url, FENGSUI_FIRECOMMAND_SENDER: 'centre@city.example' };
  centre = await CentreProcess.start({ env: { ...env, ...line }, args: ['--roles', 'worker,api'] });
  const readerEnv = { ...env, FENGSUI_DATABASE_URL: await createReadingUser(postgres.url) };
  gateway = await CentreProcess.start({ env: readerEnv, args: ['--roles', 'gateway'] });
  seat = await CentreProcess.start({ env: readerEnv, args: ['--roles', 'api'] });
  worker = await CentreProcess.start({ env, args: ['--roles', 'worker'] });
});
after(async () => {
  for (const one of [worker, seat, gateway, centre]) await one?.dispose();
  await nats?.stop();
  await postgres?.stop();
  await side?.close();
});

test(
  'confirmed at a door for seats, applied by a worker, carried by the leader: worker and leader are killed while nobody takes it, and it is taken once, under its id',
  { timeout: 300_000 },
  async (t) => {
    await eventually('the worker to have its shards', async () => {
      const text = await (await fetch(`${worker.webUrl}/metrics`)).text();
      return Number(/^fengsui_worker_shards (.*)$/m.exec(text)?.[1]) === 14;
    });
    await new Provision(centre).user('zhang', PASSWORD, 'operator');
    const zhang = await Person.logIn(seat.webUrl, 'zhang', PASSWORD);
    const secret = await centre.createDevice('s1', 'generic-smoke', 'v1');
    const device = await eventually('s1 to be let in', () => DeviceClient.connect(gateway.mqttUrl, 's1', secret));
    t.after(() => device.mqtt.end(true));
    side.manner = 'fails';
    await device.event({ at: Date.now(), kind: 'smoke', point: '', active: true, level: 'alarm', epoch: 'a', seq: 1 });
    const { id } = await eventually('the incident', async () => {
      const { items } = await zhang.get<Page<Incident>>('/incidents?venueId=v1');
      return items[0];
    });
    const acts = [
      ['take', {}],
      ['call', { whom: 'duty room', outcome: 'answered' }],
      ['verify', { verdict: 'true', means: 'call', seenCount: 1 }],
    ] as const;
    for (const [index, [act, said]] of acts.entries()) {
      const answer = await zhang.post(`/incidents/${id}/${act}`, { revision: index + 1, ...said });
      assert.equal(answer.status, 200, answer.text);
    }
    await eventually('a first try', () => Promise.resolve(side.received.length > 0 || undefined));
    const token = await centre.createToken('operator');
    const sent = await fetch(`${seat.webUrl}/api/v1/incidents/${id}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
      body: recording(60),
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal(sent.status, 200, 'bytes go through the door as well');

    await worker.kill9();
    await centre.kill9();
    side.manner = 'takes';
    await centre.up();
    const done = await eventually('the receipt', async () => {
      const incident = await zhang.get<Incident>(`/incidents/${id}`).catch(() => undefined);
      return incident?.report?.deliveredAt === undefined ? undefined : incident;
    });
    const ids = new Set(side.received.map(({ headers }) => headers['idempotency-key']));
    assert.deepEqual([...ids], [done.report?.messageId]);
    assert.deepEqual(side.taken, [done.report?.messageId]);
    const { items } = await zhang.get<Page<IncidentFile>>(`/incidents/${id}/files`);
    assert.equal(items[0]?.bytes, recording(60).byteLength);
  },
);
