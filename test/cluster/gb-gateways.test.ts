import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { freePort } from '../../tools/servers/free-port.ts';
import { startNatsServer, type NatsServer } from '../../tools/servers/nats-server.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { deviceOperation, frameBytes, partStates, takeFrame } from '../gb26875/client/frame-bytes.ts';
import { GbClient } from '../gb26875/client/gb-client.ts';
import { CentreProcess, NEVER_SILENT_MS } from '../harness/centre-process.ts';
import { createReadingUser } from '../harness/reading-user.ts';

const FIRE = 0x0003;

type Gateway = { readonly process: CentreProcess; readonly port: number };

let postgres: PostgresServer;
let nats: NatsServer;
let centre: CentreProcess;
let gateways: readonly [Gateway, Gateway];
let api: ApiClient;
before(async () => {
  [postgres, nats] = await Promise.all([startPostgresServer(), startNatsServer()]);
  const env = { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_NATS_URL: nats.url };
  const reader = await createReadingUser(postgres.url);
  centre = await CentreProcess.start({ env, args: ['--roles', 'worker,api'] });
  const gateway = async (): Promise<Gateway> => {
    const port = await freePort();
    const args = ['--roles', 'gateway', '--gb26875-port', String(port)];
    return { process: await CentreProcess.start({ env: { ...env, FENGSUI_DATABASE_URL: reader }, args }), port };
  };
  gateways = [await gateway(), await gateway()];
  api = new ApiClient(centre.webUrl, await centre.createToken('shiftLeader'));
});
after(async () => {
  for (const { process } of gateways ?? []) await process.dispose();
  await centre?.dispose();
  await nats?.stop();
  await postgres?.stop();
});

async function register(id: string, address: string): Promise<void> {
  const answer = await callControlSocket(centre.folder, 'createDevice', {
    id,
    model: 'generic-uitd',
    venueId: 'V1',
    reportingIntervalMs: NEVER_SILENT_MS,
    gb: { address },
  });
  if (answer === undefined || 'error' in answer) throw new Error(`device ${id}: ${JSON.stringify(answer)}`);
}

/** A connection whose device the gateway knows: it was registered a moment ago. */
async function connect(gateway: Gateway, address: string): Promise<GbClient> {
  return eventually('the device to be known', async () => {
    const client = await GbClient.connect(gateway.port, address);
    client.write(frameBytes({ serial: 60_000, source: address, command: 2 }));
    const isKnown = await Promise.race([
      client.reply(60_000).then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 1_000)),
    ]);
    if (isKnown) return client;
    client.close();
    return undefined;
  });
}

const isOnline = async (id: string): Promise<boolean> =>
  (await api.get<{ online?: boolean }>(`/api/v1/devices/${id}`)).online === true;

const applied = (): Promise<unknown> =>
  eventually('the journal to be applied', async () => {
    const text = await (await fetch(`${centre.webUrl}/metrics`)).text();
    return !/^fengsui_journal_backlog\{lane="\w+"\} [1-9]/m.test(text);
  });

/** The operators that the device's self-tests name: one for each frame that was applied. */
async function selfTests(id: string): Promise<readonly number[]> {
  type Event = { readonly evidence?: { readonly operator?: number } };
  const { items } = await api.get<{ items: Event[] }>(`/api/v1/events?deviceId=${id}&kind=selfTest&limit=1000`);
  return items.map(({ evidence }) => evidence?.operator ?? -1).sort((a, b) => a - b);
}

