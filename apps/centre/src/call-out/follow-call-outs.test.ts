import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origin } from '@fengsui/alarm';
import type { IncidentAct } from '../incident/incident-act.ts';
import { act, deviceRecord, event, registryChange, T0 } from '../situation/entries.fixture.ts';
import type { NewEntry } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { TimerFiredMeta, TimerPurpose } from '../situation/timer.ts';
import { contact } from './call-out.fixture.ts';
import type { KeptCallOut } from './kept-call-out.ts';

const SECOND = 1_000;

/** A house with smoke detector S1; its timers fire by a clock that the test sets. */
class House {
  readonly feed = new SituationFeed();
  readonly lines: string[] = [];
  now = T0;
  #seq = 0;
  #acts = 0;

  readonly #origin: Origin;

  constructor(origin: Origin = 'live') {
    this.#origin = origin;
    const venue = { id: 'V1', organisationId: 'default', name: '城西小学', origin } as const;
    const device = deviceRecord('S1', { model: 'generic-smoke', origin });
    this.#change({ kind: 'venuePut', venue } as RegistryChange, { kind: 'devicePut', device });
  }

  #change(...changes: RegistryChange[]): void {
    this.#take(registryChange(changes));
  }

  person(id: string, venueId = 'V1'): void {
    this.#change({ kind: 'contactPut', contact: { ...contact(id), venueId } });
  }

  #take(entry: NewEntry): void {
    const { incidentSteps } = this.feed.alarm({ ...entry, appendedAt: this.now });
    for (const { step } of incidentSteps)
      if (step.kind === 'calledOut')
        this.lines.push(
          Object.values(step.detail ?? {})
            .filter((word) => word === 'answered' || word === 'unanswered' || word === 'a.')
            .join(' '),
        );
  }

  fires(purpose: TimerPurpose, timerId: string = purpose.kind): void {
    const meta: TimerFiredMeta = { timerId, firedAt: this.now, purpose };
    this.#take({ kind: 'timerFired', partition: 0, appendedAt: this.now, meta });
  }

  /** Smoke at its alarm level. */
  smoke(active = true): void {
    const said = {
      epoch: 'i',
      seq: ++this.#seq,
      at: this.now,
      kind: 'smoke',
      point: '',
      active,
      level: 'alarm',
    } as const;
    this.#take(event('S1', said, { receivedAt: this.now, origin: this.#origin }));
  }

  pass(seconds: number): void {
    const until = this.now + seconds * SECOND;
    for (;;) {
      const next = [...this.feed.timers.values()]
        .filter(({ dueAt, purpose }) => purpose.kind === 'callOutDue' && dueAt <= until)
        .sort((a, b) => a.dueAt - b.dueAt)[0];
      if (next === undefined) break;
      this.now = next.dueAt;
      this.fires(next.purpose, next.id);
    }
    this.now = until;
  }

  handle(...said: readonly DistributedOmit<IncidentAct, 'incidentId' | 'revision'>[]): void {
    for (const one of said) {
      const [incident] = [...this.feed.situation.incidents.open()];
      assert.ok(incident);
      const { id: incidentId, revision, place } = incident;
      const doing = { incidentId, revision, ...one } as IncidentAct;
      const meta = {
        actId: `i${++this.#acts}`,
        venueId: place.venueId,
        by: 'li',
        at: this.now,
        isIncident: true,
        act: doing,
      } as const;
      this.#take({ kind: 'operatorAct', partition: place.partition, appendedAt: this.now, meta });
    }
  }

  open(happenedAt: number | undefined): void {
    const late = happenedAt === undefined ? {} : { happenedAt };
    const doing = { kind: 'open', incidentId: 'byhand', note: '有人来电', ...late } as const;
    const meta = { actId: 'o', venueId: 'V1', by: 'li', at: this.now, isIncident: true, act: doing } as const;
    this.#take({ kind: 'operatorAct', partition: partitionOf('V1'), appendedAt: this.now, meta });
  }

  acknowledge(): void {
    const [alarm] = this.feed.open();
    assert.ok(alarm);
    this.#take(act(alarm.id, { kind: 'acknowledge' }, { actId: `a${++this.#acts}`, at: this.now, by: 'li' }));
  }

  get callOuts(): readonly KeptCallOut[] {
    return [...this.feed.situation.callOuts.open()];
  }

  of(chain: 'venue' | 'desk'): KeptCallOut | undefined {
    return this.callOuts.findLast((callOut) => callOut.chain === chain);
  }

  answers(chain: 'venue' | 'desk', number: number, answer: 'coming' | 'cannot'): void {
    const callOutId = this.of(chain)?.id ?? '';
    this.fires({ kind: 'callOutNews', callOutId, news: { kind: 'answered', number, answer } });
  }
}

type DistributedOmit<Type, Keys extends string> = Type extends unknown ? Omit<Type, Keys> : never;

