import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../journal/partition.ts';
import { act, event, T0 } from '../situation/entries.fixture.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { IncidentAct, IncidentActMeta } from './incident-act.ts';
import type { KeptIncident } from './kept-incident.ts';

type Given = Omit<IncidentAct, 'incidentId' | 'revision'> & Readonly<Record<string, unknown>>;

/** A detector that tells of fire, and people who handle it. */
class Desk {
  readonly feed = new SituationFeed();
  readonly incidentId: string;
  now = T0;
  #acts = 0;

  constructor() {
    const fire = { epoch: 'i', seq: 1, at: T0, kind: 'smoke', point: '', active: true, level: 'alarm' } as const;
    this.feed.alarm(event('S1', fire));
    this.incidentId = this.incident?.id ?? '';
  }

  get incident(): KeptIncident | undefined {
    return this.feed.situation.incidents.ofVenue('V1', 'live');
  }

  get isOpen(): boolean {
    return this.incident !== undefined;
  }

  /** Does it to the incident as it is now; the state it has then, or why not. */
  does(by: string, given: Given, actId = `act ${++this.#acts}`): string {
    this.now += 1_000;
    const revision = this.incident?.revision ?? 1;
    const done = { ...given, incidentId: this.incidentId, revision } as unknown as IncidentAct;
    const meta: IncidentActMeta = { actId, venueId: 'V1', by, at: this.now, isIncident: true, act: done };
    const entry = { kind: 'operatorAct', partition: partitionOf('V1'), appendedAt: this.now, meta } as const;
    const outcomes = this.feed.alarm(entry, entry).acts.map(({ outcome }) => outcome);
    assert.equal(outcomes.length, 1, 'the same act twice in a batch is one');
    const [outcome] = outcomes;
    if (outcome?.kind === 'refused') return outcome.code;
    assert.ok(outcome?.kind === 'handled');
    return outcome.incident.state;
  }

  acknowledge(by: string): void {
    const [alarm] = this.feed.open();
    assert.ok(alarm);
    this.feed.alarm(act(alarm.id, { kind: 'acknowledge' }, { actId: `ack ${by}`, at: this.now, by }));
  }
}

test('an incident is handled from the first word to its cause; then the next alarm is another one', () => {
  const desk = new Desk();
  assert.equal(desk.does('li', { kind: 'take' }), 'owned');
  assert.equal(desk.does('wang', { kind: 'take' }), 'ownedByAnother');
  assert.equal(desk.does('li', { kind: 'call', whom: '值班室', outcome: 'answered' }), 'owned');
  assert.equal(desk.does('li', { kind: 'verify', verdict: 'false', means: 'call', seenCount: 1 }), 'dismissed');
  const close = { kind: 'close', cause: 'cooking', note: 'pan' } as const;
  assert.equal(desk.does('li', close), 'alarmsUnacknowledged');
  desk.acknowledge('wang');
  assert.equal(desk.does('li', close), 'closed');
  assert.equal(desk.isOpen, false);
  assert.equal(desk.does('li', { kind: 'note', note: 'later' }), 'incidentClosed');
  desk.feed.alarm(
    event('S1', { epoch: 'i', seq: 2, at: desk.now, kind: 'smoke', point: '', active: false, level: 'alarm' }),
    event('S1', { epoch: 'i', seq: 3, at: desk.now + 1, kind: 'smoke', point: '', active: true, level: 'alarm' }),
  );
  assert.deepEqual([desk.incident?.number, desk.incident?.state], [2, 'open']);
  assert.notEqual(desk.incident?.id, desk.incidentId);
});
