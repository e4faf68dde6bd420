import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  liveTopics,
  type Alarm,
  type DeviceCommand,
  type Incident,
  type Isolation,
  type LiveServerFrame,
  type WorkOrder,
} from '@fengsui/protocol';
import { Registry } from '../registry/registry.ts';
import type { FeedTopic } from '../situation/feed-source.ts';
import type { Publication } from '../situation/live-bus.ts';
import { T0 } from '../situation/entries.fixture.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import { FeedMirror } from './feed-mirror.ts';

type Payload = Extract<LiveServerFrame, { readonly type: 'batch' }>;

const everything: ReadonlySet<FeedTopic> = new Set(liveTopics);
const all = { venues: 'all' } as const;

const frame = (payload: Partial<Payload>): Payload => ({
  type: 'batch',
  n: 1,
  cursor: '',
  at: T0,
  alarms: [],
  values: [],
  presence: [],
  ...payload,
});

const alarm = (id: string, state: Alarm['state'], venueId = 'V1'): Alarm => ({ id, state, venueId }) as Alarm;

/** With the devices and venues of the fixture. */
function mirror(): { readonly mirror: FeedMirror; readonly told: Publication[]; readonly begun: number[] } {
  const made = new FeedMirror(new SituationFeed().situation.registry);
  const told: Publication[] = [];
  const begun: number[] = [];
  made.bus.subscribe(
    (publication) => void told.push(publication),
    () => void begun.push(told.length),
  );
  return { mirror: made, told, begun };
}

test('a snapshot is replaced as a whole: who listened begins anew, under another name', () => {
  const { mirror: made, begun } = mirror();
  made.replace(frame({ alarms: [alarm('a', 'unacknowledged')], values: [['D1', 'p', T0, 1]] }));
  const name = made.bus.name;
  made.replace(frame({ presence: [['D1', true, T0]] }));
  assert.deepEqual(made.snapshot(all, everything), {
    alarms: [],
    values: [],
    presence: [['D1', true, T0]],
    commands: [],
    workOrders: [],
    isolations: [],
    incidents: [],
  });
  assert.equal(begun.length, 2);
  assert.notEqual(made.bus.name, name);
  assert.match(made.bus.name, /^@/);
});

test('what changes replaces what was known and is told on; what has ended is told and then gone', () => {
  const { mirror: made, told } = mirror();
  const command = { id: 'c', venueId: 'V1', state: 'sent' } as DeviceCommand;
  const order = { id: 'w', venueId: 'V1', state: 'open' } as WorkOrder;
  const values = [['D1', 'p', T0, 1], ['D1', 'q', T0, 2]] as const; // prettier-ignore
  made.replace(frame({ alarms: [alarm('a', 'unacknowledged')], values, commands: [command], workOrders: [order] }));
  made.apply(frame({ values: [['D1', 'p', T0 + 1, 3]], alarms: [alarm('a', 'normal'), alarm('b', 'unacknowledged')] }));
  made.apply(frame({ commands: [{ ...command, state: 'done' }], workOrders: [{ ...order, state: 'cancelled' }] }));
  const works = { id: 'i', venueId: 'V1', state: 'active' } as Isolation;
  made.apply(frame({ isolations: [works] }));
  assert.deepEqual(made.snapshot(all, everything).isolations, [works]);
  assert.deepEqual(made.snapshot({ venues: ['V2'] }, everything).isolations, []);
  made.apply(frame({ isolations: [{ ...works, state: 'ended' }] }));
  const fire = { id: 'n', venueId: 'V1', state: 'open' } as Incident;
  made.apply(frame({ incidents: [fire] }));
  assert.deepEqual(made.snapshot(all, everything).incidents, [fire]);
  assert.deepEqual(made.snapshot({ venues: ['V2'] }, everything).incidents, []);
  made.apply(frame({ incidents: [{ ...fire, state: 'closed' }] }));
  const { alarms, values: held, commands, workOrders, isolations, incidents } = made.snapshot(all, everything);
  assert.deepEqual(
    alarms.map(({ id }) => id),
    ['b'],
  );
  assert.deepEqual(held, [['D1', 'p', T0 + 1, 3], ['D1', 'q', T0, 2]]); // prettier-ignore
  assert.deepEqual([commands, workOrders, isolations, incidents], [[], [], [], []]);
  assert.deepEqual(
    told.map((one) => [
      one.alarms.length,
      one.values,
      one.commands.length,
      one.workOrders.length,
      one.isolations.length,
      one.incidents.length,
    ]),
    [
      [2, [{ venueId: 'V1', deviceId: 'D1', at: T0 + 1, points: ['p'], values: [3] }], 0, 0, 0, 0],
      [0, [], 1, 1, 0, 0],
      [0, [], 0, 0, 1, 0],
      [0, [], 0, 0, 1, 0],
      [0, [], 0, 0, 0, 1],
      [0, [], 0, 0, 0, 1],
    ],
  );
});

test('a snapshot holds what is in the scope and the topics asked for', () => {
  const { mirror: made } = mirror();
  made.replace(frame({ alarms: [alarm('a', 'unacknowledged', 'V2')], values: [['D1', 'p', T0, 1]] }));
  assert.deepEqual(made.snapshot({ venues: ['V1'] }, everything).alarms, []);
  assert.equal(made.snapshot({ venues: ['V1'] }, everything).values.length, 1);
  assert.equal(made.snapshot({ venues: ['V2'] }, everything).values.length, 0);
  assert.equal(made.snapshot(all, new Set(['alarms'])).values.length, 0);
});

test('rows of a device that the registry does not know yet are told when it does, to those who may see them', () => {
  const registry = new Registry();
  const made = new FeedMirror(registry);
  const told: Publication[] = [];
  made.bus.subscribe((publication) => void told.push(publication));
  made.replace(frame({ presence: [['D1', true, T0]], values: [['D1', 'p', T0, 1]] }));
  made.place();
  assert.equal(told.length, 0);
  const known = new SituationFeed().situation.registry;
  const device = known.device('D1');
  const venue = known.venue(device?.venueId ?? '');
  assert.ok(device !== undefined && venue !== undefined);
  registry.apply({ kind: 'venuePut', venue });
  registry.apply({ kind: 'devicePut', device });
  made.place();
  made.place();
  assert.deepEqual(
    told.map(({ values, presence }) => [values.map(({ venueId }) => venueId), presence.map(({ venueId }) => venueId)]),
    [[['V1'], ['V1']]],
  );
});
