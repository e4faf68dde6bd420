import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentVerdicts } from '@fengsui/protocol';
import type { Origin } from '@fengsui/alarm';
import fc from 'fast-check';
import { nextIncident, type IncidentEvent } from '../incident/incident-life.ts';
import type { KeptIncident, KeptIncidentAlarm } from '../incident/kept-incident.ts';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import { Effects } from '../situation/effects.ts';
import { Situation } from '../situation/situation.ts';
import { messageOwed, reportIncident } from './report-incident.ts';

const AT = Date.UTC(2026, 10, 24, 3);

const alarm = (alarmId: string): KeptIncidentAlarm => ({
  ...{ alarmId, deviceId: 'S1', pointId: 'smoke', kind: 'smoke', category: 'fire', priority: 'P1' },
  ...{ raisedAt: AT - 41_000, receivedAt: AT - 40_000 },
});
const owned = (origin: Origin): KeptIncident => ({
  ...{ id: 'i1', number: 7, revision: 3, state: 'owned', owner: 'li' },
  place: { partition: 0, venueId: 'V1', origin },
  openedAt: AT - 40_000,
  alarms: [alarm('a0')],
  alarmCount: 1,
  callCount: 1,
  firstWordAt: AT - 9_000,
  lastWordAt: AT - 9_000,
  stepCount: 4,
});

function told(incident: KeptIncident, event: IncidentEvent): KeptIncident {
  const outcome = nextIncident(incident, event);
  if ('refused' in outcome) assert.fail(`${event.kind}: ${outcome.refused.code}`);
  return outcome.incident;
}

const verified = (incident: KeptIncident, verdict: 'true' | 'false'): KeptIncident =>
  told(incident, {
    ...{ kind: 'verify', by: 'li', at: AT, revision: incident.revision },
    ...{ verdict, means: 'call', seenCount: incident.alarmCount },
  });

const alertOf = (origin: Origin) => {
  const before = owned(origin);
  return { kind: 'alert', before, incident: verified(before, 'true') } as const;
};

function registry(origin: Origin): Registry {
  const kept = new Registry();
  const venue = { id: 'V1', name: '城西小学', class: 'school', organisationId: 'O1', origin } as const;
  kept.apply({ kind: 'venuePut', venue: { ...venue, address: '城西路 8 号', storeys: 4, people: 900, gas: 'piped' } });
  const person = { venueId: 'V1', name: '陈', phone: '13800000000' } as const;
  kept.apply({ kind: 'contactPut', contact: { ...person, id: 'c2', role: 'owner', rank: 2 } });
  kept.apply({ kind: 'contactPut', contact: { ...person, id: 'c1', name: '王', role: 'duty', rank: 1 } });
  const device = { id: 'S1', model: 'generic-smoke', venueId: 'V1', origin, reportingIntervalMs: 60_000 } as const;
  kept.apply({ kind: 'devicePut', device: { ...device, area: '三楼 走廊', name: '感烟 12' } });
  return kept;
}

test('a message has what the fire brigade asks about a place, as it was when a person confirmed', () => {
  const situation = new Situation(registry('live'));
  const effects = new Effects();
  const after = reportIncident(situation, effects, alertOf('live'));
  const [message] = effects.fireMessages.values();
  assert.deepEqual(message?.text, {
    schema: 'fengsui.fireMessage.1',
    messageId: 'i1-5',
    kind: 'alert',
    sentAt: '2026-11-24T03:00:00.000Z',
    references: [],
    verified: { verdict: 'true', means: 'call', by: 'li', at: '2026-11-24T03:00:00.000Z' },
    incident: { id: 'i1', number: 7, openedAt: '2026-11-24T02:59:20.000Z' },
    venue: {
      ...{ id: 'V1', name: '城西小学', class: 'school', address: '城西路 8 号' },
      ...{ storeys: 4, people: 900, gas: 'piped' },
    },
    contacts: [
      { name: '王', role: 'duty', phone: '13800000000' },
      { name: '陈', role: 'owner', phone: '13800000000' },
    ],
    alarms: [
      {
        ...{ id: 'a0', kind: 'smoke', category: 'fire', place: '三楼 走廊 感烟 12', deviceId: 'S1' },
        raisedAt: '2026-11-24T02:59:19.000Z',
      },
    ],
    alarmCount: 1,
  });
  assert.deepEqual(after.report, { messageId: 'i1-5', kind: 'alert', madeAt: AT, failedCount: 0 });
});

