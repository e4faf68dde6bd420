import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Incident, IncidentFile, IncidentHandlers, IncidentStep } from '@fengsui/protocol';
import { Person } from '../commissioning/person.ts';
import type { Answer, Page, ProblemBody } from '../contract/client/api-client.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { recording } from '../harness/recording.ts';
import { LiveClient } from '../contract/client/live-client.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let zhang: Person;
let wang: Person;
let leader: Person;

before(async () => {
  contract = await ContractCentre.start();
  for (const name of ['zhang', 'wang']) await contract.provision.user(name, PASSWORD, 'operator');
  await contract.provision.user('leader', PASSWORD, 'shiftLeader');
  const { webUrl } = contract.process;
  zhang = await Person.logIn(webUrl, 'zhang', PASSWORD);
  wang = await Person.logIn(webUrl, 'wang', PASSWORD);
  leader = await Person.logIn(webUrl, 'leader', PASSWORD);
});
after(() => contract.dispose());

const of = ({ status, body }: Answer): Incident => {
  assert.equal(status, 200, JSON.stringify(body));
  return body as Incident;
};
const code = ({ status, body }: Answer): readonly unknown[] => [status, (body as ProblemBody).code];
const openAt = (venueId: string): Promise<Incident> =>
  eventually('the incident', async () => {
    const { items } = await contract.api.get<Page<Incident>>(`/api/v1/incidents?venueId=${venueId}`);
    return items[0];
  });
const kindsOf = async (id: string): Promise<string[]> =>
  (await contract.api.get<Page<IncidentStep>>(`/api/v1/incidents/${id}/history`)).items.map(({ kind }) => kind);
const fire = async (venueId: string, deviceId: string, seq = 1): Promise<void> => {
  const device = await contract.device(deviceId, { venueId, model: 'generic-smoke' });
  await device.event({ kind: 'smoke', level: 'alarm', point: '', active: true, at: Date.now(), epoch: 'a', seq });
};

test('a fire, from the seat that shows it to the cause: each step with who and when, one owner, over a kill -9', async () => {
  const live = await LiveClient.open(contract.process.webUrl, await contract.provision.token('operator'));
  live.subscribe({ topics: ['incidents'] });
  await live.snapshot();
  await fire('V-a', 'a1');
  const opened = await openAt('V-a');
  assert.deepEqual([opened.state, opened.revision, opened.alarmCount, opened.origin], ['open', 1, 1, 'live']);
  await live.frame('the incident on the feed', ({ incidents = [] }) => incidents.some(({ id }) => id === opened.id));
  const at = `/incidents/${opened.id}`;
  assert.equal((await zhang.post(`${at}/displayed`)).status, 204);
  assert.equal((await wang.post(`${at}/displayed`)).status, 204);

  const acknowledged = await zhang.post(`/alarms/${opened.alarms[0]?.alarmId}/acknowledge`);
  assert.equal(acknowledged.status, 200);
  const owned = await eventually('an owner', async () => {
    const incident = await contract.api.get<Incident>(`/api/v1${at}`);
    return incident.owner === undefined ? undefined : incident;
  });
  assert.deepEqual([owned.owner, owned.state], ['zhang', 'owned']);
  const { revision } = owned;
  assert.deepEqual(code(await wang.post(`${at}/take`, { revision })), [409, 'ownedByAnother']);
  const call = { revision, whom: 'duty room', outcome: 'answered', note: 'smoke on the stairs' };
  assert.deepEqual(code(await wang.post(`${at}/call`, call)), [409, 'notOwner']);
  const verify = { revision, verdict: 'true', means: 'call', seenCount: 1 };
  assert.deepEqual(code(await zhang.post(`${at}/verify`, verify)), [422, 'evidenceMissing']);
  const called = of(await zhang.post(`${at}/call`, call));
  assert.deepEqual(code(await zhang.post(`${at}/call`, call)), [409, 'incidentChanged']);

  await contract.process.kill9();
  await contract.process.up();
  const desk = new ApiClient(contract.process.webUrl, await contract.provision.token('operator'));
  const asked = { ...verify, revision: called.revision };
  assert.deepEqual(code(await desk.post(`/api/v1${at}/verify`, asked)), [403, 'sessionNeeded']);
  const confirmed = of(await zhang.post(`${at}/verify`, asked));
  assert.deepEqual([confirmed.state, confirmed.verdict?.by], ['confirmed', 'zhang']);
  const close = { revision: confirmed.revision, cause: 'cooking', note: 'oil in a pan' };
  assert.deepEqual(code(await zhang.post(`${at}/close`, close)), [409, 'notReported']);
  const told = of(await zhang.post(`${at}/tell`, { revision: confirmed.revision, answeredBy: '119 seat 4' }));
  const closed = of(await zhang.post(`${at}/close`, { ...close, revision: told.revision }));
  assert.deepEqual([closed.state, closed.cause, closed.closedBy], ['closed', 'cooking', 'zhang']);
  assert.deepEqual(closed.acts, []);
  const steps = closed.procedure.map(({ step, from, doneAt }) => [step, from !== undefined && doneAt !== undefined]);
  assert.deepEqual(Object.fromEntries(steps), {
    ...{ displayed: true, acknowledged: true, firstWord: true, verified: true, reported: true },
  });
  assert.deepEqual(code(await zhang.post(`${at}/note`, { revision: closed.revision, note: 'n' })), [
    409,
    'incidentClosed',
  ]);
  const kinds = (await kindsOf(opened.id)).filter((kind) => kind !== 'late' && kind !== 'reportHeldBack');
  assert.deepEqual(kinds, ['opened', 'displayed', 'acknowledged', 'called', 'verified', 'reported', 'told', 'closed']);
  assert.deepEqual((await contract.api.get<Page<Incident>>('/api/v1/incidents?venueId=V-a')).items, []);
  const all = await contract.api.get<Page<Incident>>('/api/v1/incidents?venueId=V-a&state=closed');
  assert.deepEqual(
    all.items.map(({ id }) => id),
    [opened.id],
  );
  live.close();
});

