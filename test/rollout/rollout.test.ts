import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { RecognitionModel } from '@fengsui/fingerprint';
import type { Rollout, RolloutDevice } from '@fengsui/protocol';
import { isSigned, ObeyingDevice } from '../commands/obeying-device.ts';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { assertProblem } from '../contract/client/assert-problem.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';
import { ReleaseYard } from './release-yard.ts';
import { SimulatedTerminal } from './simulated-terminal.ts';
import { SupervisedTerminal } from './supervised-terminal.ts';

const TIMEOUT = { timeout: 600_000 };
const PATIENCE_MS = 180_000;

let centre: ContractCentre;
let admin: ApiClient;
let yard: ReleaseYard;
let folder: string;
let tokenFile: string;

before(async () => {
  [centre, yard, folder] = await Promise.all([
    ContractCentre.start(),
    ReleaseYard.open(),
    mkdtemp(path.join(tmpdir(), 'fengsui-rollout-')),
  ]);
  const token = await centre.provision.token('systemAdmin');
  tokenFile = path.join(folder, 'admin.token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  admin = new ApiClient(centre.process.webUrl, token);
}, TIMEOUT);
after(async () => {
  await centre.dispose();
  await yard.close();
  await rm(folder, { recursive: true, force: true });
});

const release = (kind: 'model' | 'software', file: string, more: readonly string[] = []): Promise<string> =>
  yard.release(kind, file, { webUrl: centre.process.webUrl, tokenFile }, more);

async function begin(releaseId: string, venueId: string, more: object = {}): Promise<Rollout> {
  const body = { releaseId, group: { kind: 'venue', id: venueId }, observeS: 1, note: 'a test', ...more };
  const answer = await admin.post('/api/v1/rollouts', body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body as Rollout;
}

const rolloutOf = (id: string): Promise<Rollout> => admin.get<Rollout>(`/api/v1/rollouts/${id}`);
const devicesOf = async (id: string): Promise<readonly RolloutDevice[]> =>
  (await admin.get<Page<RolloutDevice>>(`/api/v1/rollouts/${id}/devices?limit=1000`)).items;

const until = (id: string, words: string, is: (rollout: Rollout) => boolean): Promise<Rollout> =>
  eventually(
    `rollout ${id}: ${words}`,
    async () => {
      const rollout = await rolloutOf(id);
      return is(rollout) ? rollout : undefined;
    },
    PATIENCE_MS,
  );

async function decide(id: string, what: 'stop' | 'resume' | 'roll-back'): Promise<void> {
  const { status, text } = await admin.post(`/api/v1/rollouts/${id}/${what}`, { note: `${what} by the test` });
  assert.equal(status, 200, text);
}

const connect = async (id: string, epoch: string, venueId = 'V1'): Promise<SimulatedTerminal> =>
  new SimulatedTerminal(await ObeyingDevice.on(await centre.device(id, { venueId })), epoch);

test('nothing is taken without a trusted release key, and nothing that another key signed', TIMEOUT, async () => {
  const file = await yard.model('1.5');
  const to = { webUrl: centre.process.webUrl, tokenFile };
  await yard.sign('model', file);
  await yard.verify(file);
  await assert.rejects(() => yard.upload(file, to), /no release key is trusted here/);
  const stranger = await ReleaseYard.open();
  await assert.rejects(() => yard.verify(file, stranger.keys), /unknownReleaseKey/);
  const keys = path.join(centre.process.folder, 'keys', 'release-keys.json');
  await copyFile(stranger.keys, keys);
  await assert.rejects(() => yard.upload(file, to), /not signed by a release key that is trusted here/);
  await stranger.close();
  await copyFile(yard.keys, keys);
  assert.equal(await yard.upload(file, to), 'model-fengsui-city-1.5');
  // The file is checked by the manifest, whoever sends it.
  const other = await fetch(`${centre.process.webUrl}/api/v1/releases/model-fengsui-city-1.5/file`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await readFile(tokenFile, 'utf8')}`,
      'content-type': 'application/octet-stream',
    },
    body: 'another content',
    signal: AbortSignal.timeout(60_000),
  });
  assert.equal(other.status, 422);
});

test(
  'a rollout goes 1 %, 10 %, all; over a kill -9; stops at a failure; and goes on when a person says so',
  TIMEOUT,
  async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `R${index + 1}`);
    for (const id of ids) await centre.register(id);
    let terminals = new Map(await Promise.all(ids.map(async (id) => [id, await connect(id, 'a')] as const)));
    const releaseId = await release('model', await yard.model('2'));
    const begun = await begin(releaseId, 'V1', { observeS: 2 });
    assert.deepEqual(
      begun.stages.map(({ sharePercent, deviceCount }) => [sharePercent, deviceCount]),
      [
        [1, 1],
        [10, 1],
        [100, 10],
      ],
    );
    const turns = await devicesOf(begun.id);
    const [first] = turns;
    assert.ok(first);

    const complete = await until(
      begun.id,
      'the first stage to be complete',
      ({ stages }) => stages[0]?.completeAt !== undefined,
    );
    assert.equal(complete.stage, 0);
    const toldAtFirst = [...terminals].filter(([, { told }]) => told.length > 0).map(([id]) => id);
    assert.deepEqual(toldAtFirst, [first.deviceId], 'only the device of the first stage was told');
    const { items: keys } = await admin.get<Page<{ publicKey: string }>>('/api/v1/command-keys');
    const [command] = terminals.get(first.deviceId)?.told ?? [];
    assert.ok(command !== undefined && isSigned(command, keys[0]?.publicKey ?? ''));

    await centre.process.kill9();
    await centre.process.up();
    const after = await rolloutOf(begun.id);
    assert.equal(after.stages[0]?.counts.running, 1, 'what was reported is not lost');
    terminals = new Map(await Promise.all(ids.map(async (id) => [id, await connect(id, 'b')] as const)));
    const broken = turns[4];
    assert.ok(broken);
    const brokenTerminal = terminals.get(broken.deviceId);
    assert.ok(brokenTerminal);
    brokenTerminal.failsWith = 'goldenCheck';

    const stopped = await until(begun.id, 'to stop by itself', ({ state }) => state === 'stopped');
    assert.deepEqual([stopped.stage, stopped.stopped?.reason], [2, 'failures'], JSON.stringify(stopped.stopped));
    assert.match(stopped.stopped?.detail ?? '', new RegExp(`${broken.deviceId} \\(goldenCheck\\)`));
    const alarm = await centre.raised(`rollout:${begun.id}`, 'rolloutStopped');
    assert.equal(alarm.category, 'fault');
    // Told twice is told by mistake: over the kill nobody was.
    for (const { told } of terminals.values()) assert.ok(told.length <= 1);
    assert.equal(terminals.get(first.deviceId)?.told.length, 0);
    const again = await admin.post(`/api/v1/rollouts/${begun.id}/stop`, { note: 'again' });
    assertProblem(again, 409, 'stopped twice');
    assert.equal((again.body as { code: string }).code, 'rolloutState');

    brokenTerminal.failsWith = undefined;
    await decide(begun.id, 'resume');
    const done = await until(begun.id, 'to be done', ({ state }) => state === 'done');
    assert.deepEqual(
      done.stages.map(({ counts }) => counts.running),
      [1, 1, 10],
    );
    await centre.until(alarm.id, 'returnedUnacknowledged', PATIENCE_MS);
    assert.deepEqual(
      done.steps.filter(({ by }) => by !== undefined).map(({ what }) => what),
      ['began', 'resumed'],
    );

    await decide(begun.id, 'roll-back');
    const back = await until(begun.id, 'to be rolled back', ({ state }) => state === 'rolledBack');
    assert.deepEqual(
      back.stages.map(({ counts }) => counts.rolledBack),
      [1, 1, 10],
    );
    for (const { device } of terminals.values()) await device.client.end();
  },
);

test('nobody fetches a release but a device that was told, by its own secret', TIMEOUT, async () => {
  const path = '/api/v1/releases/model-fengsui-city-2/file';
  const ask = async (user: string, secret: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    return (await new ApiClient(centre.process.webUrl, undefined, { authorization }).call('GET', path)).status;
  };
  assert.equal(await ask('R1', 'wrong'), 401);
  assert.equal(await ask('R1', centre.secretOf('R1')), 403, 'its rollout is over');
  assert.equal((await new ApiClient(centre.process.webUrl).call('GET', path)).status, 401);
});

async function updated(id: string, state: Rollout['state']): Promise<RolloutDevice> {
  await until(id, `to be ${state}`, (rollout) => rollout.state === state);
  const [device] = await devicesOf(id);
  assert.ok(device);
  return device;
}

const terminalArgs = (id: string): readonly string[] => [
  ...['--source', 'city:normal?seed=7&circuits=1', '--device', id, '--centre', centre.process.mqttUrl],
  ...['--state', path.join(folder, `${id}.json`), '--command-keys', path.join(folder, 'command-keys.json')],
  ...['--release-keys', yard.keys, '--web', centre.process.webUrl, '--probation', '60'],
];

async function pinCommandKeys(): Promise<void> {
  const { items } = await admin.get<Page<object>>('/api/v1/command-keys');
  await writeFile(path.join(folder, 'command-keys.json'), JSON.stringify({ commandKeys: items }));
}

async function modelThatRuns(id: string): Promise<string> {
  const technician = new ApiClient(centre.process.webUrl, await centre.provision.token('technician'));
  const order = { name: 'read', args: { points: [] }, reason: 'test' };
  const { body } = await technician.post(`/api/v1/devices/${id}/commands`, order);
  const { id: commandId } = body as { id: string };
  return eventually('the terminal to read back', async () => {
    const { result } = await technician.get<{ result?: { running?: { model: string } } }>(
      `/api/v1/devices/${id}/commands/${commandId}`,
    );
    return result?.running?.model;
  });
}

/** Every heater is a motor to it. */
const mistaken = (model: RecognitionModel): RecognitionModel => ({
  ...model,
  types: model.types.map((type) => ({ ...type, family: type.family === 'resistive' ? 'motor' : type.family })),
});

test('a real terminal takes a model while it runs; one that knows no heater goes back by itself', TIMEOUT, async () => {
  await pinCommandKeys();
  const secret = await centre.register('M1', { venueId: 'V-model' });
  const terminal = new TerminalProcess(terminalArgs('M1'), secret);
  try {
    await terminal.says(/connected to/);
    const good = await begin(await release('model', await yard.model('3')), 'V-model');
    const device = await updated(good.id, 'done');
    assert.deepEqual([device.state, device.running], ['running', '3'], terminal.stderr);
    assert.equal(await modelThatRuns('M1'), 'fengsui-city 3');

    const older = await begin('model-fengsui-city-1.5', 'V-model');
    assert.equal((await updated(older.id, 'stopped')).code, 'olderVersion');
    await decide(older.id, 'roll-back');
    await until(older.id, 'to be over', ({ state }) => state === 'rolledBack');

    const bad = await begin(await release('model', await yard.model('4', mistaken)), 'V-model');
    const failed = await updated(bad.id, 'stopped');
    assert.deepEqual([failed.state, failed.code, failed.running], ['failed', 'goldenCheck', '3'], terminal.stderr);
    assert.match(failed.detail ?? '', /heater 2 kW: taken for motor/);
    assert.equal(await modelThatRuns('M1'), 'fengsui-city 3');
    await decide(bad.id, 'roll-back');
    await until(bad.id, 'to be over', ({ state }) => state === 'rolledBack');

    // What it took is still there after a power cut, and what was before it comes back on order.
    await terminal.kill9();
    const again = new TerminalProcess(terminalArgs('M1'), secret);
    try {
      await again.says(/connected to/);
      await eventually(
        'model 3 after the power cut',
        async () => (await modelThatRuns('M1')) === 'fengsui-city 3',
        PATIENCE_MS,
      );
      await decide(good.id, 'roll-back');
      await until(good.id, 'to be rolled back', ({ state }) => state === 'rolledBack');
      assert.equal(await modelThatRuns('M1'), 'fengsui-city 1');
    } finally {
      await again.stop();
    }
  } finally {
    await terminal.kill9();
  }
});

test('a real terminal takes a program and starts it anew; one that does not start is taken back', TIMEOUT, async () => {
  await pinCommandKeys();
  const secret = await centre.register('S1', { venueId: 'V-soft' });
  const shelf = path.join(folder, 'software');
  const laid = await fengsui(['terminal', 'software-init', shelf]);
  assert.equal(laid.code, 0, laid.stderr);
  const args = [...terminalArgs('S1'), '--no-loads', '--software', shelf];
  const terminal = new SupervisedTerminal(path.join(shelf, 'launch.mjs'), args, secret);
  const current = async (): Promise<string | undefined> =>
    (await admin.get<{ firmware?: string }>('/api/v1/devices/S1')).firmware;
  try {
    await eventually('the first version', async () => (await current()) !== undefined, PATIENCE_MS);
    const good = await begin(await release('software', await yard.software('9.9.1'), ['--version', '9.9.1']), 'V-soft');
    const device = await updated(good.id, 'done');
    assert.deepEqual([device.state, device.running], ['running', '9.9.1'], terminal.stderr);
    assert.equal(await current(), '9.9.1');
    const startsOfGood = terminal.starts;
    assert.equal(startsOfGood, 2);

    const entry = 'throw new Error("broken on purpose");\n';
    const bad = await begin(
      await release('software', await yard.software('9.9.2', entry), ['--version', '9.9.2']),
      'V-soft',
    );
    const failed = await updated(bad.id, 'stopped');
    assert.deepEqual([failed.state, failed.code, failed.running], ['failed', 'restarts', '9.9.1'], terminal.stderr);
    // Three starts of the broken one; the fourth is the one before again.
    assert.equal(terminal.starts, startsOfGood + 4);
    assert.equal(await current(), '9.9.1');
  } finally {
    await terminal.stop();
  }
});
