import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { analogValue, label } from './client/frame-bytes.ts';
import { bareComponentState } from './client/bare-component-state.ts';
import { GbCentre } from './client/gb-centre.ts';

/** A make whose component states have no description, whose residual current is a code of its own, and that denies. */
const profile = {
  id: 'make-2',
  name: 'Make, second firmware',
  unreadableReply: 'deny',
  units: [bareComponentState],
  partTypes: [{ code: 130, zh: '故障电弧探测器', en: 'arc-fault detector' }],
  analogTypes: [{ code: 128, zh: '剩余电流', unit: 'mA', step: 1, quantity: 'residualCurrentMa' }],
};

let folder: string;
let centre: GbCentre;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-gb-'));
  await writeFile(path.join(folder, 'make-2.json'), JSON.stringify(profile));
  centre = await GbCentre.start({ FENGSUI_GB26875_PROFILES: folder });
});
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('what a make does differently is read by its profile: layout, words, quantity with its limit, reply', async () => {
  await centre.register('P1', '0a0b0c0d0e0f', { profile: 'make-2' });
  const device = await centre.client('0a0b0c0d0e0f');
  const short = Buffer.concat([Buffer.from([2, 1, 1, 1, 130, 5, 0, 1, 0, 2, 0]), label(Date.now())]);
  assert.equal((await device.send(short)).command, 3);
  const fire = await eventually('the fire', async () => (await centre.api.alarmsOf('P1'))[0]);
  assert.deepEqual([fire.kind, fire.pointId], ['fire', 's1-1-p05000100']);
  type Part = { readonly point: string; readonly partType?: { readonly en?: string } };
  const { items } = await centre.api.get<{ items: Part[] }>('/api/v1/devices/P1/parts');
  assert.equal(items.find(({ point }) => point === 's1-1-p05000100')?.partType?.en, 'arc-fault detector');
  await device.send(analogValue(17, '06000100', 128, 620, Date.now() - 9_000));
  await device.send(analogValue(17, '06000100', 128, 625, Date.now() - 1_000));
  const leak = await eventually('the residual current', async () =>
    (await centre.api.alarmsOf('P1')).find(({ kind }) => kind === 'residualCurrent'),
  );
  assert.deepEqual([leak.level, leak.pointId], ['alarm', 's1-1-p06000100.residualCurrentMa']);
  assert.equal((await device.send(Buffer.from([2, 3, 1]))).command, 6, 'unreadable is denied for this make');
});

test('a profile that is none stops the start, with its file and every reason', async () => {
  const bad = await mkdtemp(path.join(tmpdir(), 'fengsui-gb-'));
  try {
    await writeFile(path.join(bad, 'a.json'), '{"id":"a b","name":""}');
    await writeFile(path.join(bad, 'b.json'), 'not json');
    const data = path.join(bad, 'data');
    const { code, stderr } = await fengsui(
      ['start', '--no-demo', '--data', data, '--web-port', '0', '--mqtt-port', '0'],
      { env: { FENGSUI_GB26875_PROFILES: bad } },
    );
    assert.equal(code, 1);
    assert.match(stderr, /a\.json: \/id .*a\.json: \/name .*b\.json: /s);
  } finally {
    await rm(bad, { recursive: true, force: true });
  }
});

test('beyond loopback the door opens only for networks that are named', async () => {
  const data = path.join(folder, 'data');
  const args = [
    'start',
    '--no-demo',
    '--data',
    data,
    '--web-port',
    '0',
    '--mqtt-port',
    '0',
    '--gb26875-host',
    '0.0.0.0',
  ];
  const { code, stderr } = await fengsui(args);
  assert.equal(code, 1);
  assert.match(stderr, /gb26875\.host 0\.0\.0\.0 is beyond loopback.*gb26875\.allow/);
  const wrong = await fengsui([...args, '--gb26875-allow', '10.0.0.0/99']);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /"10\.0\.0\.0\/99": expected an IP address/);
});

test('a port that is taken is named with its door', async () => {
  const data = path.join(folder, 'data');
  const ports = ['--web-port', '0', '--mqtt-port', '0', '--gb26875-port', String(centre.port)];
  const { code, stderr } = await fengsui(['start', '--no-demo', '--data', data, ...ports]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`GB/T 26875.3: port ${centre.port} on 127.0.0.1 is in use`));
});