test('it changes hands: offered and taken, and taken over by the shift leader alone, with a reason', async () => {
  await fire('V-b', 'b1');
  const { id } = await openAt('V-b');
  const at = `/incidents/${id}`;
  const mine = of(await zhang.post(`${at}/take`, { revision: 1 }));
  const { people } = await zhang.get<IncidentHandlers>(`${at}/handlers`);
  const names = people.map(({ username }) => username);
  assert.deepEqual(names.toSorted(), ['leader', 'wang', 'zhang']);
  assert.equal(names.at(-1), 'zhang', 'who has the most is last');
  assert.deepEqual(code(await zhang.post(`${at}/offer`, { revision: mine.revision, to: 'nobody' })), [
    422,
    'invalidAssignee',
  ]);
  const offered = of(await zhang.post(`${at}/offer`, { revision: mine.revision, to: 'wang' }));
  assert.deepEqual([offered.owner, offered.offeredTo], ['zhang', 'wang']);
  const taken = of(await wang.post(`${at}/take`, { revision: offered.revision }));
  assert.deepEqual([taken.owner, taken.offeredTo], ['wang', undefined]);
  const over = { revision: taken.revision, reason: 'off the desk' };
  assert.deepEqual(code(await zhang.post(`${at}/take-over`, over)), [403, 'forbidden']);
  assert.equal(of(await leader.post(`${at}/take-over`, over)).owner, 'leader');
});

