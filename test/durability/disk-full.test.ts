import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { layMigratedStore } from '../../apps/centre/src/store/migrated-store.fixture.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
const RESERVE_MIB = 96;
/** Below the reserve, above half of it. */
const LEFT_MIB = 72;

/** A file system of its own, small enough to be filled; undefined where this process may mount none. */
async function mountSmallDisk(): Promise<{ readonly folder: string; unmount(): Promise<void> } | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-disk-'));
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', folder], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
  if (!isMounted) return rm(folder, { recursive: true }).then(() => undefined);
  const unmount = async (): Promise<void> => {
    await run('umount', ['-l', folder], { timeout: 60_000 });
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, unmount };
}

test(
  'a disk that fills up takes alarms and no telemetry; the device keeps that, and it arrives when there is room again',
  { timeout: 600_000 },
  async (t) => {
    const disk = await mountSmallDisk();
    if (disk === undefined) return t.skip('only root may mount a small disk, on Linux');
    const folder = path.join(disk.folder, 'data');
    await layMigratedStore(path.join(folder, 'store'));
    const centre = await CentreProcess.start({ folder, env: { FENGSUI_DISK_RESERVEMB: String(RESERVE_MIB) } });
    const secret = await centre.createDevice('d1', 'generic-terminal', 'v1');
    const token = await centre.createToken('integrator');
    const client = await mqtt.connectAsync(centre.mqttUrl, {
      clientId: 'd1',
      username: 'd1',
      password: secret,
      reconnectPeriod: 200,
    });
    try {
      const get = async <Body>(place: string): Promise<Body> =>
        (await (await fetch(centre.webUrl + place, { headers: { authorization: `Bearer ${token}` } })).json()) as Body;
      const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
        for (const deadline = Date.now() + 60_000; !(await holds());) {
          assert.ok(Date.now() < deadline, `not within 60 s: ${what}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      const kinds = async (isOver: boolean): Promise<readonly string[]> => {
        type Alarms = { readonly items: readonly { readonly kind: string; readonly clearedAt?: string }[] };
        const { items } = await get<Alarms>('/api/v1/alarms?limit=1000');
        return items.filter(({ clearedAt }) => (clearedAt !== undefined) === isOver).map(({ kind }) => kind);
      };
      const readiness = (): Promise<{ readonly status: string; readonly troubles: readonly string[] }> =>
        get('/readyz');
      let seq = 0;
      const send = (topic: string, message: object): Promise<unknown> =>
        client.publishAsync(
          `fengsui/v1/d1/${topic}`,
          JSON.stringify({ epoch: 'e', seq: seq++, at: Date.now(), ...message }),
          { qos: 1 },
        );
      await send('telemetry', { values: { 'c1.activePowerW': 0 } });

      const filler = path.join(disk.folder, 'filler');
      const { bavail, bsize } = await statfs(disk.folder);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_MIB * MIB), 1));
      await until('the centre says so', async () =>
        (await readiness()).troubles.some((why) => /kept for alarms/.test(why)),
      );
      await until('the fault stands on the desk', async () => (await kinds(false)).includes('diskSpace'));

      let isAcknowledged = false;
      const kept = send('telemetry', { values: { 'c1.activePowerW': 1 } }).then(() => (isAcknowledged = true));
      await send('event', { kind: 'arc', point: 'c1', active: true, level: 'alarm' });
      await until('the alarm is on the desk', async () => (await kinds(false)).includes('arc'));
      assert.equal(isAcknowledged, false, 'telemetry was acknowledged without room for it');
      const doctor = await fengsui(['doctor', '--data', folder, '--json']);
      assert.match(doctor.stdout, /kept for alarms: telemetry and captures are refused/);

      await unlink(filler);
      await kept;
      await until('the centre is ready again', async () => (await readiness()).status === 'ready');
      await until('the fault has ended', async () => !(await kinds(false)).includes('diskSpace'));
      type Series = { readonly items: readonly (readonly number[])[] };
      const stored = async (): Promise<readonly (number | undefined)[]> =>
        (await get<Series>('/api/v1/series?point=d1/c1.activePowerW&maxPoints=100')).items.map((row) => row[3]);
      await until('what was kept is stored', async () => (await stored()).length > 1);
      assert.deepEqual(await stored(), [0, 1]);
      assert.deepEqual(
        (await kinds(false)).filter((kind) => kind === 'arc'),
        ['arc'],
      );
    } finally {
      await client.endAsync(true);
      await centre.dispose();
      await disk.unmount();
    }
  },
);
