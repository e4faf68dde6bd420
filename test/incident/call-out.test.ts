import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { CallOut, Incident, IncidentStep, ReachWay } from '@fengsui/protocol';
import { Person } from '../commissioning/person.ts';
import { ApiClient, type AlarmRow, type Answer, type Page, type ProblemBody } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { AdapterSide, type AdapterCall } from '../harness/adapter-side.ts';
import { MailSide } from '../harness/mail-side.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const SECRET = 'both sides know this';

let adapter: AdapterSide;
let robot: AdapterSide;
let mail: MailSide;
let folder: string;
let contract: ContractCentre;
let admin: ApiClient;
let zhang: Person;

before(async () => {
  [adapter, robot, mail] = await Promise.all([AdapterSide.open(), AdapterSide.open(), MailSide.open('let me in')]);
  robot.words = '{"errcode":0}';
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-call-out-'));
  const webhooks = path.join(folder, 'webhooks.json');
  const body = { msgtype: 'text', text: { content: '{{title}}\n{{link}}' } };
  await writeFile(
    webhooks,
    JSON.stringify([{ name: 'property', url: robot.url, body, okWhen: { path: 'errcode', equals: 0 } }]),
  );
  const env = {
    FENGSUI_CALLOUT_PUBLICURL: 'https://centre.example/',
    FENGSUI_CALLOUT_PHONEURL: adapter.url,
    FENGSUI_CALLOUT_PHONESECRET: SECRET,
    FENGSUI_CALLOUT_MAILURL: mail.url,
    FENGSUI_CALLOUT_MAILFROM: 'centre@city.example',
    FENGSUI_CALLOUT_WEBHOOKS: webhooks,
  };
  contract = await ContractCentre.start({ env });
  await contract.provision.user('zhang', PASSWORD, 'operator');
  zhang = await Person.logIn(contract.process.webUrl, 'zhang', PASSWORD);
  admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  created(await admin.call('PUT', '/api/v1/organisations/owners', { kind: 'venueOwner', name: '业主' }));
});
after(async () => {
  await contract.dispose();
  await Promise.all([adapter.close(), robot.close(), mail.close(), rm(folder, { recursive: true, force: true })]);
});
beforeEach(() => {
  adapter.manner = 'takes';
});

