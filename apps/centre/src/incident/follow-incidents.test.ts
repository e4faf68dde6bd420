import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act, deviceRecord, event, registryChange, T0, type ReportOptions } from '../situation/entries.fixture.ts';
import type { NewEntry } from '../journal/entry.ts';
import { IsolationFeed } from '../isolation/isolation.fixture.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { KeptIncident } from './kept-incident.ts';

const SECOND = 1_000;

/** A house with a second smoke detector and one of gas; what became of its incidents, line by line. */
class House {
  readonly feed = new SituationFeed();
  readonly lines: string[] = [];
  now = T0;
  #seq = 0;

  constructor() {
    const devices = [deviceRecord('S2', { model: 'generic-smoke' }), deviceRecord('G1', { model: 'generic-gas' })];
    this.#take(registryChange(devices.map((device) => ({ kind: 'devicePut', device }))));
  }

  #take(entry: NewEntry): void {
    const { incidents, incidentSteps } = this.feed.alarm(entry);
    for (const { incidentId, step } of incidentSteps) {
      const number = [...incidents.values()].find(({ id }) => id === incidentId)?.number;
      const deviceId = step.detail?.['deviceId'];
      const whose = step.by ?? (typeof deviceId === 'string' ? deviceId : '');
      this.lines.push(`${number} ${step.kind} ${whose}`.trim());
    }
  }

  says(deviceId: string, kind: string, level: 'warning' | 'alarm', active = true, options: ReportOptions = {}): void {
    this.now += SECOND;
    const said = { epoch: 'i', seq: ++this.#seq, at: this.now, kind, point: '', active, level } as const;
    this.#take(event(deviceId, said, { receivedAt: this.now, ...options }));
  }

  acknowledge(deviceId: string, by: string): void {
    this.now += SECOND;
    const alarm = this.feed.open().find((one) => one.deviceId === deviceId);
    assert.ok(alarm);
    this.#take(act(alarm.id, { kind: 'acknowledge' }, { actId: `ack ${by} ${deviceId}`, at: this.now, by }));
  }

  get open(): readonly KeptIncident[] {
    return [...this.feed.situation.incidents.open()];
  }
}

test('a fire opens an incident of its venue, the next one joins it; a warning and a fault do not', () => {
  const house = new House();
  house.says('D1', 'arc', 'warning');
  house.says('D1', 'fault', 'alarm');
  assert.equal(house.open.length, 0);
  house.says('S1', 'smoke', 'alarm');
  house.says('S2', 'smoke', 'alarm');
  house.says('G1', 'gas', 'alarm');
  assert.deepEqual(house.lines, ['1 opened S1', '1 joined S2', '1 joined G1']);
  const [incident] = house.open;
  assert.deepEqual([incident?.alarmCount, incident?.state, incident?.place.venueId], [3, 'open', 'V1']);
  assert.equal(incident?.openedAt, T0 + 3 * SECOND);
  house.says('D9', 'smoke', 'alarm', true, { venueId: 'V2' });
  assert.deepEqual(
    house.open.map(({ number, place }) => `${number} ${place.venueId}`),
    ['1 V1', '2 V2'],
  );
});

test('what was a warning and becomes fire is an incident then', () => {
  const house = new House();
  house.says('S1', 'smoke', 'warning');
  assert.deepEqual(house.lines, []);
  house.says('S1', 'smoke', 'alarm');
  assert.deepEqual(house.lines, ['1 opened S1']);
});

test('who acknowledges first has it; the others’ acknowledgements are lines of their alarms alone', () => {
  const house = new House();
  house.says('S1', 'smoke', 'alarm');
  house.says('S2', 'smoke', 'alarm');
  house.acknowledge('S2', 'li');
  house.acknowledge('S1', 'wang');
  assert.deepEqual(house.lines, ['1 opened S1', '1 joined S2', '1 acknowledged li']);
  const [incident] = house.open;
  assert.deepEqual([incident?.state, incident?.owner, incident?.acknowledgedAt], ['owned', 'li', T0 + 3 * SECOND]);
  assert.equal(incident?.ownedAt, incident?.acknowledgedAt);
});

test('it stays open when its alarms have ended, and the next fire there is the same incident', () => {
  const house = new House();
  house.says('S1', 'smoke', 'alarm');
  house.acknowledge('S1', 'li');
  house.says('S1', 'smoke', 'alarm', false);
  assert.deepEqual(house.lines.slice(2), ['1 alarmEnded']);
  assert.equal(house.open[0]?.alarms[0]?.endedAt, T0 + 3 * SECOND);
  house.says('S1', 'smoke', 'alarm');
  assert.deepEqual([house.lines.at(-1), house.open[0]?.alarmCount], ['1 joined S1', 2]);
});

test('earnest and simulation are two incidents; a test is none', () => {
  const house = new House();
  house.says('S1', 'smoke', 'alarm', true, { origin: 'simulated' });
  house.says('S2', 'smoke', 'alarm');
  assert.deepEqual(house.open.map(({ place }) => place.origin).sort(), ['live', 'simulated']);
  const tested = new IsolationFeed();
  tested.isolate({ isolation: 'onTest' });
  tested.says('S1', 'smoke');
  assert.deepEqual([...tested.feed.situation.incidents.open()], []);
  tested.wait(2 * 3_600_000);
  const [after] = tested.feed.situation.incidents.open();
  assert.equal(after?.alarms[0]?.deviceId, 'S1', 'still active when the test ended: in earnest');
});

test('what is isolated is nobody’s to handle until it comes into view', () => {
  const feed = new IsolationFeed();
  const id = feed.isolate();
  feed.says('S1', 'smoke');
  assert.deepEqual([...feed.feed.situation.incidents.open()], []);
  feed.end(id);
  const [incident] = feed.feed.situation.incidents.open();
  assert.equal(incident?.alarms[0]?.deviceId, 'S1');
});
