import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type AlarmRow, type Page } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually } from './client/eventually.ts';
import { LiveClient } from './client/live-client.ts';

type Grouped = AlarmRow & { readonly parentId?: string };
type Group = {
  readonly id: string;
  readonly cause: string;
  readonly childCount: number;
  readonly unacknowledgedCount: number;
  readonly venues: readonly { readonly venueId: string; readonly count: number }[];
};

let contract: ContractCentre;
let live: LiveClient;
const devices = ['cut-1', 'cut-2', 'cut-3', 'cut-4'];
const venueOf = (device: string): string => (device === 'cut-4' ? 'V-other' : 'V-cut');

before(async () => {
  contract = await ContractCentre.start();
  live = await LiveClient.open(contract.process.webUrl, await contract.provision.token('operator'));
  live.subscribe({ topics: ['alarms'] });
  await live.snapshot();
  await contract.register('elsewhere', { venueId: 'V-empty' });
  for (const id of devices) await contract.register(id, { venueId: venueOf(id) });
});
after(async () => {
  live.close();
  await contract.dispose();
});

const seqOf = new Map<string, number>();
const connected = new Map<string, DeviceClient>();
async function say(id: string, kind: string, fields: object = {}): Promise<void> {
  const seq = (seqOf.get(id) ?? 0) + 1;
  seqOf.set(id, seq);
  const device = connected.get(id) ?? (await contract.device(id));
  connected.set(id, device);
  const said = { epoch: 'g', seq, at: Date.now(), kind, point: 'c1', active: true, level: 'alarm' };
  await device.event({ ...said, ...fields });
}

/** As the feed has told them last. */
function told(): ReadonlyMap<string, Grouped> {
  const alarms = new Map<string, Grouped>();
  for (const frame of live.frames) for (const alarm of frame.alarms ?? []) alarms.set(alarm.id, alarm);
  return alarms;
}

const groupsFor = async (api: ApiClient): Promise<readonly Group[]> =>
  (await api.get<Page<Group>>('/api/v1/alarm-groups')).items;

test('a cut of the supply in two venues is one group on feed and API, and the smoke in its middle is in none', async () => {
  await say('cut-1', 'underVoltage');
  await say('cut-2', 'underVoltage');
  await say('cut-1', 'smoke', { point: 't1' });
  await say('cut-3', 'phaseLoss');
  await say('cut-4', 'underVoltage');
  const smoke = await contract.raised('cut-1', 'smoke');
  await eventually('four alarms with a parent', () => {
    const parents = [...told().values()].map(({ parentId }) => parentId).filter((id) => id !== undefined);
    return parents.length === 4 && new Set(parents).size === 1;
  });
  const [group, ...others] = await groupsFor(contract.api);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [group?.cause, group?.childCount, group?.unacknowledgedCount, group?.venues],
    [
      'mainsCut',
      4,
      4,
      [
        { venueId: 'V-cut', count: 3 },
        { venueId: 'V-other', count: 1 },
      ],
    ],
  );
  assert.equal(told().get(smoke.id)?.parentId, undefined);
  assert.equal(((await contract.api.alarm(smoke.id)) as Grouped).parentId, undefined);
  assert.equal(((await contract.raised('cut-4', 'underVoltage')) as Grouped).parentId, group?.id);
});

test('a caller sees of a group what lies in his venues, and none of which he sees nothing', async () => {
  const cut = new ApiClient(contract.process.webUrl, await contract.provision.token('operator', ['V-cut']));
  const other = new ApiClient(contract.process.webUrl, await contract.provision.token('operator', ['V-other']));
  const stranger = new ApiClient(contract.process.webUrl, await contract.provision.token('operator', ['V-empty']));
  const [group] = await groupsFor(cut);
  assert.deepEqual([group?.cause, group?.childCount], ['buildingPower', 3]);
  // One alarm is its own row.
  assert.deepEqual([await groupsFor(other), await groupsFor(stranger)], [[], []]);
  assert.equal((await stranger.post(`/api/v1/alarm-groups/${group?.id}/acknowledge`, {})).status, 404);
});

