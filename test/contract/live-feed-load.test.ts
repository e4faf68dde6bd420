import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually, sleep } from './client/eventually.ts';
import { LiveClient, type LiveFrame } from './client/live-client.ts';

let contract: ContractCentre;
let webUrl: string;
let token: string;
let one: DeviceClient;
let two: DeviceClient;

before(async () => {
  contract = await ContractCentre.start();
  webUrl = contract.process.webUrl;
  token = await contract.provision.token('operator');
  one = await contract.device('live-1', { venueId: 'V1' });
  two = await contract.device('live-2', { venueId: 'V2' });
});
after(() => contract.dispose());

let seq = 0;
const value = (device: DeviceClient, temperatureC: number, point = 't1.temperatureC'): Promise<void> =>
  device.telemetry({ epoch: 'l', seq: ++seq, at: Date.now(), values: { [point]: temperatureC } });
const event = (device: DeviceClient, kind: string, fields: object = {}): Promise<void> =>
  device.event({
    epoch: 'l',
    seq: ++seq,
    at: Date.now(),
    kind,
    point: 'c1',
    active: true,
    level: 'warning',
    ...fields,
  });

async function subscribed(options: Parameters<LiveClient['subscribe']>[0] = {}, by = token): Promise<LiveClient> {
  const live = await LiveClient.open(webUrl, by);
  live.subscribe(options);
  await live.snapshot();
  return live;
}

const alarmsIn = (frames: readonly LiveFrame[]): AlarmRow[] => frames.flatMap(({ alarms }) => alarms ?? []);
const hasAlarm =
  (kind: string) =>
  (frame: LiveFrame): boolean =>
    alarmsIn([frame]).some((alarm) => alarm.kind === kind);
function assertNumbered(live: LiveClient): void {
  const numbers = live.frames.filter(({ type }) => type !== 'resync').map(({ n }) => n);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
}

test('alarms come at once, values four to ten times a second', async () => {
  const live = await subscribed();
  const delays: number[] = [];
  for (let i = 0; i < 25; i++) {
    const kind = `quick${i}`;
    const sentAt = performance.now();
    void event(one, kind);
    const { receivedAt } = await live.arrival(kind, hasAlarm(kind));
    delays.push(receivedAt - sentAt);
  }
  delays.sort((a, b) => a - b);
  // Sensor to screen is promised within 300 ms at p99 on a machine of its own (bench); here others compute beside it,
  // and only what waits for something else than the processor is found.
  assert.ok(
    (delays[12] ?? Infinity) < 3_000,
    `median ${delays[12]?.toFixed(0)} ms, longest ${delays.at(-1)?.toFixed(0)} ms`,
  );
  const from = live.arrived.length;
  const batches = () =>
    live.arrived.slice(from).filter(({ frame }) => (frame.values ?? []).some(([id]) => id === 'live-2'));
  const startedAt = performance.now();
  let newest = 1_000;
  while (performance.now() < startedAt + 3_000 || batches().length < 6) {
    assert.ok(performance.now() < startedAt + 60_000, `${batches().length} batches of values in a minute`);
    await value(two, ++newest);
    await sleep(10);
  }
  await live.frame('the last value', ({ values = [] }) =>
    values.some(([id, , , last]) => id === 'live-2' && last === newest),
  );
  const frames = batches();
  const tookS = (performance.now() - startedAt) / 1000;
  assert.ok(frames.length <= 12 * tookS, `${frames.length} batches of values in ${tookS.toFixed(1)} s`);
  assert.ok(
    frames.some(({ frame }) => (frame.values ?? []).length === 1),
    'only the newest value of a point',
  );
  live.close();
});

test('one who asks for snapshots and reads none is closed', async () => {
  const quantities = ['voltageV', 'currentA', 'residualCurrentMa', 'activePowerW', 'powerFactor', 'frequencyHz'];
  const points = Array.from({ length: 8 }, (_, n) => quantities.map((quantity) => `c${n + 1}.${quantity}`)).flat();
  const values = Object.fromEntries(points.map((point) => [point, 1]));
  for (const device of [one, two]) await device.telemetry({ epoch: 'l', seq: ++seq, at: Date.now(), values });
  await eventually(
    'the values',
    async () =>
      (await contract.api.series('live-2', 'c8.frequencyHz', Date.now() - 60_000, Date.now() + 1_000)).items.length > 0,
  );
  const greedy = await subscribed();
  greedy.ws.pause();
  const before = await contract.rssBytes();
  for (let i = 0; i < 15_000; i++) {
    greedy.subscribe();
    if (i % 2_000 === 0) await sleep(5);
  }
  await eventually('the requests to be on their way', () => greedy.ws.bufferedAmount === 0);
  // In 100 turns for others the centre has read them all.
  for (let turn = 0; turn < 100; turn++) await contract.api.call('GET', '/healthz');
  const risenMb = ((await contract.rssBytes()) - before) / 1024 / 1024;
  greedy.ws.resume();
  // 4429: it asks too often, told before it reads too slowly; 1006: the centre did not wait for its leave.
  const { code } = await greedy.untilClosed();
  assert.ok(code === 4429 || code === 1006, `closed with ${code}`);
  assert.ok(risenMb < 150, `memory rose by ${risenMb.toFixed(0)} MB`);
  greedy.close();
});

test('one who does not read does not hold up the others', async () => {
  const slow = await subscribed();
  const quick = await subscribed();
  slow.ws.pause();
  const points = Array.from({ length: 8 }, (_, n) => [
    `c${n + 1}.currentA`,
    `c${n + 1}.voltageV`,
    `t${n + 1}.temperatureC`,
  ]).flat();
  const before = await contract.rssBytes();
  for (let i = 0; i < 150; i++) {
    const values = Object.fromEntries(points.map((point, index) => [point, 20 + i + index / 100]));
    await one.telemetry({ epoch: 'l', seq: ++seq, at: Date.now(), values });
    if (i % 10 === 0) {
      const kind = `beside${i}`;
      await event(two, kind);
      await quick.arrival(kind, hasAlarm(kind));
    }
  }
  const risenMb = ((await contract.rssBytes()) - before) / 1024 / 1024;
  assert.ok(risenMb < 150, `memory rose by ${risenMb.toFixed(0)} MB`);
  slow.ws.resume();
  await slow.frame('what had waited', (frame) => frame.type === 'resync' || hasAlarm('beside140')(frame));
  if (!slow.frames.some(({ type }) => type === 'resync')) assertNumbered(slow);
  assertNumbered(quick);
  slow.close();
  quick.close();
});