test('of five seats that take it at once one has it', async () => {
  await fire('V-c', 'c1');
  const { id } = await openAt('V-c');
  const seats = [zhang, wang, leader, zhang, wang];
  const answers = await Promise.all(seats.map((seat) => seat.post(`/incidents/${id}/take`, { revision: 1 })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(answers.map(code)));
  const others = answers.filter(({ status }) => status !== 200).map(code);
  assert.ok(others.every(([, word]) => word === 'incidentChanged' || word === 'ownedByAnother'));
});

test('a false alarm is judged as it was seen: one that came since asks to look again', async () => {
  await fire('V-d', 'd1');
  const { id } = await openAt('V-d');
  const at = `/incidents/${id}`;
  await zhang.post(`${at}/take`, { revision: 1 });
  const { revision } = of(await zhang.post(`${at}/arrive`, { revision: 2, whom: 'guard' }));
  await fire('V-d', 'd2');
  await eventually('two alarms', async () => (await openAt('V-d')).alarmCount === 2 || undefined);
  const said = { revision, verdict: 'false', means: 'onSite' };
  assert.deepEqual(code(await zhang.post(`${at}/verify`, { ...said, seenCount: 1 })), [409, 'incidentChanged']);
  const dismissed = of(await zhang.post(`${at}/verify`, { ...said, seenCount: 2 }));
  const close = { revision: dismissed.revision, cause: 'steam', note: 'shower' };
  assert.deepEqual(code(await zhang.post(`${at}/close`, close)), [409, 'alarmsUnacknowledged']);
  for (const { alarmId } of dismissed.alarms) await zhang.post(`/alarms/${alarmId}/acknowledge`);
  assert.equal(of(await zhang.post(`${at}/close`, close)).state, 'closed');
});

test('what was written by hand is typed in later, marked, with the time at which it happened', async () => {
  await fire('V-g', 'g1');
  const { id, openedAt } = await openAt('V-g');
  const at = `/incidents/${id}`;
  const mine = of(await zhang.post(`${at}/take`, { revision: 1 }));
  const ahead = { revision: mine.revision, note: 'n', happenedAt: new Date(Date.now() + 3_600_000).toISOString() };
  assert.deepEqual(code(await zhang.post(`${at}/note`, ahead)), [422, 'happensLater']);
  const said = { revision: mine.revision, note: 'guard on the roof', happenedAt: openedAt };
  of(await zhang.post(`${at}/note`, said));
  const { items } = await contract.api.get<Page<IncidentStep>>(`/api/v1${at}/history`);
  const line = items.find(({ kind }) => kind === 'noted');
  assert.deepEqual([line?.note, line?.detail], ['guard on the roof', { happenedAt: openedAt }]);
});

test('who was called stands in the history for those who may read contacts alone', async () => {
  await fire('V-e', 'e1');
  const { id } = await openAt('V-e');
  await zhang.post(`/incidents/${id}/take`, { revision: 1 });
  await zhang.post(`/incidents/${id}/call`, { revision: 2, whom: 'Chen 13800000000', outcome: 'noAnswer' });
  const seen = async (role: 'operator' | 'regulator'): Promise<string> => {
    const reader = new ApiClient(contract.process.webUrl, await contract.provision.token(role));
    return JSON.stringify(await reader.get(`/api/v1/incidents/${id}/history`));
  };
  assert.ok((await seen('operator')).includes('Chen'));
  const masked = await seen('regulator');
  assert.ok(!masked.includes('Chen') && masked.includes('noAnswer'), masked);
});

test('recordings of calls and pictures are kept with their SHA-256, over a kill -9; other bytes are refused', async () => {
  await fire('V-f', 'f1');
  const { id, revision } = await openAt('V-f');
  const token = await contract.provision.token('operator');
  const path = `/api/v1/incidents/${id}/files`;
  const send = (body: Buffer<ArrayBuffer>, type: string, key: string): Promise<Response> =>
    fetch(`${contract.process.webUrl}${path}?name=${encodeURIComponent('值班室 03:12')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type, 'idempotency-key': key },
      body,
      signal: AbortSignal.timeout(60_000),
    });
  const call = recording(60);
  const added = await send(call, 'audio/x-wav', 'the call');
  assert.equal(added.status, 200);
  assert.equal(((await added.json()) as Incident).revision, revision, 'nobody’s act is in its way');
  assert.equal((await send(call, 'audio/x-wav', 'the call')).status, 200, 'the same request again');
  assert.equal((await send(Buffer.from('<script>'), 'audio/wav', 'a page')).status, 415);
  assert.equal((await send(Buffer.alloc(4 * 1024 * 1024), 'audio/wav', 'too much')).status, 413);
  await contract.process.kill9();
  await contract.process.up();
  const desk = new ApiClient(contract.process.webUrl, token);
  const { items } = await desk.get<Page<IncidentFile>>(path);
  const sha256 = createHash('sha256').update(call).digest('hex');
  assert.deepEqual(
    items.map(({ name, mediaType, bytes, sha256: sum }) => [name, mediaType, bytes, sum]),
    [['值班室 03:12', 'audio/wav', call.byteLength, sha256]],
  );
  const answer = await fetch(`${contract.process.webUrl}${path}/${items[0]?.id}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(60_000),
  });
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), call);
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
  assert.ok((await kindsOf(id)).includes('fileAdded'));
});
