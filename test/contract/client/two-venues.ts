import assert from 'node:assert/strict';
import { callControlSocket } from '../../../apps/centre/src/control-socket.ts';
import { greyPng } from '../../work/client/picture.ts';
import { recording } from '../../harness/recording.ts';
import { isolation } from '../walk/foreign-bodies.ts';
import { ApiClient, type Page } from './api-client.ts';
import { sendTestCapture } from './capture-chunks.ts';
import type { ContractCentre } from './contract-centre.ts';
import { eventually } from './eventually.ts';

/** Everything of the other venue has this in its id. */
export const FOREIGN = 'foreign7';

/** What of one venue there is to be asked for. */
type VenueThings = {
  readonly deviceId: string;
  readonly venueId: string;
  readonly alarmId: string;
  /** A command on record, refused because the device hears none. */
  readonly commandId: string;
  /** A test that is over and accepted, and a trial. */
  readonly testId: string;
  readonly trialId: string;
  /** A round of on-duty checks. */
  readonly roundId: string;
  /** A work order with a photo. */
  readonly orderId: string;
  readonly photoId: string;
  /** One that was asked for, and waits. */
  readonly isolationId: string;
  /** With a recording. */
  readonly incidentId: string;
  readonly fileId: string;
  /** Of the people of the venue, about that incident. */
  readonly callOutId: string;
};

/** Two venues with one thing of everything: the caller's own, and one he must not know of. */
export class TwoVenues {
  readonly own: VenueThings;
  readonly foreign: VenueThings;

  private constructor(own: VenueThings, foreign: VenueThings) {
    this.own = own;
    this.foreign = foreign;
  }

  static async furnish(contract: ContractCentre): Promise<TwoVenues> {
    const own = await furnish(contract, { deviceId: 'own1', venueId: 'V-own', address: '0000000000a1' });
    const other = { deviceId: `${FOREIGN}-d`, venueId: `V-${FOREIGN}`, address: '0000000000a2' };
    return new TwoVenues(own, await furnish(contract, other));
  }

  /** What of one venue an operation could be asked for: the address filled with its things. */
  addressesOf(path: string, which: 'own' | 'foreign'): string[] {
    const { deviceId, venueId, alarmId, commandId, testId, trialId, roundId } = this[which];
    const { orderId, photoId, isolationId, incidentId, fileId, callOutId } = this[which];
    const id = path.startsWith('/api/v1/alarms')
      ? alarmId
      : path.startsWith('/api/v1/venues')
        ? venueId
        : path.startsWith('/api/v1/captures')
          ? `${deviceId}:cap`
          : deviceId;
    if (path.includes('{commandId}')) return [path.replace('{id}', deviceId).replace('{commandId}', commandId)];
    if (path.startsWith('/api/v1/gb/duty-rounds/')) return [path.replace('{id}', roundId)];
    if (path.startsWith('/api/v1/work-orders/{id}'))
      return [path.replace('{id}', orderId).replace('{photoId}', photoId)];
    if (path.startsWith('/api/v1/incidents/')) return [path.replace('{id}', incidentId).replace('{fileId}', fileId)];
    if (path.startsWith('/api/v1/call-outs/')) return [path.replace('{id}', callOutId)];
    if (path.startsWith('/api/v1/isolations/')) return [path.replace('{id}', isolationId)];
    if (path.startsWith('/api/v1/trials/')) return [path.replace('{id}', trialId)];
    // Rules are of no venue: the product's are there for all, and by a foreign name there is none.
    if (path.startsWith('/api/v1/rules/'))
      return [path.replace('{id}', which === 'own' ? 'heat-alarm' : deviceId).replace('{version}', '1')];
    if (path.includes('{testId}'))
      return [path.replace('{id}', venueId).replace('{testId}', testId).replace('{version}', '1')];
    if (path.includes('{')) return [path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(id))];
    if (path.endsWith('/events')) return [`${path}?deviceId=${deviceId}`];
    if (path.endsWith('/series')) return [`${path}?point=${deviceId}/t1.temperatureC`];
    return [path, `${path}?venueId=${venueId}`, `${path}?deviceId=${deviceId}`, `${path}?limit=1000`];
  }
}

type Place = { readonly deviceId: string; readonly venueId: string; readonly address: string };

async function furnish(contract: ContractCentre, place: Place): Promise<VenueThings> {
  const { deviceId, venueId } = place;
  await report(contract, place);
  await contract.api.post(`/api/v1/devices/${deviceId}/commands`, { name: 'read', reason: 'r' });
  const { items } = await contract.api.get<Page<{ id: string }>>(`/api/v1/devices/${deviceId}/commands`);
  const commissioned = await commission(contract, venueId);
  const roundId = await askWhoIsOnDuty(contract, place);
  const ordered = await orderWork(contract, deviceId);
  const isolationId = await askToIsolate(contract, place);
  const smoked = await smoke(contract, place);
  const told = (await contract.api.alarmsOf(deviceId)).find(({ kind }) => kind === 'overload');
  return {
    deviceId,
    venueId,
    alarmId: told?.id ?? '',
    commandId: items[0]?.id ?? '',
    ...commissioned,
    roundId,
    isolationId,
    ...smoked,
    ...ordered,
  };
}

