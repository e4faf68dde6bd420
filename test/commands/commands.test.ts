import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { assertProblem } from '../contract/client/assert-problem.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { isSigned, keyIdOf, ObeyingDevice } from './obeying-device.ts';

type Command = {
  readonly id: string;
  readonly state: string;
  readonly code?: string;
  readonly detail?: string;
  readonly result?: unknown;
  readonly by: string;
  readonly reason: string;
  readonly sentAt?: string;
  readonly repliedAt?: string;
  readonly late?: boolean;
};

const TIMEOUT = { timeout: 300_000 };

let centre: ContractCentre;
let desk: ApiClient;
before(async () => {
  centre = await ContractCentre.start();
  desk = centre.api;
}, TIMEOUT);
after(() => centre.dispose());

const order = (deviceId: string, name: string, args: object = {}, headers?: Record<string, string>) =>
  desk.post(`/api/v1/devices/${deviceId}/commands`, { name, args, reason: 'test of the way' }, headers);

async function ordered(deviceId: string, name: string, args: object = {}): Promise<Command> {
  const answer = await order(deviceId, name, args);
  assert.equal(answer.status, 202, answer.text);
  return answer.body as Command;
}

const found = (deviceId: string, id: string): Promise<Command> =>
  desk.get<Command>(`/api/v1/devices/${deviceId}/commands/${id}`);

const until = (deviceId: string, id: string, state: string, timeoutMs?: number): Promise<Command> =>
  eventually(
    `command ${id} to be ${state}`,
    async () => {
      const command = await found(deviceId, id);
      return command.state === state ? command : undefined;
    },
    timeoutMs,
  );

test('a command arrives signed, expires within 30 s, and its reply is shown as the result', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('C1'));
  const { items: keys } = await desk.get<Page<{ keyId: string; publicKey: string }>>('/api/v1/command-keys');
  const [key] = keys;
  assert.ok(key !== undefined && keys.length === 1);
  assert.equal(key.keyId, keyIdOf(key.publicKey));
  const asked = await ordered('C1', 'read', { points: ['c1.currentA', 'ü€'] });
  assert.equal(asked.state, 'sent');
  const heard = await device.command();
  assert.deepEqual(
    [heard.id, heard.deviceId, heard.name, heard.args, heard.keyId],
    [asked.id, 'C1', 'read', { points: ['c1.currentA', 'ü€'] }, key.keyId],
  );
  assert.ok(heard.expiresAt - heard.issuedAt <= 30_000 && heard.expiresAt > Date.now());
  assert.ok(isSigned(heard, key.publicKey));
  assert.ok(!isSigned({ ...heard, args: { points: [] } }, key.publicKey), 'the signature covers the arguments');
  await device.reply(heard.id, true, { values: { 'c1.currentA': 4.25 } });
  const done = await until('C1', asked.id, 'done');
  assert.deepEqual(done.result, { values: { 'c1.currentA': 4.25 } });
  assert.equal(done.reason, 'test of the way');
  assert.ok(done.repliedAt !== undefined && done.sentAt !== undefined && done.repliedAt >= done.sentAt);
  const { items } = await desk.get<Page<Command>>('/api/v1/devices/C1/commands?limit=1');
  assert.deepEqual(items, [done]);
  // The first reply counts.
  await device.reply(heard.id, false, { refused: 'replayed' });
  await centre.settle(device.client);
  assert.deepEqual(await found('C1', asked.id), done);
});

