import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { ObeyingDevice } from './obeying-device.ts';

const TIMEOUT = { timeout: 300_000 };

let centre: ContractCentre;
before(async () => (centre = await ContractCentre.start()), TIMEOUT);
after(() => centre.dispose());

const order = (deviceId: string) =>
  centre.api.post(`/api/v1/devices/${deviceId}/commands`, { name: 'read', reason: 'who is it' });

test(
  'two devices with one credential push each other out: alarmed, heard, and not commanded until somebody has looked',
  TIMEOUT,
  async () => {
    const secret = await centre.register('I1');
    const first = await DeviceClient.connect(centre.process.mqttUrl, 'I1', secret);
    let last = first;
    for (let i = 0; i < 4; i++) {
      const closed = new Promise((resolve) => last.mqtt.once('close', () => resolve(true)));
      last = await DeviceClient.connect(centre.process.mqttUrl, 'I1', secret);
      await closed;
    }
    const alarm = await centre.raised('I1', 'clonedIdentity');
    assert.deepEqual([alarm.category, alarm.priority, alarm.state], ['fault', 'P2', 'latchedUnacknowledged']);
    const { identitySuspect } = await centre.api.get<{ identitySuspect?: boolean }>('/api/v1/devices/I1');
    assert.equal(identitySuspect, true);

    const device = await ObeyingDevice.on(last);
    await last.event({ kind: 'arc', point: 'c1', active: true, level: 'alarm', at: Date.now() });
    const arc = (await centre.raised('I1', 'arc')) as AlarmRow & { readonly identitySuspect?: boolean };
    assert.equal(arc.identitySuspect, true, 'it raises all the same, marked');
    const { items } = await centre.api.get<{ items: { identitySuspect?: boolean }[] }>('/api/v1/events?deviceId=I1');
    assert.equal(items[0]?.identitySuspect, true);
    const refused = await order('I1');
    assert.deepEqual([refused.status, (refused.body as { code: string }).code], [409, 'identitySuspect']);

    await centre.act(alarm.id, 'acknowledge');
    await centre.act(alarm.id, 'inspect', { note: 'a copy on the bench, removed' });
    await centre.until(alarm.id, 'normal');
    assert.equal((await order('I1')).status, 202);
    assert.equal((await device.command()).name, 'read');
    last.mqtt.end(true);
  },
);

test('a device that reconnects properly, however often, is not suspected', TIMEOUT, async () => {
  const secret = await centre.register('I2');
  for (let i = 0; i < 8; i++) await (await DeviceClient.connect(centre.process.mqttUrl, 'I2', secret)).end();
  const device = await DeviceClient.connect(centre.process.mqttUrl, 'I2', secret);
  await centre.settle(device);
  assert.equal(await centre.alarmOf('I2', 'clonedIdentity'), undefined);
  await device.end();
});
