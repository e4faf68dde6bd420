import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingDevice } from '../harness/reporting-device.ts';

/** FENGSUI_OUTAGE_S=30 is the long run. */
const OUTAGE_S = Number(process.env['FENGSUI_OUTAGE_S'] ?? 4);
const DEVICES = 10;
const skewedClock = pathToFileURL(path.join(import.meta.dirname, 'skewed-clock.fixture.ts')).href;

let centre: CentreProcess;
let token: string;
before(async () => {
  const inherited = process.env['NODE_OPTIONS'] ?? '';
  centre = await CentreProcess.start({ env: { NODE_OPTIONS: `${inherited} --import=${skewedClock}` } });
  token = await centre.createToken('integrator');
});
after(() => centre.dispose());

type AlarmItem = {
  readonly deviceId: string;
  readonly kind: string;
  readonly count: number;
  readonly clearedAt?: string;
};

async function get<Body>(place: string): Promise<Body> {
  const response = await fetch(centre.webUrl + place, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200, `${place}: ${response.status}`);
  return (await response.json()) as Body;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds());) {
    assert.ok(Date.now() < deadline, `not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const alarmsOf = async (deviceId: string, kind: string): Promise<readonly AlarmItem[]> => {
  const { items } = await get<{ readonly items: readonly AlarmItem[] }>('/api/v1/alarms?limit=1000');
  return items.filter((alarm) => alarm.deviceId === deviceId && alarm.kind === kind);
};

async function stored(deviceId: string): Promise<readonly number[]> {
  const { items } = await get<{ readonly items: readonly (readonly number[])[] }>(
    `/api/v1/series?point=${deviceId}/c1.activePowerW&from=${Date.now() - 3_600_000}&maxPoints=10000`,
  );
  return items.map((row) => row[3] as number).sort((a, b) => a - b);
}

const signal = (name: NodeJS.Signals): void => {
  if (centre.pid !== undefined) process.kill(centre.pid, name);
};

test(
  `stopped for ${OUTAGE_S} s in the middle of its work (SIGSTOP) and let go on, the centre has every acknowledged report once`,
  { timeout: 300_000 + OUTAGE_S * 2_000 },
  async () => {
    const devices: ReportingDevice[] = [];
    for (let n = 1; n <= DEVICES; n++) {
      const secret = await centre.createDevice(`p${n}`, 'generic-terminal', 'v1');
      devices.push(new ReportingDevice(centre.mqttUrl, `p${n}`, secret));
    }
    const runs = devices.map((device) => device.run(20, 25));
    const raised = async (count: number): Promise<void> =>
      until('the devices have raised', async () => devices.every(({ raisedCount }) => raisedCount >= count));
    await raised(1);
    signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_S * 1000));
    signal('SIGCONT');
    const before = devices.map(({ raisedCount }) => raisedCount);
    await until('they go on', async () => devices.every(({ raisedCount }, n) => raisedCount > (before[n] ?? 0)));
    for (const device of devices) device.stop();
    await Promise.all(runs);
    for (const { id, acknowledged, raisedCount } of devices) {
      assert.deepEqual(await stored(id), acknowledged, `${id}: stored and acknowledged differ`);
      assert.deepEqual(
        (await alarmsOf(id, 'arc')).map(({ count }) => count),
        [raisedCount],
        `${id}: alarms`,
      );
    }
  },
);

test('reports that come several times and in any order are stored once each', { timeout: 300_000 }, async () => {
  const secret = await centre.createDevice('shuffled', 'generic-terminal', 'v1');
  const options = { clientId: 'shuffled', username: 'shuffled', password: secret };
  const client = await mqtt.connectAsync(centre.mqttUrl, options);
  const from = Date.now();
  // A linear congruential generator: each of 300 numbers three times, in an order that is the same in every run.
  const order = Array.from({ length: 900 }, (_, i) => i % 300);
  let state = 20_261_122;
  for (let i = order.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (i + 1);
    [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
  }
  const sent = order.map((seq) => {
    const isEvent = seq === 150;
    const message = isEvent
      ? { epoch: 'x', seq, at: from + seq, kind: 'arc', point: 'c1', active: true, level: 'alarm' }
      : { epoch: 'x', seq, at: from + seq, values: { 'c1.activePowerW': seq } };
    const topic = `fengsui/v1/shuffled/${isEvent ? 'event' : 'telemetry'}`;
    return client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  });
  await Promise.all(sent);
  await client.endAsync();
  const expected = Array.from({ length: 300 }, (_, seq) => seq).filter((seq) => seq !== 150);
  await until('all are stored', async () => (await stored('shuffled')).length >= expected.length);
  assert.deepEqual(await stored('shuffled'), expected);
  assert.deepEqual(
    (await alarmsOf('shuffled', 'arc')).map(({ count }) => count),
    [1],
  );
});

test(
  'when the clock of its machine is set an hour ahead, the centre says so, calls nobody silent, and takes alarms as ever',
  { timeout: 300_000 },
  async () => {
    const secret = await centre.createDevice('steady', 'generic-terminal', 'v1');
    const device = new ReportingDevice(centre.mqttUrl, 'steady', secret);
    const run = device.run(50, 10);
    const isTold = async (): Promise<boolean> =>
      (await alarmsOf('centre', 'clockJump')).some(({ clearedAt }) => clearedAt === undefined);
    signal('SIGUSR2');
    await until('the fault stands on the desk', isTold);
    const before = device.raisedCount;
    await until('alarms go on', async () => device.raisedCount > before + 1);
    signal('SIGUSR2');
    await until('the fault has ended', async () => !(await isTold()));
    device.stop();
    await run;
    const count = device.acknowledged.length;
    await until('all are stored', async () => (await stored('steady')).length >= count);
    assert.deepEqual(await stored('steady'), device.acknowledged);
    const { items } = await get<{ readonly items: readonly AlarmItem[] }>('/api/v1/alarms?limit=1000');
    assert.deepEqual(
      items.filter(({ kind }) => ['silent', 'clockSuspect', 'sequenceReset'].includes(kind)),
      [],
    );
  },
);
