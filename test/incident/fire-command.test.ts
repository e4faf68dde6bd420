import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallSheet, FireMessage, FireMessageText, Incident, IncidentStep } from '@fengsui/protocol';
import { Person } from '../commissioning/person.ts';
import { ApiClient, type AlarmRow, type Answer, type Page, type ProblemBody } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { FireCommandSide } from '../harness/fire-command-side.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const SECRET = 'both sides know this';

let side: FireCommandSide;
let contract: ContractCentre;
let zhang: Person;

before(async () => {
  side = await FireCommandSide.open();
  const env = {
    FENGSUI_FIRECOMMAND_URL: side.url,
    FENGSUI_FIRECOMMAND_SECRET: SECRET,
    FENGSUI_FIRECOMMAND_SENDER: 'centre@city.example',
  };
  contract = await ContractCentre.start({ env });
  await contract.provision.user('zhang', PASSWORD, 'operator');
  zhang = await Person.logIn(contract.process.webUrl, 'zhang', PASSWORD);
});
after(async () => {
  await contract.dispose();
  await side.close();
});

const of = ({ status, body }: Answer): Incident => {
  assert.equal(status, 200, JSON.stringify(body));
  return body as Incident;
};
const now = (id: string): Promise<Incident> => contract.api.get<Incident>(`/api/v1/incidents/${id}`);
const historyOf = async (id: string): Promise<readonly IncidentStep[]> =>
  (await contract.api.get<Page<IncidentStep>>(`/api/v1/incidents/${id}/history`)).items;
const reported = (id: string): Promise<Incident> =>
  eventually('the receipt', async () => {
    const incident = await now(id);
    return incident.report?.deliveredAt === undefined ? undefined : incident;
  });

/** A fire at a venue of its own; zhang has it and has spoken with the venue. */
async function heardOf(venueId: string, deviceId: string): Promise<Incident> {
  const device = await contract.device(deviceId, { venueId, model: 'generic-smoke' });
  await device.event({ kind: 'smoke', level: 'alarm', point: '', active: true, at: Date.now(), epoch: 'a', seq: 1 });
  const { id } = await eventually('the incident', async () => {
    const { items } = await contract.api.get<Page<Incident>>(`/api/v1/incidents?venueId=${venueId}`);
    return items[0];
  });
  await zhang.post(`/incidents/${id}/take`, { revision: 1 });
  return of(await zhang.post(`/incidents/${id}/call`, { revision: 2, whom: 'duty room', outcome: 'answered' }));
}

const verify = async ({ id, revision }: Incident, verdict: 'true' | 'false'): Promise<Incident> =>
  of(await zhang.post(`/incidents/${id}/verify`, { revision, verdict, means: 'call', seenCount: 1 }));