test('who watches sees every step of a command on the live feed, and what waits in the snapshot', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('CL'));
  const waiting = await ordered('CL', 'read');
  const token = await centre.provision.token('operator');
  const live = new WebSocket(`${centre.process.webUrl.replace('http', 'ws')}/api/v1/live`);
  const seen: { readonly type: string; readonly commands?: readonly Command[] }[] = [];
  live.onmessage = ({ data }) => seen.push(JSON.parse(String(data)) as (typeof seen)[number]);
  await new Promise((resolve) => (live.onopen = resolve));
  live.send(JSON.stringify({ type: 'auth', token }));
  live.send(JSON.stringify({ type: 'subscribe', topics: ['commands'] }));
  const snapshot = await eventually('the snapshot', () => seen.find(({ type }) => type === 'snapshot'));
  assert.ok(snapshot.commands?.some(({ id, state }) => id === waiting.id && state === 'sent'));
  const asked = await ordered('CL', 'selfTest');
  await device.reply(asked.id, true, { passed: true });
  const statesOf = (id: string): string[] =>
    seen.flatMap(({ commands = [] }) => commands.filter((command) => command.id === id).map(({ state }) => state));
  await eventually('the end on the feed', () => statesOf(asked.id).at(-1) === 'done');
  assert.deepEqual(
    statesOf(asked.id).filter((state, index, all) => state !== all[index - 1]),
    ['requested', 'sent', 'done'].slice(-new Set(statesOf(asked.id)).size),
  );
  await device.reply(waiting.id, true, null);
  live.close();
});

test('a device may refuse, or try and fail; both are told apart', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('C2'));
  const refused = await ordered('C2', 'siren', { on: true });
  await device.reply((await device.command()).id, false, { refused: 'notEquipped', detail: 'there is no siren' });
  const first = await until('C2', refused.id, 'refused');
  assert.deepEqual([first.code, first.detail], ['notEquipped', 'there is no siren']);
  const failed = await ordered('C2', 'selfTest');
  await device.reply((await device.command()).id, false, { sampling: 'no voltage' });
  assert.deepEqual((await until('C2', failed.id, 'failed')).result, { sampling: 'no voltage' });
  await device.reply('never-given', true, null);
  const [quarantined] = await centre.quarantined('C2', 1);
  assert.match(quarantined?.reason ?? '', /unknownCommand/);
});

test('nothing is queued for a device that is not there, and nothing arrives when it comes', TIMEOUT, async () => {
  await centre.register('C3');
  assertProblem(await order('C3', 'captureNow'), 409, 'never connected');
  const silent = await centre.device('C3');
  const answer = await order('C3', 'captureNow');
  assertProblem(answer, 409, 'connected without a subscription');
  assert.equal((answer.body as { code: string }).code, 'deviceOffline');
  await silent.end();
  const device = await ObeyingDevice.on(await centre.device('C3'));
  // Commands come in order: what was kept for it would come before this one.
  const present = await ordered('C3', 'selfTest');
  assert.equal((await device.command()).id, present.id);
  const { items } = await desk.get<Page<Command>>('/api/v1/devices/C3/commands');
  assert.deepEqual(
    items.filter(({ id }) => id !== present.id).map(({ state, code }) => [state, code]),
    [
      ['refused', 'deviceOffline'],
      ['refused', 'deviceOffline'],
    ],
  );
});

test('breakers and valves need a second person; after an arc a breaker is closed on site only', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('C4'));
  const codeOf = async (name: string, args: object): Promise<string> => {
    const answer = await order('C4', name, args);
    assertProblem(answer, 403, name);
    return (answer.body as { code: string }).code;
  };
  assert.equal(await codeOf('breakerOpen', { circuit: 'c1' }), 'approvalRequired');
  assert.equal(await codeOf('valveClose', {}), 'approvalRequired');
  assert.equal(await codeOf('breakerClose', { circuit: 'c1' }), 'approvalRequired');
  await device.client.event({ kind: 'arc', point: 'c1', active: true, level: 'alarm', at: Date.now() });
  await centre.raised('C4', 'arc');
  assert.equal(await codeOf('breakerClose', { circuit: 'c1' }), 'onSiteOnly');
  await device.client.event({ kind: 'arc', point: 'c1', active: false, level: 'alarm', at: Date.now() });
  const { id } = await centre.raised('C4', 'arc');
  await centre.act(id, 'acknowledge');
  await centre.until(id, 'normal');
  assert.equal(await codeOf('breakerClose', { circuit: 'c1' }), 'onSiteOnly', 'also when the alarm is over');
  assert.equal(await codeOf('breakerClose', { circuit: 'c2' }), 'approvalRequired', 'the arc was on c1');
  assert.deepEqual(device.heard, []);
});