test(
  'while no centre leads a gateway confirms a fire, over TCP and UDP; its alarm is there once when one leads, also when the device said it again at another gateway',
  { timeout: 300_000 },
  async (t) => {
    await register('F1', '0a0000000001');
    await register('F2', '0a0000000002');
    const device = await connect(gateways[0], '0a0000000001');
    await connect(gateways[0], '0a0000000002').then((other) => other.close());
    await centre.kill9();
    const fire = device.frame(partStates({ status: FIRE }), { serial: 7 });
    device.write(fire);
    assert.equal((await device.reply(7)).command, 3);
    device.close();
    // Its confirm was lost, as far as it knows.
    const again = await GbClient.connect(gateways[1].port, '0a0000000001');
    t.after(() => again.close());
    again.write(fire);
    assert.equal((await again.reply(7)).command, 3);
    const socket = createSocket('udp4');
    t.after(() => socket.close());
    const heard = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(
      frameBytes({ serial: 3, source: '0a0000000002', command: 2, data: partStates({ status: FIRE }) }),
      gateways[1].port,
      '127.0.0.1',
    );
    const taken = takeFrame((await heard)[0]);
    assert.deepEqual([taken?.reply.serial, taken?.reply.command], [3, 3]);

    await centre.up();
    for (const id of ['F1', 'F2']) {
      const alarm = await eventually(`the alarm of ${id}`, async () => (await api.alarmsOf(id))[0]);
      await applied();
      const alarms = await api.alarmsOf(id);
      assert.deepEqual(
        alarms.map(({ id: alarmId, kind, count }) => [alarmId, kind, count]),
        [[alarm.id, 'fire', 1]],
      );
    }
  },
);

test(
  'what people ask goes to the gateway that has the device, and to the other when it comes there, which ends the connection here',
  { timeout: 300_000 },
  async (t) => {
    const technician = new ApiClient(centre.webUrl, await centre.createToken('technician'));
    const address = '0b0000000001';
    await register('O1', address);
    const setClock = async (device: GbClient): Promise<void> => {
      const answer = technician.post('/api/v1/devices/O1/gb/sync-clock', {});
      device.confirm(await device.order(90));
      const { status, text } = await answer;
      assert.equal(status, 200, text);
    };
    /** Clock and state are the gateway's own matter. */
    const greeted = async (device: GbClient): Promise<void> => {
      device.confirm(await device.order(90));
      device.answer(await device.order(81), Buffer.from([21, 1, 1, ...new Uint8Array(6)]));
    };
    const here = await connect(gateways[0], address);
    t.after(() => here.close());
    await greeted(here);
    await eventually('O1 to be online', () => isOnline('O1'));
    await setClock(here);

    const there = await connect(gateways[1], address);
    t.after(() => there.close());
    await here.closed();
    await greeted(there);
    const check = await eventually('the check to be taken', async () => {
      const { status, body } = await api.post('/api/v1/devices/O1/gb/on-duty-check', { withinMin: 5 });
      return status === 200 ? (body as { id: string }) : undefined;
    });
    there.confirm(await there.order(91));
    type Checks = { readonly items: readonly { readonly id: string; readonly state: string }[] };
    const isState = (state: string) => async (): Promise<boolean> => {
      const { items } = await api.get<Checks>('/api/v1/devices/O1/gb/on-duty-checks');
      return items.find(({ id }) => id === check.id)?.state === state;
    };
    await eventually('the check to be delivered', isState('delivered'));
    await there.send(deviceOperation(0x20, 9));
    await eventually('the check to be answered', isState('answered'));

    const figures = await (await fetch(`${gateways[1].process.webUrl}/metrics`)).text();
    assert.match(figures, /^fengsui_gb26875_links [1-9]$/m);
  },
);

