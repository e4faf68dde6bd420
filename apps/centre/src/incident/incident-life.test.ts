import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOutcomes, incidentVerdicts, verificationMeans, type IncidentState } from '@fengsui/protocol';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { nextIncident, type IncidentEvent, type IncidentPersonEvent } from './incident-life.ts';
import type { KeptIncident, KeptIncidentAlarm } from './kept-incident.ts';

const AT = Date.UTC(2026, 10, 23, 18);

const alarm = (alarmId: string): KeptIncidentAlarm => ({
  ...{ alarmId, deviceId: `D-${alarmId}`, pointId: 'smoke', kind: 'smoke', category: 'fire', priority: 'P1' },
  raisedAt: AT,
  receivedAt: AT,
});
const opened: KeptIncident = {
  id: 'i1',
  number: 1,
  revision: 1,
  state: 'open',
  place: { partition: 0, venueId: 'V1', origin: 'live' },
  openedAt: AT,
  alarms: [alarm('a0')],
  alarmCount: 1,
  callCount: 0,
  stepCount: 1,
};

type Said = { [Kind in IncidentEvent['kind']]: Omit<Extract<IncidentEvent, { kind: Kind }>, 'by' | 'at' | 'revision'> };
type Given = Said[IncidentEvent['kind']];

const acts: ReadonlySet<string> = new Set<IncidentPersonEvent['kind']>([
  ...(['take', 'offer', 'takeOver', 'call', 'send', 'arrive', 'verify', 'tell', 'plan', 'note', 'close'] as const),
]);

/** Told one after another, each a second later, by whoever is named before the colon (`li` unless said). */
function play(incident: KeptIncident, ...events: readonly (Given | readonly [by: string, Given])[]): KeptIncident {
  let now = incident;
  events.forEach((one, index) => {
    const [by, given] = 'kind' in one ? (['li', one] as const) : one;
    const told = nextIncident(now, eventOf(given, by, AT + (index + 1) * 1_000, now.revision));
    if ('refused' in told) assert.fail(`${given.kind}: ${told.refused.code}: ${told.refused.detail}`);
    now = told.incident;
  });
  return now;
}

const eventOf = (given: Given, by: string, at: number, revision: number): IncidentEvent =>
  ({ ...given, at, ...(acts.has(given.kind) ? { by, revision } : { by }) }) as IncidentEvent;

function codeOf(incident: KeptIncident, given: Given, by = 'li', revision = incident.revision): string | undefined {
  const told = nextIncident(incident, eventOf(given, by, AT + 60_000, revision));
  return 'refused' in told ? told.refused.code : undefined;
}

const take: Given = { kind: 'take' };
const answered: Given = { kind: 'call', whom: '值班室', outcome: 'answered' };
const verify = (verdict: (typeof incidentVerdicts)[number]): Given => ({
  ...{ kind: 'verify', verdict, means: 'call' },
  seenCount: 1,
});
const tell: Given = { kind: 'tell', answeredBy: '119 seat 3' };
const close: Given = { kind: 'close', cause: 'cooking', note: 'pan', unacknowledgedCount: 0 };
const join = (id: string): Given => ({ kind: 'join', alarm: alarm(id) });

