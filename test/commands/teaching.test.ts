import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';
import { isSigned, ObeyingDevice } from './obeying-device.ts';

type Judgement = {
  readonly id: string;
  readonly loadEventId: string;
  readonly by: string;
  readonly at: string;
  readonly delivery?: { readonly state: string; readonly version?: number; readonly detail?: string };
};
type LoadEvent = { readonly evidence: { readonly loadEventId: string; readonly recognition: { named?: object } } };

const TIMEOUT = { timeout: 240_000 };
const PATIENCE_MS = 60_000;

let centre: ContractCentre;
let folder: string;
before(async () => {
  [centre, folder] = await Promise.all([ContractCentre.start(), mkdtemp(path.join(tmpdir(), 'fengsui-teaching-'))]);
}, TIMEOUT);
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

let seq = 0;
async function tellLoad(device: ObeyingDevice['client'], loadEventId: string): Promise<void> {
  const event = { epoch: 'l', seq: ++seq, at: Date.now(), kind: 'loadOn', point: 'c1', level: 'attention' };
  await device.event({ ...event, evidence: { loadEventId } });
}

async function judge(id: string, body: object): Promise<Judgement> {
  const answer = await centre.api.post(`/api/v1/devices/${id}/load-judgements`, body);
  assert.equal(answer.status, 200, answer.text);
  return answer.body as Judgement;
}

const judgementsOf = async (id: string): Promise<readonly Judgement[]> =>
  (await centre.api.get<Page<Judgement>>(`/api/v1/devices/${id}/load-judgements`)).items;

const delivered = (id: string, count: number): Promise<readonly Judgement[]> =>
  eventually(
    `${count} judgements of ${id} to be answered`,
    async () => {
      const all = await judgementsOf(id);
      const ended = all.filter(({ delivery }) => delivery?.state === 'learned' || delivery?.state === 'refused');
      return ended.length === count ? all : undefined;
    },
    PATIENCE_MS,
  );

test(
  'what people said waits for the terminal, survives a kill, and arrives signed, in order, once',
  TIMEOUT,
  async () => {
    const told = await centre.device('E1');
    for (const name of ['l-1', 'l-2', 'l-3']) await tellLoad(told, name);
    await centre.settle(told);
    const said = [
      await judge('E1', { loadEventId: 'l-1', verdict: 'rename', name: '茶水间 kettle' }),
      await judge('E1', { loadEventId: 'l-2', verdict: 'confirm' }),
      await judge('E1', { loadEventId: 'l-3', verdict: 'reject' }),
    ];
    await told.end();
    await centre.process.kill9();
    await centre.process.up();
    assert.deepEqual(
      (await judgementsOf('E1')).map(({ id, delivery }) => [id, delivery]),
      said.map(({ id }) => [id, undefined]),
    );

    const device = await ObeyingDevice.on(await centre.device('E1'));
    const { items: keys } = await centre.api.get<Page<{ publicKey: string }>>('/api/v1/command-keys');
    const [first, second, third] = said;
    const one = await device.command();
    assert.ok(isSigned(one, keys[0]?.publicKey ?? ''));
    assert.equal(one.name, 'teach');
    assert.deepEqual(one.args, {
      judgementId: first?.id,
      loadEventId: 'l-1',
      verdict: 'rename',
      name: '茶水间 kettle',
      by: first?.by,
      at: Date.parse(first?.at ?? ''),
    });
    assert.equal(device.heard.length, 1, 'the next waits for the reply');
    await device.reply(one.id, true, { learned: true, circuit: 'c1', version: 1, devices: [] });
    const two = await device.command();
    assert.equal(two.args['judgementId'], second?.id);
    // Refused for good: told to people, and what is behind it goes on.
    await device.reply(two.id, false, { refused: 'notLearned', detail: 'no load event l-2; it is too old' });
    const three = await device.command();
    assert.equal(three.args['judgementId'], third?.id);
    await device.reply(three.id, true, { learned: false, circuit: 'c1', version: 1, devices: [] });
    const all = await delivered('E1', 3);
    assert.deepEqual(
      all.map(({ delivery }) => [delivery?.state, delivery?.version, delivery?.detail]),
      [
        ['learned', 1, undefined],
        ['refused', undefined, 'no load event l-2; it is too old'],
        ['learned', 1, undefined],
      ],
    );

    await device.client.end();
    await centre.process.kill9();
    await centre.process.up();
    const again = await ObeyingDevice.on(await centre.device('E1'));
    await tellLoad(again.client, 'l-4');
    await centre.settle(again.client);
    const fourth = await judge('E1', { loadEventId: 'l-4', verdict: 'confirm' });
    assert.equal((await again.command()).args['judgementId'], fourth.id, 'nothing that was answered comes again');
  },
);

test('a real terminal learns a name given at the desk, and bears it at the next switching', TIMEOUT, async () => {
  const create = [
    'device',
    'create',
    '--id',
    'E2',
    '--model',
    'generic-terminal',
    '--venue',
    'V1',
    '--claim',
    '--json',
  ];
  const made = await fengsui([...create, '--data', centre.process.folder]);
  assert.equal(made.code, 0, made.stderr);
  const { claimCode } = JSON.parse(made.stdout) as { readonly claimCode: string };
  const secretFile = path.join(folder, 'e2.secret');
  const door = ['--centre', centre.process.webUrl, '--claim', claimCode, '--secret-file', secretFile];
  const enrolled = await fengsui(['terminal', 'enrol', ...door]);
  assert.equal(enrolled.code, 0, enrolled.stderr);
  // Eight seconds apart: what goes on and off faster is taken for a load that pulses.
  const source = 'city:load?type=kettle&seed=3&circuits=1&after=2&on=8&off=8';
  const args = ['--source', source, '--device', 'E2', '--centre', centre.process.mqttUrl];
  const state = ['--state', path.join(folder, 'e2.json'), '--secret-file', secretFile];
  const terminal = new TerminalProcess([...args, ...state], (await readFile(secretFile, 'utf8')).trim());
  await centre.sayWhy();
  const switchings = async (): Promise<readonly LoadEvent[]> =>
    (await centre.api.get<Page<LoadEvent>>('/api/v1/events?deviceId=E2&kind=loadOn')).items;
  try {
    const [first] = await eventually(
      'a first switching',
      async () => {
        const items = await switchings();
        return items.length > 0 ? items : undefined;
      },
      PATIENCE_MS,
    );
    const loadEventId = first?.evidence.loadEventId ?? '';
    await judge('E2', { loadEventId, verdict: 'rename', name: '茶水间 kettle' });
    const [judgement] = await delivered('E2', 1);
    assert.deepEqual([judgement?.delivery?.state, judgement?.delivery?.version], ['learned', 1]);
    await eventually(
      'a switching under that name',
      async () =>
        (await switchings()).some(({ evidence }) => {
          const { level, name } = (evidence.recognition.named ?? {}) as { readonly level?: string; name?: string };
          return level === 'device' && name === '茶水间 kettle';
        }),
      2 * PATIENCE_MS,
    );
  } finally {
    await terminal.stop();
  }
});
