import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { CuttableLink } from '../harness/cuttable-link.ts';

/** Promised are 2 s; a machine with two slow cores, shared by tests, gets twice as much. The 10 s of before are far off. */
const PATIENCE_MS = 4_000;

let server: PostgresServer;
let line: CuttableLink;
let centre: CentreProcess;
before(async () => {
  server = await startPostgresServer();
  const url = new URL(server.url);
  line = await CuttableLink.to(Number(url.port));
  url.hostname = '127.0.0.1';
  url.port = String(line.port);
  centre = await CentreProcess.start({ env: { FENGSUI_DATABASE_URL: url.href } });
});
after(async () => {
  line.release();
  await centre.dispose();
  await line.close();
  await server.stop();
});

test('with a PostgreSQL that hangs an alarm is acknowledged from memory without waiting for it', async (t) => {
  const secret = await centre.createDevice('A1', 'generic-terminal', 'V1');
  const desk = new ApiClient(centre.webUrl, await centre.createToken('operator'));
  const client = await mqtt.connectAsync(centre.mqttUrl, { clientId: 'A1', username: 'A1', password: secret });
  const event = { epoch: 'a', seq: 0, at: Date.now(), kind: 'arc', point: 'c1', active: true, level: 'alarm' };
  await client.publishAsync('fengsui/v1/A1/event', JSON.stringify(event), { qos: 1 });
  await client.endAsync();
  const { id } = await eventually('the alarm', async () => (await desk.alarmsOf('A1'))[0]);
  line.hold();
  const begin = performance.now();
  const answer = await desk.post(`/api/v1/alarms/${id}/acknowledge`, { note: 'on my way' });
  const tookMs = performance.now() - begin;
  t.diagnostic(`${Math.round(tookMs)} ms`);
  assert.equal(answer.status, 202, answer.text);
  assert.ok(tookMs < PATIENCE_MS, `it took ${tookMs} ms`);
  line.release();
  await eventually('the act to be applied', async () => {
    const found = await desk.alarm(id).catch(() => undefined);
    return found?.state === 'acknowledged';
  });
});