test(
  'a gateway is killed under frames, again and again: each that was confirmed is there once, and so is each that was sent again to the other',
  { timeout: 600_000 },
  async (t) => {
    const address = '0c0000000001';
    await register('K1', address);
    (await connect(gateways[0], address)).close();
    (await connect(gateways[1], address)).close();
    let sent = 0;
    let confirmed = 0;
    for (let kill = 0; kill < 4; kill++) {
      const [one, other] = kill % 2 === 0 ? gateways : ([gateways[1], gateways[0]] as const);
      const device = await GbClient.connect(one.port, address);
      const frames = new Map<number, Buffer>();
      for (let i = 0; i < 40; i++) {
        const serial = sent++;
        const frame = device.frame(deviceOperation(0x10, serial % 256), { serial });
        frames.set(serial, frame);
        device.write(frame);
      }
      const wanted = Math.floor(Math.random() * 32);
      const ofFrames = () => device.replies.filter(({ command }) => command === 3).length;
      const deadline = Date.now() + 60_000;
      while (ofFrames() < wanted) {
        assert.ok(!device.isClosed && Date.now() < deadline, `${ofFrames()} of ${wanted} confirms came`);
        await sleep(1);
      }
      await one.process.kill9();
      confirmed += ofFrames();
      const again = await GbClient.connect(other.port, address);
      for (const [serial, frame] of frames) {
        again.write(frame);
        assert.equal((await again.reply(serial)).command, 3);
      }
      again.close();
      await one.process.up();
    }
    t.diagnostic(`${sent} frames, ${confirmed} confirmed before their gateway was killed`);
    const expected = Array.from({ length: sent }, (_, n) => n);
    await eventually('all records', async () => (await selfTests('K1')).length >= sent);
    await applied();
    assert.deepEqual(await selfTests('K1'), expected);
  },
);

test('a frame that a gateway confirmed goes on to the other centre of its relay, which here answers even when it is to listen', async (t) => {
  const got: number[] = [];
  const gotAtMs = new Map<number, number>();
  const other = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (let taken = takeFrame(chunk); taken !== undefined; taken = takeFrame(taken.rest)) {
        const { serial, command, source, destination } = taken.reply;
        if (command !== 2) continue;
        got.push(serial);
        gotAtMs.set(serial, performance.now());
        // These are never confirmed: what waits behind one of them waits long.
        if (serial >= 300 && serial < 400) continue;
        socket.write(frameBytes({ serial, source: destination, destination: source, command: 3 }));
      }
    });
  }).listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await register('R1', '0d0000000001');
  const admin = new ApiClient(centre.webUrl, await centre.createToken('systemAdmin'));
  const body = { host: '127.0.0.1', port, covers: { deviceIds: ['R1'] } };
  assert.equal((await admin.call('PUT', '/api/v1/relays/other', body)).status, 200);
  const mode = { mode: 'listening', reason: 'cut-over' };
  assert.equal((await admin.post('/api/v1/relays/other/mode', mode)).status, 200);
  type Shown = { readonly mode: string; readonly actsAs?: string };
  await eventually('the relay to say that it cannot listen', async () => {
    const { mode: set, actsAs } = await admin.get<Shown>('/api/v1/relays/other');
    return set === 'listening' && actsAs === 'answering';
  });
  const device = await connect(gateways[0], '0d0000000001');
  t.after(() => device.close());
  // The relay is known at the gateway right after its commit: said until it went on.
  let serial = 100;
  await eventually('a frame to be passed on', async () => {
    assert.equal((await device.send(partStates({ status: 0x0005 }), { serial: serial++ })).command, 3);
    await sleep(500);
    return got.some((one) => one >= 100);
  });
  // A fire goes on at once, also beside frames that the other centre does not confirm.
  const tookMs: number[] = [];
  for (const first of [200, 300])
    for (let n = 0; n < 10; n++) {
      if (first === 300) await device.send(partStates({ status: 0x0005 }), { serial: 300 + n });
      const fire = first + 100 * Number(first === 300) + n;
      // Another part each time.
      await device.send(
        partStates({ status: FIRE, part: `0300${(first / 100 + n * 16).toString(16).padStart(2, '0')}00` }),
        { serial: fire },
      );
      const confirmedAtMs = performance.now();
      await eventually(`fire ${fire} at the other centre`, async () => gotAtMs.has(fire));
      tookMs.push((gotAtMs.get(fire) ?? NaN) - confirmedAtMs);
    }
  const sorted = tookMs.toSorted((a, b) => a - b).map(Math.round);
  t.diagnostic(`fires after our confirm: ${sorted[10]} ms median, ${sorted.at(-1)} ms at most of ${sorted.length}`);
  assert.equal(new Set(got.filter((one) => one >= 400)).size, got.filter((one) => one >= 400).length, 'each fire once');
});
