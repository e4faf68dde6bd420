import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient, type AlarmRow, type Answer, type Page } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';

/** FENGSUI_OUTAGE_S=30 is the long run. */
const OUTAGE_MS = Number(process.env['FENGSUI_OUTAGE_S'] ?? 0) * 1_000;
const PATIENCE_MS = 10_000;

type AuditRecord = {
  readonly act: string;
  readonly target?: string;
  readonly venueId?: string;
  readonly result: string;
  readonly status?: number;
};

let server: PostgresServer;
let centre: CentreProcess;
let desk: ApiClient;
let secret: string;
let seq = 0;
before(async () => {
  server = await startPostgresServer();
  centre = await CentreProcess.start({ env: { FENGSUI_DATABASE_URL: server.url } });
  secret = await centre.createDevice('A1', 'generic-terminal', 'V1');
  await centre.createDevice('B1', 'generic-terminal', 'V2');
  desk = new ApiClient(centre.webUrl, await centre.createToken('operator', ['V1']));
});
after(async () => {
  await centre.dispose();
  await server.stop();
});

async function raised(point: string): Promise<AlarmRow> {
  const client = await mqtt.connectAsync(centre.mqttUrl, { clientId: 'A1', username: 'A1', password: secret });
  const event = { epoch: 'a', seq: seq++, at: Date.now(), kind: 'arc', point, active: true, level: 'alarm' };
  await client.publishAsync('fengsui/v1/A1/event', JSON.stringify(event), { qos: 1 });
  await client.endAsync();
  return eventually('the alarm', async () => (await desk.alarmsOf('A1')).find(({ pointId }) => pointId === point));
}

const acknowledge = (api: ApiClient, id: string, key?: string): Promise<Answer> =>
  api.post(`/api/v1/alarms/${id}/acknowledge`, { note: 'on my way' }, key ? { 'idempotency-key': key } : {});

async function rowsOf(id: string): Promise<readonly AuditRecord[]> {
  const auditor = new ApiClient(centre.webUrl, await centre.createToken('auditor'));
  const { items } = await auditor.get<Page<AuditRecord>>('/api/v1/audit?act=POST%20/api/v1/alarms&limit=1000');
  return items.filter(({ target }) => target?.includes(id)).reverse();
}

test('with PostgreSQL stopped an alarm is acknowledged from memory, and the rows are there when it is back', async () => {
  const { id } = await raised('c1');
  const stranger = new ApiClient(centre.webUrl, await centre.createToken('operator', ['V2']));
  await server.kill9();
  const begin = performance.now();
  const answer = await acknowledge(desk, id, 'k1');
  assert.ok(performance.now() - begin < PATIENCE_MS, `it took ${performance.now() - begin} ms`);
  assert.equal(answer.status, 202, answer.text);
  const alarm = answer.body as AlarmRow;
  assert.deepEqual([alarm.id, alarm.state, alarm.acknowledgedBy], [id, 'acknowledged', 'token for operator']);
  assert.equal((await acknowledge(desk, id, 'k1')).status, 202, 'the same request again');
  assert.equal((await acknowledge(stranger, id)).status, 404, 'of a venue that is not his');
  const other = await desk.post('/api/v1/work-orders', {});
  assert.deepEqual([other.status, (other.body as { code: string }).code], [503, 'auditUnavailable']);
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
  await server.restart();
  const stored = await eventually('the act to be applied', async () => {
    const found = await desk.alarm(id).catch(() => undefined);
    return found?.state === 'acknowledged' && found;
  });
  assert.equal(stored.acknowledgedAt, alarm.acknowledgedAt);
  const steps = await desk.get<Page<{ kind: string }>>(`/api/v1/alarms/${id}/history`);
  assert.deepEqual(steps.items.map(({ kind }) => kind), ['raised', 'acknowledged'], 'once'); // prettier-ignore
  assert.equal((await acknowledge(desk, id, 'k1')).status, 200, 'what came before is known again');
  const rows = await eventually('the rows', async () => {
    const found = await rowsOf(id);
    return found.length >= 8 && found;
  });
  assert.deepEqual(
    rows.map(({ result, status, venueId }) => [result, status, venueId]),
    [
      ['asked', undefined, 'V1'],
      ['done', 202, 'V1'],
      ['asked', undefined, 'V1'],
      ['done', 202, 'V1'],
      ['asked', undefined, 'V1'],
      ['refused', 404, 'V1'],
      ['asked', undefined, 'V1'],
      ['done', 200, 'V1'],
    ],
  );
});

test('what was acknowledged meanwhile is there after kill -9 of the centre, and so are its rows', async () => {
  const { id } = await raised('c2');
  await server.kill9();
  assert.equal((await acknowledge(desk, id)).status, 202);
  await centre.kill9();
  await server.restart();
  await centre.up();
  await eventually('the act to be applied', async () => (await desk.alarm(id)).state === 'acknowledged');
  assert.deepEqual(
    (await rowsOf(id)).map(({ result, status }) => [result, status]),
    [
      ['asked', undefined],
      ['done', 202],
    ],
  );
});