test('a fire that a person confirms is with the fire-command side, with all it asks about; only then', async () => {
  const heard = await heardOf('V-a', 'a1');
  const registry = { organisationId: 'default', class: 'school', name: '城西小学', address: '城西路 8 号' };
  const facts = { storeys: 4, people: 900, gas: 'piped', access: '北门进，登高面在西侧' };
  const admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  const put = (path: string, body: object): Promise<Answer> => admin.call('PUT', `/api/v1${path}`, body);
  assert.equal((await put('/venues/V-a', { ...registry, ...facts })).status, 200);
  const person = { name: '王', role: 'duty', phone: '13800000000' };
  assert.equal((await put('/venues/V-a/contacts/c1', person)).status, 200);
  const early = side.received.length;
  assert.equal(early, 0, 'nothing leaves the house before a person confirms');

  const confirmed = await verify(heard, 'true');
  const done = await reported(heard.id);
  const tookMs = Date.parse(done.report?.deliveredAt ?? '') - Date.parse(done.verdict?.at ?? '');
  console.log(`verdict → receipt of the fire-command side, on record: ${tookMs} ms (limit 3000 ms)`);
  assert.equal(done.report?.receipt, '119-1');
  assert.equal(confirmed.report?.messageId, done.report?.messageId);
  const standing = done.procedure.find(({ step }) => step === 'reported');
  assert.equal(standing?.doneAt, done.report?.deliveredAt);

  const [received] = side.received;
  assert.ok(received && side.received.length === 1);
  assert.equal(received.headers['content-type'], 'application/json');
  assert.equal(received.headers['idempotency-key'], done.report?.messageId);
  assert.equal(received.headers['x-fengsui-signature'], FireCommandSide.signature(SECRET, received));
  const message = JSON.parse(received.body) as FireMessage;
  assert.deepEqual(
    [message.schema, message.kind, message.sender],
    [...(['fengsui.fireMessage.1', 'alert', 'centre@city.example'] as const)],
  );
  assert.deepEqual([message.verified.by, message.verified.means], ['zhang', 'call']);
  const { class: venueClass, name, address, storeys, people, gas, access } = message.venue;
  assert.deepEqual(
    { class: venueClass, name, address, storeys, people, gas, access },
    { class: 'school', name: '城西小学', address: '城西路 8 号', ...facts },
  );
  assert.deepEqual(message.contacts, [person]);
  assert.equal(message.alarms[0]?.deviceId, 'a1');

  const sheet = await zhang.get<CallSheet>(`/incidents/${heard.id}/call-sheet`);
  assert.deepEqual([sheet.venue, sheet.contacts, sheet.alarms], [message.venue, message.contacts, message.alarms]);
  const { items } = await zhang.get<Page<FireMessageText>>(`/incidents/${heard.id}/messages`);
  assert.deepEqual(items, [JSON.parse(JSON.stringify({ ...message, sender: undefined }))]);
  const kinds = (await historyOf(heard.id)).map(({ kind }) => kind).filter((kind) => kind !== 'late');
  assert.deepEqual(kinds.slice(-3), ['verified', 'reported', 'reportDelivered']);
  for (const { alarmId } of done.alarms) await zhang.post(`/alarms/${alarmId}/acknowledge`);
  const { revision } = await now(heard.id);
  const close = { revision, cause: 'cooking', note: 'oil in a pan' };
  assert.equal(of(await zhang.post(`/incidents/${heard.id}/close`, close)).state, 'closed');
});

test('what is found not to be so is never told; what was told is taken back', async () => {
  const before = side.received.length;
  const quiet = await heardOf('V-b', 'b1');
  await verify(quiet, 'false');
  const heard = await heardOf('V-c', 'c1');
  await verify(heard, 'true');
  const done = await reported(heard.id);
  await verify(done, 'false');
  const cancelled = await eventually('the receipt of the cancel', async () => {
    const incident = await now(heard.id);
    return incident.report?.kind === 'cancel' && incident.report.deliveredAt !== undefined ? incident : undefined;
  });
  const messages = side.received.slice(before).map(({ body }) => JSON.parse(body) as FireMessage);
  assert.deepEqual(
    messages.map(({ kind, venue, verified }) => [kind, venue.id, verified.verdict]),
    [
      ['alert', 'V-c', 'true'],
      ['cancel', 'V-c', 'false'],
    ],
  );
  assert.equal(messages[1]?.references[0]?.messageId, done.report?.messageId);
  assert.ok(!cancelled.acts.includes('plan') && cancelled.acts.includes('close'));
});

