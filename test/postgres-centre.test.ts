import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { createPostgresStore } from '../apps/centre/src/store/postgres-store.ts';
import { startPostgresServer, type PostgresServer } from '../tools/servers/postgres-server.ts';
import { eventually } from './contract/client/eventually.ts';
import { CentreProcess } from './harness/centre-process.ts';

/** FENGSUI_OUTAGE_S=30 is the long run. */
const OUTAGE_S = Number(process.env['FENGSUI_OUTAGE_S'] ?? 0);

let server: PostgresServer;
let centre: CentreProcess;
before(async () => {
  server = await startPostgresServer();
  centre = await CentreProcess.start({ env: { FENGSUI_DATABASE_URL: server.url } });
});
after(async () => {
  await centre.dispose();
  await server.stop();
});

test(
  'the same centre runs on PostgreSQL: what was acknowledged is there after kill -9 of the centre and of the server',
  { timeout: 300_000 + OUTAGE_S * 1_000 },
  async () => {
    const secret = await centre.createDevice('P1', 'generic-terminal', 'V1');
    const token = await centre.createToken('integrator');
    const get = async <Body>(path: string): Promise<Body> => {
      const response = await fetch(centre.webUrl + path, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 200, path);
      return (await response.json()) as Body;
    };
    type Series = { readonly items: readonly (readonly number[])[] };
    const stored = async (): Promise<number[]> => {
      const { items } = await get<Series>('/api/v1/series?point=P1/c1.activePowerW&maxPoints=10000');
      return items.map((row) => row[3] as number);
    };
    const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
      const deadline = Date.now() + 60_000;
      while (!(await holds().catch(() => false))) {
        assert.ok(Date.now() < deadline, `not within 60 s: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    let seq = 0;
    const send = async (count: number): Promise<void> => {
      const client = await mqtt.connectAsync(centre.mqttUrl, { clientId: 'P1', username: 'P1', password: secret });
      try {
        for (let i = 0; i < count; i++, seq++) {
          const report = { epoch: 'p', seq, at: Date.now(), values: { 'c1.activePowerW': seq } };
          await client.publishAsync('fengsui/v1/P1/telemetry', JSON.stringify(report), { qos: 1 });
        }
        const event = { epoch: 'p', seq, at: Date.now(), kind: 'arc', point: 'c1', active: true, level: 'alarm' };
        await client.publishAsync('fengsui/v1/P1/event', JSON.stringify(event), { qos: 1 });
        seq++;
      } finally {
        await client.endAsync();
      }
    };
    const expected = (): number[] => Array.from({ length: seq }, (_, i) => i).filter((i) => i % 101 !== 100);

    await send(100);
    await centre.kill9();
    await centre.up();
    assert.deepEqual(await stored(), expected());

    // The database dies under the running centre: reports are taken all the same, and applied when it is back.
    await server.kill9();
    await send(100);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_S * 1000));
    await server.restart();
    await until('the backlog is applied', async () => (await stored()).length === expected().length);
    assert.deepEqual(await stored(), expected());
    const { items: alarms } = await get<{ items: { kind: string; count: number }[] }>('/api/v1/alarms');
    assert.deepEqual(
      alarms.map(({ kind, count }) => [kind, count]),
      [['arc', 1]],
    );
  },
);

test(
  'a lease that is not renewed is said as what it is: entries are taken and applied meanwhile',
  { timeout: 300_000 },
  async () => {
    const readiness = async (): Promise<{
      readonly troubles: readonly string[];
      readonly functions: readonly { readonly name: string; readonly state: string }[];
    }> => {
      const response = await fetch(`${centre.webUrl}/readyz`);
      return (await response.json()) as Awaited<ReturnType<typeof readiness>>;
    };
    const lease = async (): Promise<readonly (readonly string[])[]> => {
      const text = await (await fetch(`${centre.webUrl}/metrics`)).text();
      return [...text.matchAll(/^fengsui_(lease_\S+) (\S+)$/gm)].map(([, ...found]) => found);
    };
    const [, remaining] = await eventually('the lease to be held', async () => {
      const found = await lease();
      return found[0]?.join(' ') === 'lease_held 1' && found;
    });
    assert.equal(remaining?.[0], 'lease_remaining_seconds');
    assert.ok(Number(remaining[1]) > 0 && Number(remaining[1]) <= 5);
    const store = await createPostgresStore({ url: server.url });
    // Renewals wait for the beat's row; transactions look at the epoch's alone.
    const sql = 'select 1 from centre_beat for update';
    const holding = store
      .commit([
        { kind: 'sql', sql },
        { kind: 'sql', sql: 'select pg_sleep(600)' },
      ])
      .catch(() => undefined);
    try {
      const { troubles, functions } = await eventually('the lease to run out', async () => {
        const said = await readiness();
        return said.troubles.length > 0 && said;
      });
      assert.match(troubles.join(), /^the lease of the leader was not renewed for \d+ s$/);
      const stopped = functions.filter(({ name, state }) => state !== 'works' && name !== 'backup');
      assert.deepEqual(
        stopped.map(({ name, state }) => [name, state]),
        [['lease', 'held']],
      );
      await centre.createDevice('P2', 'generic-terminal', 'V1');
      assert.deepEqual(await lease(), [
        ['lease_held', '0'],
        ['lease_remaining_seconds', '0'],
      ]);
    } finally {
      const others = `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)' and pid <> pg_backend_pid()`;
      await store.query(others);
      await holding;
      await store.close();
    }
    await eventually('the lease to be renewed', async () => (await readiness()).troubles.length === 0);
  },
);
