import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextCallOut, nextDueAt, waitingCalls, type CallOutEvent } from './call-out-life.ts';
import { callOutPlans } from './call-out-plan.ts';
import { contact, venueCallOut } from './call-out.fixture.ts';
import type { KeptCallOut } from './kept-call-out.ts';

const T0 = 1_750_000_000_000;
const at = (seconds: number): number => T0 + seconds * 1000;

/** Lets the time pass up to `untilS`, each call sent at once. */
function pass(callOut: KeptCallOut, untilS: number): KeptCallOut {
  let now = callOut;
  for (;;) {
    for (const { number } of waitingCalls(now))
      now = nextCallOut(now, { kind: 'sent', number, receipt: `r${number}`, at: now.calls[number - 1]?.madeAt ?? 0 });
    const due = nextDueAt(now);
    if (due === undefined || due > at(untilS)) return now;
    now = nextCallOut(now, { kind: 'due', at: due });
  }
}

const told = ({ calls }: KeptCallOut): string[] =>
  calls.map(({ contactId, channel, madeAt }) => `${(madeAt - T0) / 1000} s ${contactId} ${channel}`);

test('nobody answers: each person way by way every 10 s, the next person after 20 s, twice; then it stands unanswered', () => {
  const begun = venueCallOut({ at: T0, people: [contact('a'), contact('b', ['voice', 'mail'])] });
  const over = pass(begun, 3_600);
  assert.deepEqual(told(over), [
    '0 s a voice',
    '10 s a sms',
    '20 s a voice',
    '20 s b voice',
    '30 s a sms',
    '30 s b mail',
    '40 s b voice',
    '50 s b mail',
  ]);
  assert.deepEqual([over.state, (over.endedAt ?? 0) - T0], ['unanswered', 60_000]);
});

test('the desk begins after 10 s, and calls another person every 10 s', () => {
  const begun = venueCallOut({ at: T0, chain: 'desk', people: ['a', 'b', 'c'].map((id) => contact(id, ['voice'])) });
  assert.deepEqual(told(pass(begun, 30)), [
    '10 s a voice',
    '20 s a voice',
    '20 s b voice',
    '30 s b voice',
    '30 s c voice',
  ]);
});

test('who goes there ends it; who cannot is left alone, and the next is called at once', () => {
  const begun = pass(venueCallOut({ at: T0, people: [contact('a'), contact('b')] }), 4);
  const refused = pass(nextCallOut(begun, { kind: 'answered', number: 1, answer: 'cannot', at: at(5) }), 5);
  assert.deepEqual(told(refused), ['0 s a voice', '5 s b voice']);
  const answered = nextCallOut(refused, { kind: 'answered', number: 2, answer: 'coming', at: at(9) });
  assert.deepEqual([answered.state, answered.answeredBy, nextDueAt(answered)], ['answered', 'b', undefined]);
  assert.equal((answered.calls[1]?.answeredAt ?? 0) - (answered.calls[1]?.sentAt ?? 0), 4_000, 'how long he took');
  assert.equal(pass(answered, 3_600), answered);
});

test('a dead line costs no time: the next way at once; a number that is none is not tried in the second round', () => {
  const begun = venueCallOut({ at: T0, people: [contact('a', ['voice', 'sms', 'mail'])] });
  const first = nextCallOut(begun, { kind: 'failed', number: 1, reason: 'no such number', isForGood: true, at: at(1) });
  const second = nextCallOut(first, { kind: 'failed', number: 2, reason: 'HTTP 503', at: at(2) });
  assert.deepEqual(told(second), ['0 s a voice', '1 s a sms', '2 s a mail']);
  // A new round waits for its time, or a city without a line would be called a thousand times in a second.
  const third = nextCallOut(second, { kind: 'failed', number: 3, reason: 'HTTP 503', at: at(3) });
  assert.deepEqual(told(pass(third, 60)).slice(3), ['12 s a sms', '22 s a mail']);
});

test('an answer that comes when everybody was tried still counts; one that comes when it is over is kept', () => {
  const tired = pass(venueCallOut({ at: T0, people: [contact('a', ['voice'])] }), 600);
  assert.equal(tired.state, 'unanswered');
  assert.equal(nextCallOut(tired, { kind: 'answered', number: 1, answer: 'coming', at: at(700) }).state, 'answered');
  const ended = nextCallOut(pass(venueCallOut({ at: T0, people: [contact('a')] }), 3), {
    kind: 'end',
    why: 'word',
    at: at(4),
  });
  const late = nextCallOut(ended, { kind: 'answered', number: 1, answer: 'coming', at: at(9) });
  assert.deepEqual([late.state, late.calls[0]?.answer, late.answeredBy], ['ended', 'coming', undefined]);
});