const created = ({ status, body }: Answer): unknown => {
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`);
  return body;
};

/** A venue with people to call, and a smoke detector. */
async function venue(id: string, people: Readonly<Record<string, readonly ReachWay[] | undefined>>): Promise<string> {
  created(
    await admin.call('PUT', `/api/v1/venues/${id}`, {
      organisationId: 'owners',
      name: `${id} 餐馆`,
      class: 'nineSmall',
    }),
  );
  for (const [index, [name, ways]] of Object.entries(people).entries()) {
    const person = { name, role: 'owner', phone: `1380000000${index}`, rank: index + 1, ...(ways && { ways }) };
    created(await admin.call('PUT', `/api/v1/venues/${id}/contacts/${id}-${name}`, person));
  }
  return id;
}

async function smoke(venueId: string, deviceId = `${venueId}-s`): Promise<Incident> {
  const device = await contract.device(deviceId, { venueId, model: 'generic-smoke' });
  await device.event({ kind: 'smoke', level: 'alarm', point: '', active: true, at: Date.now(), epoch: 'a', seq: 1 });
  return eventually('the incident', async () => {
    const { items } = await contract.api.get<Page<Incident>>(`/api/v1/incidents?venueId=${venueId}`);
    return items[0];
  });
}

const callOf = (venueId: string, kind: 'voice' | 'sms', nth = 0): Promise<AdapterCall> =>
  eventually(`${kind} call ${nth + 1} of ${venueId}`, () =>
    Promise.resolve(adapter.calls.filter((call) => call.kind === kind && call.text.includes(venueId))[nth]),
  );

const callOutOf = async ({ id }: Incident, isSo: (callOut: CallOut) => boolean = () => true): Promise<CallOut> =>
  eventually('the call-out', async () => {
    const { items } = await zhang.get<Page<CallOut>>(`/incidents/${id}/call-outs`);
    return items.find((one) => one.chain === 'venue' && isSo(one));
  });

const answersUrl = (): string => `${contract.process.webUrl}/api/v1/call-outs/answers`;
const tell = (news: object): Promise<number> => AdapterSide.tell(answersUrl(), SECRET, news);

test('a fire rings the owner, who answers by a key: on record with how long it took, and nobody is called any more', async () => {
  await venue('V-a', { wang: undefined });
  const begunAt = Date.now();
  const incident = await smoke('V-a');
  const call = await callOf('V-a', 'voice');
  const rangAt = adapter.received.findLast(({ body }) => body.includes(call.callId))?.at ?? 0;
  console.log(
    `event of the detector → call at the adapter: ${rangAt - begunAt} ms, registering the device included (bar of walk c: 10 s)`,
  );
  assert.deepEqual([call.to, call.language, call.test], ['13800000000', 'zh', false]);
  assert.match(call.text, /V-a 餐馆.*烟雾.*我去查看，请按 1/s);
  assert.equal(call.answersUrl, 'https://centre.example/api/v1/call-outs/answers');

  assert.equal(await tell({ callId: call.callId, event: 'answer', key: '1' }), 202);
  const answered = await callOutOf(incident, ({ state }) => state === 'answered');
  assert.equal(answered.answeredBy, 'V-a-wang');
  assert.ok(Date.parse(answered.calls[0]?.answeredAt ?? '') >= Date.parse(answered.calls[0]?.sentAt ?? ''));
  assert.equal(await tell({ callId: call.callId, event: 'answer', key: '1' }), 202, 'the same again changes nothing');
  const { items } = await zhang.get<Page<IncidentStep>>(`/incidents/${incident.id}/history`);
  assert.deepEqual(
    items.filter(({ kind }) => kind === 'calledOut').map(({ detail }) => [detail?.['outcome'], detail?.['whom']]),
    [['answered', 'wang']],
  );
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  assert.equal(adapter.calls.filter(({ text }) => text.includes('V-a')).length, 1, 'the next way was due a second ago');
});

test('a line that is down is a fault at once, and the next way goes out at once; its page takes the answer without an account', async () => {
  await venue('V-b', {
    li: [{ channel: 'voice' }, { channel: 'mail', to: 'li@venue.example' }],
    sun: [{ channel: 'webhook', to: 'property' }],
  });
  adapter.manner = 'fails';
  const incident = await smoke('V-b');
  const { text } = await eventually('the mail', () =>
    Promise.resolve(mail.mails.find(({ to }) => to[0] === 'li@venue.example')),
  );
  const faults = async (): Promise<readonly AlarmRow[]> =>
    (await contract.api.get<Page<AlarmRow>>('/api/v1/alarms?deviceId=centre')).items.filter(
      ({ kind }) => kind === 'voiceAway',
    );
  await eventually('the fault on the desk', async () => (await faults())[0]);

  const [, link = ''] = /https:[/][/]centre[.]example([/]call[/]\S+)/.exec(text) ?? [];
  const page = await fetch(contract.process.webUrl + link);
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.match(html, /V-b 餐馆.*烟雾.*我去查看.*我去不了/s);
  assert.ok(!html.includes('<script') && Buffer.byteLength(html) < 8_192, 'opens on a poor line');
  assert.equal(page.headers.get('cache-control'), 'no-store');

  const answer = (word: string): Promise<Response> =>
    fetch(contract.process.webUrl + link, {
      method: 'POST',
      body: new URLSearchParams({ answer: word }),
      redirect: 'manual',
    });
  assert.equal((await answer('cannot')).status, 303);
  const robotTold = await eventually('the next person, at once', () =>
    Promise.resolve(robot.received.find(({ body }) => body.includes('V-b'))),
  );
  assert.match(robotTold.body, /【烽燧】V-b 餐馆.*centre[.]example[/]call[/]/);
  assert.equal((await answer('coming')).status, 303);
  await callOutOf(incident, ({ state }) => state === 'answered');
  const after = await (await fetch(contract.process.webUrl + link)).text();
  assert.match(after, /li 已应答/);
  assert.ok(!after.includes('<form'), 'it takes one answer');

  for (const other of [
    `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`,
    link.replace(/[.]\d+[.]/, '.9.'),
    '/call/x',
  ]) {
    const refused = await fetch(contract.process.webUrl + other);
    assert.equal(refused.status, 404, other);
    assert.ok(!(await refused.text()).includes('V-b'));
  }
  adapter.manner = 'takes';
  await venue('V-b2', { zhao: undefined });
  await smoke('V-b2');
  await callOf('V-b2', 'voice');
  await eventually('the end of the fault', async () =>
    (await faults()).every(({ state }) => state === 'returnedUnacknowledged') ? true : undefined,
  );
});

test('after a kill -9 the same call goes on under the same id; a word with the venue ends it', async () => {
  await venue('V-c', { qian: undefined });
  adapter.manner = 'hangs';
  const incident = await smoke('V-c');
  const { callId } = await callOf('V-c', 'voice');
  await contract.process.kill9();
  adapter.manner = 'takes';
  const before = adapter.calls.length;
  await contract.process.up();
  const sent = await callOutOf(incident, ({ calls }) => calls[0]?.state === 'sent');
  assert.equal(`${sent.id}.1`, callId);
  assert.deepEqual(
    adapter.calls
      .slice(before)
      .filter(({ kind }) => kind === 'voice')
      .map((call) => call.callId),
    [callId],
  );

  zhang = await Person.logIn(contract.process.webUrl, 'zhang', PASSWORD);
  await zhang.post(`/incidents/${incident.id}/take`, { revision: 1 });
  await zhang.post(`/incidents/${incident.id}/call`, { revision: 2, whom: 'qian', outcome: 'answered' });
  const ended = await callOutOf(incident, ({ state }) => state === 'ended');
  assert.equal(ended.ended, 'word');
});

test('no seat acknowledges: the people of the duty desk are called after 10 s', async () => {
  const person = { name: 'zhou', role: 'duty', phone: '13900000000', language: 'en', ways: [{ channel: 'sms' }] };
  created(await admin.call('PUT', '/api/v1/duty-contacts/zhou', person));
  await venue('V-d', {});
  const begunAt = Date.now();
  const incident = await smoke('V-d');
  const call = await callOf('V-d', 'sms');
  assert.match(call.text, /No seat of the duty room has acknowledged.*https:[/][/]centre[.]example[/]call[/]/s);
  const waitedMs = Date.now() - begunAt;
  assert.ok(waitedMs >= 10_000, `${waitedMs} ms`);
  const held = await callOutOf(incident);
  assert.deepEqual([held.state, held.heldBack], ['heldBack', 'nobody']);
  for (const { alarmId } of incident.alarms) created(await zhang.post(`/alarms/${alarmId}/acknowledge`));
  const desk = await eventually('the end', async () =>
    (await zhang.get<Page<CallOut>>(`/incidents/${incident.id}/call-outs`)).items.find(
      ({ chain, state }) => chain === 'desk' && state === 'ended',
    ),
  );
  assert.equal(desk.ended, 'acknowledged');
  created(await admin.call('DELETE', '/api/v1/duty-contacts/zhou'));
});

test('a test of the way calls one person and says so; twice at once is refused', async () => {
  await venue('V-e', { wu: undefined, zheng: undefined });
  const begin = (): Promise<Answer> => zhang.post('/venues/V-e/contacts/V-e-zheng/test-call');
  const begun = created(await begin()) as CallOut;
  const again = await begin();
  assert.deepEqual([again.status, (again.body as ProblemBody).code], [409, 'callOutRunning']);
  const call = await callOf('V-e', 'voice');
  assert.deepEqual([call.test, call.to], [true, '13800000001']);
  assert.match(call.text, /这是呼叫测试/);
  await tell({ callId: call.callId, event: 'answer', key: '1' });
  const done = await eventually('the end of the test', async () => {
    const found = await zhang.get<CallOut>(`/call-outs/${begun.id}`);
    return found.state === 'answered' ? found : undefined;
  });
  assert.deepEqual([done.testedBy, done.incidentId], ['zhang', undefined]);
  assert.equal((await zhang.post('/venues/V-e/contacts/V-a-wang/test-call')).status, 404);
});

test('what an adapter tells is taken signed, of a call that was made, with a key that means something', async () => {
  const { callId } = await callOf('V-a', 'voice');
  const news = { callId, event: 'answer', key: '1' };
  assert.equal(await AdapterSide.tell(answersUrl(), 'another secret', news), 401);
  assert.equal(await AdapterSide.tell(answersUrl(), SECRET, news, Date.now() - 600_000), 401);
  assert.equal(await tell({ ...news, key: '9' }), 422);
  assert.equal(await tell({ ...news, callId: 'nobody.1' }), 404);
  assert.equal(await tell({ ...news, callId: callId.replace(/[.]\d+$/, '.77') }), 404);
  assert.equal(await tell({ event: 'answer', key: '1' }), 400);
});

test('ways that lead nowhere are refused with their place', async () => {
  const put = (ways: readonly object[]): Promise<Answer> =>
    admin.call('PUT', '/api/v1/venues/V-e/contacts/V-e-wu', { name: 'wu', role: 'owner', phone: '1', ways });
  for (const [way, expected] of [
    [{ channel: 'mail' }, /ways\[0\].to is null: expected a mail address/],
    [{ channel: 'sms', to: 'abc' }, /ways\[0\].to is "abc": expected a telephone number/],
    [{ channel: 'webhook', to: 'a b' }, /expected the name of a webhook/],
    [{ channel: 'push', to: 'x' }, /expected nothing/],
  ] as const) {
    const refused = await put([way]);
    assert.equal(refused.status, 422);
    assert.match((refused.body as ProblemBody).detail ?? '', expected);
  }
});