test('the group has the same id after kill -9, and after the alarm that began it has ended', async () => {
  const [group] = await groupsFor(contract.api);
  const first = await contract.raised('cut-1', 'underVoltage');
  await contract.act(first.id, 'acknowledge');
  await say('cut-1', 'underVoltage', { active: false });
  await contract.until(first.id, 'normal');
  await contract.process.kill9();
  await contract.process.up();
  connected.clear();
  const [again, ...others] = await groupsFor(contract.api);
  assert.deepEqual([again?.id, again?.childCount, others], [group?.id, 3, []]);
});

test('to acknowledge a group is to acknowledge each of its alarms on its own record, and not the fire', async () => {
  const [group] = await groupsFor(contract.api);
  const path = `/api/v1/alarm-groups/${group?.id}`;
  const key = { 'idempotency-key': 'the whole street' };
  const { status, body } = await contract.api.post(`${path}/acknowledge`, { note: 'grid operator called' }, key);
  assert.deepEqual([status, (body as Group).unacknowledgedCount], [200, 0]);
  assert.equal((await contract.api.post(`${path}/acknowledge`, { note: 'grid operator called' }, key)).status, 200);
  const { items } = await contract.api.get<Page<Grouped>>('/api/v1/alarms?limit=1000');
  const alarms = items.filter(({ parentId }) => parentId === group?.id);
  assert.equal(alarms.length, 3);
  for (const { id, state } of alarms) {
    assert.equal(state, 'acknowledged');
    const steps = (await contract.historyOf(id)).filter(({ kind }) => kind === 'acknowledged');
    assert.deepEqual(
      steps.map(({ note }) => note),
      ['grid operator called'],
    );
  }
  assert.equal((await contract.raised('cut-1', 'smoke')).state, 'unacknowledged');
  const auditor = new ApiClient(contract.process.webUrl, await contract.provision.token('auditor'));
  const query = 'act=POST%20/api/v1/alarms/:id/acknowledge&limit=1000';
  const rows = (await auditor.get<Page<{ target?: string; what?: string; result: string }>>(`/api/v1/audit?${query}`))
    .items;
  for (const { id } of alarms) {
    const own = rows.filter(({ target, what }) => target?.includes(id) && what?.includes('grid operator called'));
    assert.deepEqual(
      own.map(({ result }) => result),
      ['done'],
      'its own row',
    );
  }
});

test('the figures count a group as one line, and what lies in the scope', async () => {
  type Figures = { readonly alarmCount: number; readonly lineCount: number; readonly topTen: readonly object[] };
  const cut = new ApiClient(contract.process.webUrl, await contract.provision.token('operator', ['V-cut']));
  const figures = await cut.get<Figures>('/api/v1/alarm-figures');
  assert.deepEqual([figures.alarmCount, figures.lineCount, figures.topTen.length], [4, 2, 4]);
  const before = await cut.get<Figures>('/api/v1/alarm-figures?to=2026-01-01T00:00:00Z');
  assert.deepEqual([before.alarmCount, before.lineCount, before.topTen], [0, 0, []]);
  assert.equal((await cut.call('GET', '/api/v1/alarm-figures?from=0')).status, 400);
});

test('a condition that comes back and back says so, also after kill -9', async () => {
  await contract.register('chatterer', { venueId: 'V-chatter' });
  for (let i = 0; i < 3; i++) {
    await say('chatterer', 'overload');
    await say('chatterer', 'overload', { active: false });
  }
  const alarm = await eventually('the chatter', async () => {
    const found = (await contract.alarmOf('chatterer', 'overload')) as (Grouped & { chatter?: number }) | undefined;
    return found?.chatter === undefined ? undefined : found;
  });
  assert.equal(alarm.chatter, 3);
  await contract.process.kill9();
  await contract.process.up();
  connected.clear();
  assert.equal(((await contract.api.alarm(alarm.id)) as Grouped & { chatter?: number }).chatter, 3);
});