test('of any origin but live nobody is called, whatever happens', () => {
  for (const origin of ['simulated', 'drill', 'test', 'replay'] as const) {
    const held = venueCallOut({ at: T0, origin, people: [contact('a')] });
    assert.deepEqual([held.state, held.heldBack, held.calls], ['heldBack', 'origin', []]);
    assert.equal(pass(held, 3_600), held);
    assert.equal(nextCallOut(held, { kind: 'due', at: at(60) }), held);
  }
});

const events: fc.Arbitrary<CallOutEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('due' as const), at: fc.nat(200) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('sent' as const),
      number: fc.nat(20),
      receipt: fc.constant('r'),
      at: fc.nat(200),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constant('failed' as const),
        number: fc.nat(20),
        reason: fc.constant('x'),
        isForGood: fc.constant(true as const),
        at: fc.nat(200),
      },
      { requiredKeys: ['kind', 'number', 'reason', 'at'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answered' as const),
      number: fc.nat(20),
      answer: fc.constantFrom('coming' as const, 'cannot' as const),
      at: fc.nat(200),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      why: fc.constantFrom('word' as const, 'closed' as const),
      at: fc.nat(200),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('noChannel' as const), at: fc.nat(200) }) },
);

const openings = fc.record({
  origin: fc.constantFrom('live' as const, 'live' as const, 'live' as const, 'drill' as const, 'simulated' as const),
  chain: fc.constantFrom('venue' as const, 'desk' as const),
  people: fc.array(fc.subarray(['voice', 'sms', 'mail', 'push', 'webhook'] as const), { maxLength: 8 }),
});

test('model: in any order of events', () => {
  const property = fc.property(openings, fc.array(events, { maxLength: 60 }), ({ origin, chain, people }, happened) => {
    let now = venueCallOut({ at: T0, origin, chain, people: people.map((ways, index) => contact(`p${index}`, ways)) });
    const ordered = happened.toSorted((a, b) => a.at - b.at);
    for (const event of ordered.map((one) => ({ ...one, at: at(one.at) }))) {
      const before = now;
      now = nextCallOut(before, event);
      holds(before, now);
    }
  });
  fc.assert(property, { numRuns: 3_000 });
});

/** Against a plain account of what was called before: the life itself keeps less. */
function holds(before: KeptCallOut, after: KeptCallOut): void {
  const made = after.calls.slice(before.calls.length);
  if (before.state !== 'calling') assert.equal(made.length, 0, 'once answered, over or held back it never calls again');
  if (after.place.origin !== 'live') assert.equal(after.calls.length, 0, 'a drill reaches nobody');
  if (after.state !== 'calling') {
    assert.equal(nextDueAt(after), undefined);
    assert.deepEqual(waitingCalls(after), []);
    assert.ok(!after.calls.some(({ state }) => state === 'waiting'), 'nothing lies about to be sent');
  } else assert.ok(nextDueAt(after) !== undefined, 'a call-out that goes on has its next time');
  const { rounds } = callOutPlans[after.chain];
  for (const person of after.people) {
    const calls = after.calls.filter(({ contactId }) => contactId === person.contactId);
    assert.ok(calls.length <= person.ways.length * rounds, 'nobody is called without end');
    const declined = calls.find(({ answer }) => answer === 'cannot');
    const again = calls.filter(({ madeAt }) => declined !== undefined && madeAt > (declined.answeredAt ?? 0));
    assert.equal(again.length, 0, 'who cannot is left alone');
  }
  for (const { contactId, channel, to } of made) {
    const isDead = after.calls.some(
      (one) => one.isForGood && one.contactId === contactId && one.channel === channel && one.to === to,
    );
    assert.ok(!isDead, 'a way that leads nowhere is not tried again');
  }
  assert.deepEqual(
    after.calls.map(({ number }) => number),
    after.calls.map((_, index) => index + 1),
  );
  const firstUncalled = after.people.findIndex(({ tried }) => tried === 0);
  if (firstUncalled >= 0 && !after.calls.some(({ answer }) => answer === 'cannot'))
    assert.ok(
      after.people.slice(firstUncalled).every(({ tried }) => tried === 0),
      'in their order',
    );
  if (after.state === 'answered')
    assert.ok(after.calls.some(({ answer, contactId }) => answer === 'coming' && contactId === after.answeredBy));
  for (const [index, call] of before.calls.entries())
    if (call.answer === 'coming') assert.equal(after.calls[index]?.answer, 'coming', 'what was answered stays');
}