test('a fire calls the people of the venue at once, with what and where', () => {
  const house = new House();
  house.person('a');
  house.smoke();
  const called = house.of('venue');
  assert.deepEqual(
    [called?.state, called?.openedAt, called?.calls.map(({ channel, to }) => `${channel} ${to}`)],
    ['calling', T0, ['voice 1380000a']],
  );
  assert.deepEqual([called?.facts.venueName, called?.facts.alarm?.kind], ['城西小学', 'smoke']);
  house.pass(10);
  house.smoke();
  assert.equal(house.callOuts.length, 1, 'the same fire is no second call-out');
  house.answers('venue', 1, 'coming');
  assert.deepEqual([house.of('venue')?.state, house.lines], ['answered', ['answered a.']]);
  house.pass(3_600);
  assert.equal(house.of('venue')?.calls.length, 2);
});

test('a word with the venue ends it; so does that it is nothing; with its incident it leaves memory', () => {
  const house = new House();
  house.person('a');
  house.smoke();
  house.handle({ kind: 'take' }, { kind: 'call', whom: 'a.', outcome: 'noAnswer' });
  assert.equal(house.of('venue')?.state, 'calling');
  house.handle({ kind: 'call', whom: 'a.', outcome: 'answered' });
  assert.deepEqual([house.of('venue')?.state, house.of('venue')?.ended], ['ended', 'word']);
  house.handle({ kind: 'verify', verdict: 'false', means: 'call', seenCount: 1 });
  house.smoke(false);
  house.acknowledge();
  house.handle({ kind: 'close', cause: 'cooking', note: 'n' });
  assert.deepEqual(
    [house.callOuts, [...house.feed.timers.values()].filter(({ purpose }) => purpose.kind === 'callOutDue')],
    [[], []],
  );
});

test('what comes after it was found to be nothing is another fire: the venue is called anew', () => {
  const house = new House();
  house.person('a');
  house.smoke();
  house.handle({ kind: 'take' }, { kind: 'verify', verdict: 'false', means: 'video', seenCount: 1 });
  assert.equal(house.of('venue')?.ended, 'dismissed');
  house.smoke(false);
  house.acknowledge();
  house.pass(60);
  house.smoke();
  assert.deepEqual(
    house.callOuts.map(({ state }) => state),
    ['ended', 'calling'],
  );
});

test('the people of the desk are called while nobody there acknowledges; a seat that has it ends that, not the venue', () => {
  const house = new House();
  house.person('a');
  house.person('l', '');
  house.smoke();
  house.pass(9);
  assert.equal(house.of('desk')?.calls.length, 0);
  house.pass(1);
  assert.equal(house.of('desk')?.calls[0]?.to, '1380000l');
  house.acknowledge();
  assert.deepEqual(
    [house.of('desk')?.state, house.of('desk')?.ended, house.of('venue')?.state],
    ['ended', 'acknowledged', 'calling'],
  );
});

test('nobody to call, or of another origin: on record, and nobody is called', () => {
  const empty = new House();
  empty.smoke();
  assert.deepEqual(
    [empty.of('venue')?.state, empty.of('venue')?.heldBack, empty.of('desk')],
    ['heldBack', 'nobody', undefined],
  );
  const simulated = new House('simulated');
  simulated.person('a');
  simulated.person('l', '');
  simulated.smoke();
  simulated.pass(3_600);
  assert.deepEqual(
    simulated.callOuts.map(({ state, heldBack, calls, people }) => [state, heldBack, calls.length, people.length]),
    [
      ['heldBack', 'origin', 0, 1],
      ['heldBack', 'origin', 0, 1],
    ],
  );
});

test('opened by hand: the people of the venue are called; typed in late, nobody', () => {
  for (const [happenedAt, called] of [
    [undefined, 1],
    [T0 - 3_600_000, 0],
  ] as const) {
    const house = new House();
    house.person('a');
    house.person('l', '');
    house.open(happenedAt);
    assert.deepEqual(
      house.callOuts.map(({ chain, calls }) => [chain, calls.length]),
      called === 0 ? [] : [['venue', 1]],
    );
  }
});

test('nobody answers: it stands in the history, and on', () => {
  const house = new House();
  house.person('a');
  house.smoke();
  house.pass(3_600);
  assert.deepEqual([house.of('venue')?.state, house.lines], ['unanswered', ['unanswered']]);
  house.answers('venue', 2, 'coming');
  assert.deepEqual(house.lines, ['unanswered', 'answered a.']);
});

test('a test of the way calls one person, once round; at a simulated venue nobody', () => {
  const house = new House();
  house.person('a');
  house.person('b');
  const purpose = { kind: 'callOutTest', callOutId: 't-1', contactId: 'b', venueId: 'V1', by: 'li' } as const;
  house.fires(purpose);
  assert.deepEqual(
    house.callOuts.map(({ cause, people, calls }) => [cause, people.length, calls.length]),
    [[{ kind: 'test', by: 'li' }, 1, 1]],
  );
  house.pass(3_600);
  assert.deepEqual([house.callOuts, house.lines], [[], []]);
  const simulated = new House('simulated');
  simulated.person('b');
  simulated.fires(purpose);
  assert.deepEqual(simulated.callOuts, []);
});
