import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { eventually, sleep } from '../contract/client/eventually.ts';
import { deviceOperation, partStates } from './client/frame-bytes.ts';
import { GbCentre } from './client/gb-centre.ts';
import { GbClient } from './client/gb-client.ts';

const KILLS = Number(process.env['FENGSUI_KILLS'] ?? 3);
const PER_ROUND = 40;
const ADDRESS = '060504030201';

test(
  `killed ${KILLS} times between frames and confirms, every confirmed frame is there and every resent one is there once`,
  { timeout: 200_000 + KILLS * 100_000 },
  async (t) => {
    const centre = await GbCentre.start();
    try {
      await centre.register('K1', ADDRESS);
      let sent = 0;
      let confirmed = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const device = await centre.client(ADDRESS);
        const frames = new Map<number, Buffer>();
        for (let i = 0; i < PER_ROUND; i++) {
          const serial = sent++;
          const frame = device.frame(deviceOperation(0x10, serial % 256), { serial });
          frames.set(serial, frame);
          device.write(frame);
          if (i % 8 === 0) await sleep(1);
        }
        // Somewhere between none and most of the confirms; what is confirmed by then must be there for ever.
        const wanted = Math.floor(Math.random() * PER_ROUND * 0.8);
        while (device.replies.filter(({ command }) => command === 3).length < wanted) await sleep(1);
        await centre.process.kill9();
        confirmed += device.replies.filter(({ command }) => command === 3).length;
        await centre.process.up();
        // All go again, as they were: of those with a confirm the device may have lost it on its way.
        const again = await centre.client(ADDRESS);
        for (const [serial, frame] of frames) {
          again.write(frame);
          assert.equal((await again.reply(serial)).command, 3);
        }
        again.close();
      }
      t.diagnostic(`${sent} frames, ${confirmed} confirmed before their centre was killed, all sent again after it`);
      type Event = { readonly evidence?: { readonly operator?: number } };
      const events = await eventually('all records', async () => {
        const { items } = await centre.api.get<{ items: Event[] }>(
          '/api/v1/events?deviceId=K1&kind=selfTest&limit=1000',
        );
        return items.length >= sent ? items : undefined;
      });
      const operators = events.map(({ evidence }) => evidence?.operator ?? -1).sort((a, b) => a - b);
      assert.deepEqual(
        operators,
        Array.from({ length: sent }, (_, n) => n),
      );
    } finally {
      await centre.dispose();
    }
  },
);

test('a state of before a restart is still told apart from a new one after it', async () => {
  const centre = await GbCentre.start();
  try {
    await centre.register('K2', ADDRESS);
    const before = await GbClient.connect(centre.port, ADDRESS);
    await before.send(partStates({ status: 0x0003 }));
    const alarm = await eventually('the alarm', async () => (await centre.api.alarmsOf('K2'))[0]);
    before.close();
    await centre.process.kill9();
    await centre.process.up();
    const device = await GbClient.connect(centre.port, ADDRESS);
    // The same bits again after the restart: the same alarm, not another.
    await device.send(partStates({ status: 0x0003 }), { serial: 9 });
    await device.send(partStates({ status: 0x0001 }), { serial: 10 });
    await eventually('the return', async () => (await centre.api.alarm(alarm.id)).state === 'returnedUnacknowledged');
    const alarms = await centre.api.alarmsOf('K2');
    assert.deepEqual(
      alarms.map(({ id, count }) => [id, count]),
      [[alarm.id, 1]],
    );
    const { items } = await centre.api.get<{ items: { status: number }[] }>('/api/v1/devices/K2/parts');
    assert.deepEqual(
      items.map(({ status }) => status),
      [1],
    );
    device.close();
  } finally {
    await centre.dispose();
  }
});
