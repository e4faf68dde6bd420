import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { ApiClient } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { LiveClient } from './client/live-client.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const SLOW = 250;
/** The limits of the server, what lies between two looks at them, and a machine that is busy. */
const HEADERS_WITHIN_MS = 10_000 + 2_000 + 15_000;
const BODY_WITHIN_MS = 30_000 + 2_000 + 15_000;
const MQTT_WITHIN_MS = 10_000 + 15_000;

let contract: ContractCentre;
before(async () => {
  contract = await ContractCentre.start({ env: { FENGSUI_WEB_CONNECTIONSPERADDRESS: '1000' } });
});
after(() => contract.dispose());

/** Connections that send what they are given byte by byte, twice a second, and never come to its end. */
class SlowClients {
  readonly sockets: Socket[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(port: number, count: number, begin: string | Buffer, byte: string | Buffer) {
    for (let n = 0; n < count; n++) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      // Without a reader the end of the other side is never seen.
      socket.resume();
      socket.on('connect', () => socket.write(begin));
      this.sockets.push(socket);
    }
    this.#timer = setInterval(() => {
      for (const socket of this.open) if (!socket.connecting && byte.length > 0) socket.write(byte);
    }, 500);
  }

  get open(): readonly Socket[] {
    return this.sockets.filter((socket) => !socket.destroyed);
  }

  async connected(): Promise<this> {
    await eventually('all to be connected', () =>
      this.sockets.every(({ connecting }) => !connecting) ? true : undefined,
    );
    return this;
  }

  end(): void {
    clearInterval(this.#timer);
    for (const socket of this.sockets) socket.destroy();
  }
}

async function tookMs(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

test('500 that send headers and bodies byte by byte hold up neither a log-in nor an alarm, and are closed', async () => {
  await contract.provision.user('zhou', PASSWORD, 'operator');
  const device = await contract.device('slow-1');
  const seat = await LiveClient.open(contract.process.webUrl, await contract.provision.token('operator'));
  seat.subscribe({ topics: ['alarms'] });
  await seat.snapshot();
  const { webPort } = contract.process;
  const startedAt = performance.now();
  const heads = new SlowClients(webPort, SLOW, 'GET /api/v1/alarms HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a');
  const body =
    'POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n';
  const bodies = new SlowClients(webPort, SLOW, body, ' ');
  const silent = new SlowClients(webPort, 20, '', '');
  try {
    for (const clients of [heads, bodies, silent]) await clients.connected();
    assert.equal(heads.open.length + bodies.open.length, 2 * SLOW, 'all are there');
    const loginMs = await tookMs(async () => {
      const credential = { username: 'zhou', password: PASSWORD };
      assert.equal((await new ApiClient(contract.process.webUrl).post('/api/v1/login', credential)).status, 200);
    });
    const alarmMs = await tookMs(async () => {
      await device.event({
        epoch: 's',
        seq: 1,
        at: Date.now(),
        kind: 'smoke',
        point: 'c1',
        active: true,
        level: 'alarm',
      });
      await seat.frame('the alarm', ({ alarms = [] }) => alarms.some(({ deviceId }) => deviceId === 'slow-1'));
    });
    assert.ok(bodies.open.length === SLOW, 'they were still there meanwhile');
    // Patience of a slow machine; a connection that waits for the others takes 10 s at least.
    assert.ok(loginMs < 5_000, `log-in after ${loginMs.toFixed(0)} ms`);
    assert.ok(alarmMs < 5_000, `alarm after ${alarmMs.toFixed(0)} ms`);
    const closed = async (what: string, clients: SlowClients, withinMs: number): Promise<void> => {
      await eventually(
        what,
        () => (clients.open.length === 0 ? true : undefined),
        withinMs - (performance.now() - startedAt),
      );
    };
    await closed('slow heads to be closed', heads, HEADERS_WITHIN_MS);
    await closed('silent ones to be closed', silent, HEADERS_WITHIN_MS);
    await closed('slow bodies to be closed', bodies, BODY_WITHIN_MS);
    assert.equal(seat.closed, undefined, 'the seat is there all the time');
  } finally {
    for (const clients of [heads, bodies, silent]) clients.end();
    seat.close();
  }
});

test('one connection more than an address may have is closed; what is open stays', async () => {
  // 127.0.0.2 is this machine too, and another address: the first is left room.
  const sockets: Socket[] = [];
  const open = (localAddress: string): Socket => {
    const socket = connect({ port: contract.process.webPort, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    socket.resume();
    sockets.push(socket);
    return socket;
  };
  try {
    for (let n = 0; n < 1_000; n++) open('127.0.0.2');
    await once(sockets.at(-1) as Socket, 'connect');
    const tooMany = open('127.0.0.2');
    await eventually('the one too many to be closed', () => (tooMany.destroyed ? true : undefined), 5_000);
    assert.ok(sockets.filter((socket) => !socket.destroyed).length >= 999);
    assert.equal((await contract.api.call('GET', '/healthz')).status, 200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('at the MQTT door, 500 that never finish CONNECT hold up no device, and are closed', async () => {
  // A CONNECT of 200 bytes, of which 20 ever come.
  const begin = Buffer.from([0x10, 0xc8, 0x01, 0x00, 0x04, ...Buffer.from('MQTT'), 0x04, 0xc2, 0x00]);
  const startedAt = performance.now();
  const slow = new SlowClients(contract.process.mqttPort, 2 * SLOW, begin, Buffer.from([0]));
  try {
    await slow.connected();
    const device = await contract.device('slow-2');
    const reportMs = await tookMs(() =>
      device.telemetry({ epoch: 's', seq: 1, at: Date.now(), values: { 't1.temperatureC': 21 } }),
    );
    assert.ok(reportMs < 5_000, `acknowledged after ${reportMs.toFixed(0)} ms`);
    await eventually(
      'all to be closed',
      () => (slow.open.length === 0 ? true : undefined),
      // Each waits for its turn first.
      MQTT_WITHIN_MS + 10_000 - (performance.now() - startedAt),
    );
  } finally {
    slow.end();
  }
});