test('of any origin but live it is made, is on record, and stays in the house', () => {
  for (const origin of ['simulated', 'drill', 'test', 'replay'] as const) {
    const effects = new Effects();
    const after = reportIncident(new Situation(registry(origin)), effects, alertOf(origin));
    assert.equal(after.report?.heldBack, 'origin', origin);
    assert.equal(effects.incidentSteps.at(-1)?.step.detail?.['heldBack'], 'origin');
  }
});

test('a cancel names what it takes back; nobody is told of what he cannot know', () => {
  const situation = new Situation(registry('live'));
  const alarmed = reportIncident(situation, new Effects(), alertOf('live'));
  const turned = verified(alarmed, 'false');
  assert.equal(messageOwed(alarmed, turned), 'cancel');
  const effects = new Effects();
  reportIncident(situation, effects, { kind: 'cancel', before: alarmed, incident: turned });
  const [message] = effects.fireMessages.values();
  assert.deepEqual(message?.text.references, [{ messageId: 'i1-5', sentAt: '2026-11-24T03:00:00.000Z' }]);
  const unsaid = told(alarmed, { kind: 'reportHeldBack', at: AT, messageId: 'i1-5', heldBack: 'noChannel' });
  assert.equal(messageOwed(unsaid, verified(unsaid, 'false')), undefined);
  const called = told(unsaid, { kind: 'tell', by: 'li', at: AT, revision: unsaid.revision, answeredBy: '119' });
  assert.equal(messageOwed(called, verified(called, 'false')), 'cancel');
});

test('whatever comes in whatever order: at its end the fire-command side knows what was found, or never heard of it', () => {
  const moves = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('verify' as const), verdict: fc.constantFrom(...incidentVerdicts) }),
      },
      fc.record({ kind: fc.constantFrom('tell' as const, 'close' as const, 'join' as const, 'arrive' as const) }),
      fc.record({
        kind: fc.constantFrom('reportDelivered' as const, 'reportFailed' as const, 'reportHeldBack' as const),
      }),
    ),
    { minLength: 4, maxLength: 30 },
  );
  let closedCount = 0;
  fc.assert(
    fc.property(moves, (played) => {
      const situation = new Situation(registry('live'));
      let incident = owned('live');
      // What they have been told last, by whatever way; the oracle of the test.
      let known: 'nothing' | 'true' | 'cancelled' = 'nothing';
      played.forEach((move, index) => {
        const at = AT + index * 1_000;
        const by = { by: 'li', at, revision: incident.revision };
        const messageId = incident.report?.messageId ?? 'none';
        const event: IncidentEvent =
          move.kind === 'verify'
            ? { ...by, ...move, means: 'video', seenCount: incident.alarmCount }
            : {
                tell: { ...by, kind: 'tell' as const, answeredBy: '119' },
                close: { ...by, kind: 'close' as const, cause: 'other' as const, note: 'n', unacknowledgedCount: 0 },
                arrive: { ...by, kind: 'arrive' as const, whom: 'guard' },
                join: { at, kind: 'join' as const, alarm: alarm(`b${index}`) },
                reportDelivered: { at, kind: 'reportDelivered' as const, messageId, receipt: 'r' },
                reportFailed: { at, kind: 'reportFailed' as const, messageId, failedCount: 1, reason: 'away' },
                reportHeldBack: { at, kind: 'reportHeldBack' as const, messageId, heldBack: 'noChannel' as const },
              }[move.kind];
        const outcome = nextIncident(incident, event);
        if ('refused' in outcome) return;
        const before = incident;
        incident = outcome.incident;
        const isTaken = event.kind === 'reportDelivered' && outcome.step !== undefined;
        if (isTaken) known = before.report?.kind === 'alert' ? 'true' : 'cancelled';
        if (event.kind === 'tell') known = before.state === 'confirmed' ? 'true' : 'cancelled';
        const owed = messageOwed(before, incident);
        if (owed !== undefined) incident = reportIncident(situation, new Effects(), { kind: owed, before, incident });
        if (event.kind !== 'close' || incident.state !== 'closed') return;
        closedCount++;
        if (incident.verdict?.word === 'true') assert.equal(known, 'true');
        else assert.notEqual(known, 'true');
      });
    }),
    propertySettings(500),
  );
  assert.ok(closedCount > 0);
});