test('the whole way: taken, called, found true, told, planned, closed; each stamp is its own instant', () => {
  const done = play(
    opened,
    { kind: 'display' },
    take,
    answered,
    verify('true'),
    tell,
    { kind: 'plan', note: 'plan 3' },
    close,
  );
  const after = (at: number | undefined): number | undefined => at && (at - AT) / 1_000;
  assert.equal(done.state, 'closed');
  assert.deepEqual(
    [
      done.displayedAt,
      done.ownedAt,
      done.firstWordAt,
      done.verdict?.at,
      done.told?.at,
      done.plannedAt,
      done.closedAt,
    ].map(after),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.deepEqual([done.cause, done.closedBy, done.revision], ['cooking', 'li', 7]);
});

test('one person has it: who comes second is told who, and is no owner until he takes what is offered', () => {
  const owned = play(opened, take);
  assert.equal(codeOf(owned, take, 'wang'), 'ownedByAnother');
  assert.equal(codeOf(owned, answered, 'wang'), 'notOwner');
  assert.equal(codeOf(opened, answered), 'notPossible');
  const offered = play(owned, { kind: 'offer', to: 'wang' });
  assert.deepEqual([offered.owner, offered.offeredTo], ['li', 'wang']);
  assert.equal(codeOf(offered, take, 'zhao'), 'ownedByAnother');
  const taken = play(offered, ['wang', take]);
  assert.deepEqual([taken.owner, taken.offeredTo], ['wang', undefined]);
  assert.equal(codeOf(taken, { kind: 'takeOver', reason: ' ' }, 'chen'), 'evidenceMissing');
  assert.equal(play(taken, ['chen', { kind: 'takeOver', reason: 'wang is on another' }]).owner, 'chen');
});

test('whoever acknowledges what nobody handles has it; a later acknowledgement changes nothing', () => {
  const owned = play(opened, ['li', { kind: 'acknowledge' }]);
  assert.deepEqual([owned.state, owned.owner, owned.acknowledgedAt], ['owned', 'li', AT + 1_000]);
  assert.equal(play(owned, ['wang', { kind: 'acknowledge' }]), owned);
});

test('an act that names what he did not see is refused', () => {
  assert.equal(codeOf(play(opened, take), answered, 'li', 1), 'incidentChanged');
});

test('alarms that join keep nobody from acting, but none is dismissed that he has not seen', () => {
  const owned = play(opened, take);
  const spread = play(owned, join('a1'), join('a2'), { kind: 'end', alarmId: 'a1' });
  assert.equal(codeOf(spread, answered, 'li', owned.revision), undefined);
  const heard = play(spread, answered);
  assert.equal(codeOf(heard, verify('false')), 'incidentChanged');
  assert.equal(codeOf(heard, { ...verify('false'), seenCount: 3 } as Given), undefined);
  assert.equal(codeOf(heard, verify('true')), undefined, 'that it burns does not depend on how many say so');
});

test('nobody finds anything out without a word with the venue: an unanswered call is none', () => {
  const owned = play(opened, take, { kind: 'call', whom: '业主', outcome: 'noAnswer' });
  assert.equal(codeOf(owned, verify('false')), 'evidenceMissing');
  assert.equal(codeOf(owned, { kind: 'verify', verdict: 'true', means: 'video', seenCount: 0 }), undefined);
  assert.equal(codeOf(play(owned, { kind: 'arrive', whom: '保安' }), verify('true')), undefined);
});

test('a fire is closed when the fire-command side knows: by a receipt or by telephone', () => {
  const confirmed = play(opened, take, answered, verify('true'));
  assert.equal(codeOf(confirmed, close), 'notReported');
  const report = { messageId: 'm1', kind: 'alert', madeAt: AT, failedCount: 0 } as const;
  assert.equal(codeOf({ ...confirmed, report }, close), 'notReported');
  assert.equal(codeOf({ ...confirmed, report: { ...report, deliveredAt: AT } }, close), undefined);
  assert.equal(codeOf(play(confirmed, tell), close), undefined);
  assert.equal(codeOf(play(confirmed, tell), { ...close, note: ' ' }), 'evidenceMissing');
  assert.equal(codeOf(play(confirmed, tell), { ...close, unacknowledgedCount: 1 }), 'alarmsUnacknowledged');
});

test('a fire that turns out to be none is closed when those who may know of it were told so', () => {
  const confirmed = play(opened, take, answered, verify('true'));
  const sent = play(confirmed, { kind: 'report', messageId: 'm1', messageKind: 'alert' });
  assert.equal(codeOf(sent, { kind: 'report', messageId: 'm2', messageKind: 'alert' }), undefined);
  const turned = play(play(sent, tell), verify('false'));
  assert.equal(turned.told, undefined, 'what they were told is no longer so');
  assert.equal(codeOf(turned, tell), 'notPossible');
  const cancelled = play(turned, { kind: 'report', messageId: 'm2', messageKind: 'cancel' });
  assert.equal(codeOf(cancelled, close), 'notReported');
  const late = play(cancelled, { kind: 'reportDelivered', messageId: 'm1', receipt: 'r' });
  assert.equal(late, cancelled, 'the receipt of what was sent before is none for this');
  assert.equal(codeOf(play(cancelled, { kind: 'reportDelivered', messageId: 'm2', receipt: 'r' }), close), undefined);
  assert.equal(codeOf(play(cancelled, tell), close), undefined);
});

test('that it is true, said again, begins no new time', () => {
  const confirmed = play(opened, take, answered, verify('true'));
  const again = play(confirmed, verify('true'));
  assert.deepEqual(again.verdict, confirmed.verdict);
  assert.equal(again.revision, confirmed.revision + 1);
});

test('an alarm that comes after it was dismissed opens it again, and asks for a new word', () => {
  const dismissed = play(opened, take, answered, verify('false'));
  const again = play(dismissed, join('a1'));
  assert.deepEqual([again.state, again.verdict, again.alarmCount, again.owner], ['owned', undefined, 2, 'li']);
  assert.equal(codeOf(again, verify('true')), 'evidenceMissing');
  assert.equal(codeOf(play(again, answered), verify('true')), undefined);
  assert.equal(again.firstWordAt, AT + 2_000, 'the first word is the first word');
});

test('whatever is done in whatever order by whomever: one owner, a fire is never closed untold, nothing closes unverified', () => {
  const who = fc.constantFrom('li', 'wang', 'zhao');
  const note = fc.constantFrom('n', ' ');
  const given: fc.Arbitrary<Given> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Given>(take, { kind: 'display' }, { kind: 'acknowledge' }) },
    fc.record({ kind: fc.constant('offer' as const), to: who }),
    fc.record({ kind: fc.constant('takeOver' as const), reason: note }),
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ kind: fc.constant('call' as const), whom: who },
        outcome: fc.constantFrom(...callOutcomes),
      }),
    },
    fc.record({ kind: fc.constantFrom('send' as const, 'arrive' as const), whom: who }),
    {
      weight: 4,
      arbitrary: fc.record({
        ...{ kind: fc.constant('verify' as const), verdict: fc.constantFrom(...incidentVerdicts) },
        means: fc.constantFrom(...verificationMeans),
        seenCount: fc.constantFrom(1, 2, 3),
      }),
    },
    fc.record({ kind: fc.constant('tell' as const), answeredBy: note }),
    fc.record({ kind: fc.constantFrom('plan' as const, 'note' as const), note }),
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ kind: fc.constant('close' as const), cause: fc.constant('other' as const), note },
        unacknowledgedCount: fc.constantFrom(0, 0, 1),
      }),
    },
    fc.constantFrom('a1', 'a2').map(join),
    fc.record({ kind: fc.constant('end' as const), alarmId: fc.constantFrom('a0', 'a1') }),
  );
  const reached = new Set<IncidentState>();
  fc.assert(
    fc.property(fc.array(fc.tuple(who, given), { minLength: 10, maxLength: 60 }), (moves) => {
      let incident = opened;
      moves.forEach(([by, one], index) => {
        const before = incident;
        const told = nextIncident(before, eventOf(one, by, AT + index * 1_000, before.revision));
        if ('refused' in told) return;
        incident = told.incident;
        reached.add(incident.state);
        assert.equal(told.step === undefined, incident === before, one.kind);
        assert.equal(incident.state === 'open', incident.owner === undefined);
        assert.equal(['confirmed', 'dismissed'].includes(incident.state) && incident.verdict === undefined, false);
        assert.equal(incident.state === 'confirmed', incident.state !== 'closed' && incident.verdict?.word === 'true');
        if (before.owner !== incident.owner && before.owner !== undefined)
          assert.ok(one.kind === 'takeOver' || (one.kind === 'take' && before.offeredTo === by), one.kind);
        if (before.state === 'closed') assert.equal(incident.state, 'closed');
        if (incident.state === 'closed') {
          assert.ok(incident.verdict !== undefined && incident.cause !== undefined);
          assert.ok(incident.verdict.word !== 'true' || incident.told !== undefined);
        }
        for (const [name, at] of Object.entries(before))
          if (/^(displayed|acknowledged|firstWord|closed)At$/.test(name))
            assert.equal(incident[name as keyof KeptIncident], at, name);
      });
    }),
    propertySettings(500),
  );
  if (process.env['FENGSUI_SEED'] === undefined) assert.equal(reached.size, 5);
});