test('a fire that a person reports is opened by hand and told as any other; what is typed in late is told to nobody', async () => {
  await contract.register('h1', { venueId: 'V-h', model: 'generic-smoke' });
  await contract.register('l1', { venueId: 'V-l', model: 'generic-smoke' });
  const before = side.received.length;
  const open = (venueId: string, more: object = {}): Promise<Answer> =>
    zhang.post('/incidents', { venueId, note: '路人来电：二楼窗户冒烟', ...more });
  const opened = of(await open('V-h'));
  assert.deepEqual([opened.state, opened.owner, opened.openedBy, opened.alarmCount], ['owned', 'zhang', 'zhang', 0]);
  const second = await open('V-h');
  assert.deepEqual([second.status, (second.body as ProblemBody).code], [409, 'incidentOpen']);
  assert.equal((await open('V-nowhere')).status, 404);
  const called = of(await zhang.post(`/incidents/${opened.id}/call`, { revision: 1, whom: 'w', outcome: 'answered' }));
  of(
    await zhang.post(`/incidents/${opened.id}/verify`, {
      revision: called.revision,
      verdict: 'true',
      means: 'call',
      seenCount: 0,
    }),
  );
  await reported(opened.id);
  const message = JSON.parse(side.received.at(-1)?.body ?? '') as FireMessage;
  assert.deepEqual([message.venue.id, message.incident.note, message.alarms], ['V-h', '路人来电：二楼窗户冒烟', []]);

  // Smoke that is detected now belongs to the incident that is open.
  const detector = await contract.device('h2', { venueId: 'V-h', model: 'generic-smoke' });
  await detector.event({ kind: 'smoke', level: 'alarm', point: '', active: true, at: Date.now(), epoch: 'a', seq: 1 });
  await eventually('its alarm', async () => ((await now(opened.id)).alarmCount === 1 ? true : undefined));

  const happenedAt = new Date(Date.now() - 7_200_000).toISOString();
  const late = of(await open('V-l', { happenedAt }));
  assert.equal(late.happenedAt, happenedAt);
  assert.ok(
    late.procedure.every(({ from, doneAt }) => from === undefined && doneAt === undefined),
    'no limit runs',
  );
  const word = of(await zhang.post(`/incidents/${late.id}/call`, { revision: 1, whom: 'w', outcome: 'answered' }));
  const verdict = { revision: word.revision, verdict: 'true', means: 'call', seenCount: 0 };
  const judged = of(await zhang.post(`/incidents/${late.id}/verify`, verdict));
  assert.equal(judged.report?.heldBack, 'typedLate');
  const close = { cause: 'cooking', note: 'n' };
  assert.equal((await zhang.post(`/incidents/${late.id}/close`, { revision: judged.revision, ...close })).status, 409);
  const told = of(
    await zhang.post(`/incidents/${late.id}/tell`, { revision: judged.revision, answeredBy: '119, 02:14' }),
  );
  assert.equal(
    of(await zhang.post(`/incidents/${late.id}/close`, { revision: told.revision, ...close })).state,
    'closed',
  );
  assert.equal(side.received.length, before + 1);
  const ahead = await open('V-l', { happenedAt: new Date(Date.now() + 3_600_000).toISOString() });
  assert.deepEqual([ahead.status, (ahead.body as ProblemBody).code], [422, 'happensLater']);
});

test('while nobody takes it the desk has the fault and the telephone; after a kill -9 it goes on, and is taken once', async () => {
  side.manner = 'fails';
  const heard = await heardOf('V-d', 'd1');
  await verify(heard, 'true');
  const messageId = (await now(heard.id)).report?.messageId ?? '';
  const faults = async (): Promise<readonly AlarmRow[]> =>
    (await contract.api.get<Page<AlarmRow>>('/api/v1/alarms?deviceId=centre')).items.filter(
      ({ kind, state }) => kind === 'fireCommandAway' && state !== 'ended',
    );
  await eventually('the fault on the desk', async () => (await faults())[0]);
  const failed = await eventually('a failure in its history', async () =>
    (await historyOf(heard.id)).find(({ kind }) => kind === 'reportFailed'),
  );
  assert.equal(failed.detail?.['reason'], 'HTTP 503 closed for the night');
  const close = { revision: (await now(heard.id)).revision, cause: 'other', note: 'n' };
  const refused = await zhang.post(`/incidents/${heard.id}/close`, close);
  assert.deepEqual([refused.status, (refused.body as ProblemBody).code], [409, 'alarmsUnacknowledged']);

  await contract.process.kill9();
  side.manner = 'takes';
  await contract.process.up();
  const done = await reported(heard.id);
  assert.equal(done.report?.messageId, messageId, 'the same message, not another');
  assert.equal(side.taken.filter((id) => id === messageId).length, 1);
  await eventually('the end of the fault', async () =>
    (await faults()).every(({ state }) => state === 'returnedUnacknowledged') ? true : undefined,
  );
});