test('a command is checked before it is put on record, and only for those who may give one', TIMEOUT, async () => {
  await ObeyingDevice.on(await centre.device('C5'));
  assertProblem(await order('C5', 'selfDestruct'), 400, 'unknown name');
  assertProblem(await order('C5', 'silence', { minutes: 11 }), 400, 'longer than 10 min');
  assertProblem(await order('C5', 'siren', { on: true, volume: 11 }), 400, 'unknown argument');
  assertProblem(await order('nobody', 'read'), 404, 'unknown device');
  assertProblem(await desk.post('/api/v1/devices/C5/commands', { name: 'read', reason: ' ' }), 400, 'without a reason');
  assertProblem(await order('C5', 'configure', { version: 1, settings: { intervalMs: 1000 } }), 403, 'a shift leader');
  const viewer = new ApiClient(centre.process.webUrl, await centre.provision.token('regulator'));
  assertProblem(await viewer.post('/api/v1/devices/C5/commands', { name: 'read', reason: 'x' }), 403, 'a regulator');
  const other = new ApiClient(centre.process.webUrl, await centre.provision.token('operator', []));
  assertProblem(await other.post('/api/v1/devices/C5/commands', { name: 'read', reason: 'x' }), 404, 'out of scope');
  assert.deepEqual((await desk.get<Page<Command>>('/api/v1/devices/C5/commands')).items, []);
});

test('the same request is one command, sent once', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('C6'));
  const key = { 'idempotency-key': randomUUID() };
  const answers = await Promise.all([1, 2, 3].map(() => order('C6', 'captureNow', {}, key)));
  const again = await order('C6', 'captureNow', {}, key);
  assert.deepEqual(new Set([...answers, again].map(({ status }) => status)), new Set([202]));
  assert.equal(new Set([...answers, again].map(({ body }) => (body as Command).id)).size, 1);
  await device.command();
  const later = await ordered('C6', 'selfTest');
  assert.equal((await device.command()).id, later.id, 'nothing in between');
  assertProblem(await order('C6', 'selfTest', {}, key), 422, 'the key for another command');
});

test('a gateway hears the commands of its children, and replies for them; nobody else does', TIMEOUT, async () => {
  const gateway = await centre.device('CG', { model: 'generic-gateway' });
  await centre.register('CG-1', { model: 'generic-smoke', parentId: 'CG' });
  const device = await ObeyingDevice.on(gateway, 'CG-1');
  const [granted] = await gateway.mqtt.subscribeAsync('fengsui/v1/C1/command', { qos: 1 }).catch(() => []);
  assert.ok(granted === undefined || granted.qos === 128);
  const asked = await ordered('CG-1', 'selfTest');
  const heard = await device.command();
  assert.equal(heard.deviceId, 'CG-1');
  await device.reply(heard.id, true, { passed: true }, 'CG-1');
  assert.deepEqual((await until('CG-1', asked.id, 'done')).result, { passed: true });
});

test('a revoked device is cut off at once and stays out', TIMEOUT, async () => {
  const device = await ObeyingDevice.on(await centre.device('C7'));
  const closed = new Promise((resolve) => device.client.mqtt.once('close', () => resolve(true)));
  await centre.provision.revoke('C7');
  await closed;
  await assert.rejects(centre.device('C7'), /[Nn]ot authorized/);
  const answer = await order('C7', 'read');
  assert.equal((answer.body as { code: string }).code, 'deviceRevoked');
});

test(
  'a command without a reply expires, also over a restart of the centre; a late reply is shown as late',
  TIMEOUT,
  async () => {
    const device = await ObeyingDevice.on(await centre.device('C8'));
    const asked = await ordered('C8', 'read');
    const heard = await device.command();
    assert.equal((await stat(path.join(centre.process.folder, 'keys', 'command.pem'))).mode & 0o777, 0o600);
    const before = await desk.get<Page<{ keyId: string }>>('/api/v1/command-keys');
    await centre.process.kill9();
    await centre.process.up();
    assert.deepEqual(await desk.get('/api/v1/command-keys'), before, 'the key is kept');
    await until('C8', asked.id, 'expired', 90_000);
    const again = await centre.device('C8');
    await again.send('reply', { id: heard.id, ok: true, result: { done: 'after all' }, at: Date.now() });
    const done = await until('C8', asked.id, 'done');
    assert.equal(done.late, true);
  },
);