async function report(contract: ContractCentre, { deviceId, venueId }: Place): Promise<void> {
  const device = await contract.device(deviceId, { venueId });
  const at = Date.now();
  await device.telemetry({ epoch: 'r', seq: 5, at, values: { 't1.temperatureC': 30 } });
  await device.telemetry({ epoch: 'r', seq: 1, at: at - 1_000, values: { 't1.temperatureC': 99 } });
  await device.event({ epoch: 'r', seq: 6, at, kind: 'overload', point: 'c1', active: true, level: 'warning' });
  const evidence = { loadEventId: 'load-1' };
  await device.event({ epoch: 'r', seq: 7, at, kind: 'loadOn', point: 'c1', level: 'attention', evidence });
  await device.send('telemetry', `broken ${deviceId}`);
  await sendTestCapture(device, 'cap', 9);
  await eventually(
    'the capture',
    async () => (await contract.api.call('GET', `/api/v1/captures/${deviceId}:cap`)).status === 200,
  );
}

async function commission(
  contract: ContractCentre,
  venueId: string,
): Promise<{ readonly testId: string; readonly trialId: string }> {
  const technician = new ApiClient(contract.process.webUrl, await contract.provision.token('technician'));
  const tests = `/api/v1/venues/${venueId}/commissioning-tests`;
  const { id: testId } = (await technician.post(tests, { minutes: 5, reason: 'r' })).body as { readonly id: string };
  await technician.post(`${tests}/${testId}/end`);
  assert.equal((await technician.post(`${tests}/${testId}/acceptances`)).status, 201);
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const trial = await technician.post('/api/v1/trials', { name: 'n', venueId, ...period });
  return { testId, trialId: (trial.body as { readonly id: string }).id };
}

/** A fire at another device of the venue: the incident that it opens, which nobody has, with a recording. */
async function smoke(
  contract: ContractCentre,
  { deviceId, venueId }: Place,
): Promise<Pick<VenueThings, 'incidentId' | 'fileId' | 'callOutId'>> {
  const detector = await contract.device(`${deviceId}-s`, { venueId });
  await detector.event({
    epoch: 'r',
    seq: 1,
    at: Date.now(),
    kind: 'smoke',
    point: 's1',
    active: true,
    level: 'alarm',
  });
  const { id } = await eventually('the incident', async () => {
    const { items } = await contract.api.get<Page<{ id: string }>>(`/api/v1/incidents?venueId=${venueId}`);
    return items[0];
  });
  const path = `/api/v1/incidents/${id}/files`;
  const sent = await sendBytes(contract, await contract.provision.token('operator'), path, {
    type: 'audio/wav',
    body: recording(0.1),
  });
  assert.equal(sent.status, 200);
  const { items } = await contract.api.get<Page<{ id: string }>>(path);
  const callOuts = await contract.api.get<Page<{ id: string }>>(`/api/v1/incidents/${id}/call-outs`);
  return { incidentId: id, fileId: items[0]?.id ?? '', callOutId: callOuts.items[0]?.id ?? '' };
}

function sendBytes(
  contract: ContractCentre,
  token: string,
  path: string,
  { type, body }: { readonly type: string; readonly body: Uint8Array<ArrayBuffer> },
): Promise<Response> {
  return fetch(`${contract.process.webUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body,
    signal: AbortSignal.timeout(60_000),
  });
}

/** A transmission device of the venue, and a round of on-duty checks. */
async function askWhoIsOnDuty(contract: ContractCentre, { deviceId, venueId, address }: Place): Promise<string> {
  const device = { id: `${deviceId}-u`, model: 'generic-uitd', venueId, gb: { address } };
  const made = await callControlSocket(contract.process.folder, 'createDevice', device);
  assert.ok(made !== undefined && 'result' in made, JSON.stringify(made));
  const asked = await contract.api.post('/api/v1/gb/duty-rounds', { venueIds: [venueId] });
  assert.equal(asked.status, 201, asked.text);
  return (asked.body as { readonly id: string }).id;
}

/** The transmission device: it takes a second person, who does not come. */
async function askToIsolate(contract: ContractCentre, { deviceId, venueId }: Place): Promise<string> {
  const asked = await contract.api.post('/api/v1/isolations', isolation({ venueId, deviceId: `${deviceId}-u` }));
  assert.equal(asked.status, 201, asked.text);
  return (asked.body as { readonly id: string }).id;
}

async function orderWork(
  contract: ContractCentre,
  deviceId: string,
): Promise<{ readonly orderId: string; readonly photoId: string }> {
  const token = await contract.provision.token('technician');
  const technician = new ApiClient(contract.process.webUrl, token);
  // Never tested: a detector of which nobody knows whether it would raise an alarm.
  const opened = await technician.post('/api/v1/work-orders', { deviceId });
  assert.equal(opened.status, 201, opened.text);
  const { id: orderId } = opened.body as { readonly id: string };
  assert.equal((await technician.post(`/api/v1/work-orders/${orderId}/take`, { revision: 1 })).status, 200);
  const photo = { type: 'image/png', body: Uint8Array.from(greyPng(1)) };
  const sent = await sendBytes(contract, token, `/api/v1/work-orders/${orderId}/photos`, photo);
  assert.equal(sent.status, 200);
  const { photos } = (await sent.json()) as { readonly photos: readonly { readonly id: string }[] };
  return { orderId, photoId: photos[0]?.id ?? '' };
}
