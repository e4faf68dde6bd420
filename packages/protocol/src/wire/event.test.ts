import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels } from '@fengsui/alarm';
import fc from 'fast-check';
import { decodeEvent, encodeEvent, type DeviceEvent } from './event.ts';
import { encodeUtf8 } from './utf8.ts';

function decode(text: string): DeviceEvent {
  const outcome = decodeEvent(encodeUtf8(text));
  assert.equal(outcome.kind, 'event', JSON.stringify(outcome));
  return outcome;
}

test('an event carries everything that was sent', () => {
  const text =
    '{"epoch":"b7","seq":813,"at":1763718000123,"kind":"arc","point":"c1","active":true,"level":"warning",' +
    '"confidence":0.97,"evidence":{"halfCycles":14},"captureId":"cap-1"}';
  assert.deepEqual(decode(text), {
    kind: 'event',
    epoch: 'b7',
    seq: 813,
    eventKind: 'arc',
    point: 'c1',
    isMomentary: false,
    active: true,
    level: 'warning',
    at: 1763718000123,
    confidence: 0.97,
    evidence: { halfCycles: 14 },
    captureId: 'cap-1',
    flags: [],
  });
});

test('a bare kind is an active alarm of the whole device: the loud reading is the safe one', () => {
  assert.deepEqual(decode('{"kind":"smoke"}'), {
    kind: 'event',
    epoch: '',
    eventKind: 'smoke',
    point: '',
    isMomentary: false,
    active: true,
    level: 'alarm',
    flags: ['atMissing', 'levelMissing'],
  });
});

test('every bad field is dropped and flagged, and the event still raises', () => {
  const text =
    '{"epoch":"12345678901234567","seq":-1,"at":"x","kind":"heat","point":"a\\u0007","active":"no","level":"critical",' +
    '"confidence":1.2,"evidence":[1],"captureId":"a/b","kind":"heat"}';
  assert.deepEqual(decode(text), {
    kind: 'event',
    epoch: '',
    eventKind: 'heat',
    point: '',
    isMomentary: false,
    active: true,
    level: 'alarm',
    flags: [
      'duplicateKeys',
      'identityInvalid',
      'atInvalid',
      'confidenceInvalid',
      'evidenceInvalid',
      'captureIdInvalid',
      'pointInvalid',
      'activeInvalid',
      'levelInvalid',
    ],
  });
});

test('a kind and a point that nobody knows are kept as they are', () => {
  const event = decode('{"at":1,"kind":"水浸","point":"x9.humidityPct","level":"attention"}');
  assert.deepEqual(
    [event.eventKind, event.point, event.level, event.flags],
    ['水浸', 'x9.humidityPct', 'attention', []],
  );
});

test('active:false ends a state, but not a moment', () => {
  assert.equal(decode('{"kind":"arc","active":false,"level":"alarm","at":1}').active, false);
  for (const kind of ['loadOn', 'loadOff', 'localAction']) {
    const event = decode(`{"kind":"${kind}","active":false,"at":1}`);
    assert.deepEqual([event.isMomentary, event.active, event.flags], [true, true, []], kind);
  }
});

test('only an unreadable kind or payload discards an event', () => {
  for (const kind of [
    '',
    '"kind":""',
    '"kind":7',
    '"kind":null',
    '"kind":"a\\nb"',
    `"kind":"${'k'.repeat(65)}"`,
    '"kind":"__proto__"',
  ]) {
    assert.equal(decodeEvent(encodeUtf8(`{${kind}}`)).kind, 'discarded', kind);
  }
  assert.equal(decodeEvent(encodeUtf8('smoke!')).kind, 'discarded');
});

test('evidence is bounded in size and depth and must be storable', () => {
  const withEvidence = (evidence: string) => decode(`{"kind":"arc","level":"alarm","at":1,"evidence":${evidence}}`);
  assert.deepEqual(withEvidence(`{"a":"${'x'.repeat(16_000)}"}`).flags, []);
  assert.deepEqual(withEvidence(`{"a":"${'x'.repeat(16_400)}"}`).flags, ['evidenceInvalid']);
  assert.deepEqual(withEvidence(`{"a":"${'火'.repeat(6_000)}"}`).flags, ['evidenceInvalid']);
  assert.deepEqual(withEvidence(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`).flags, ['evidenceInvalid']);
  assert.deepEqual(withEvidence('{"a":"\\u0000"}').flags, ['evidenceInvalid']);
  assert.deepEqual(withEvidence('{"a":"\\ud83d"}').flags, ['evidenceInvalid']);
});

test('decoding an encoded event gives the event back', () => {
  const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9.]{0,60}$/);
  const message = fc.record(
    {
      epoch: fc.stringMatching(/^[a-z0-9]{0,16}$/),
      seq: fc.maxSafeNat(),
      at: fc.nat(),
      kind: name.filter((kind) => !['loadOn', 'loadOff', 'localAction'].includes(kind)),
      point: name,
      active: fc.boolean(),
      level: fc.constantFrom(...levels),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }).filter((value) => !Object.is(value, -0)),
      evidence: fc.dictionary(name, fc.oneof(fc.integer(), name, fc.boolean(), fc.constant(null))),
      captureId: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    },
    { requiredKeys: ['kind', 'at', 'level'] },
  );
  fc.assert(
    fc.property(message, (sent) => {
      const { kind: eventKind, ...rest } = sent;
      const expected = {
        epoch: '',
        point: '',
        active: true,
        ...rest,
        kind: 'event',
        eventKind,
        isMomentary: false,
        flags: [],
      };
      const decoded = decodeEvent(encodeEvent(sent));
      assert.deepEqual(decoded, { ...expected, ...(sent.evidence ? { evidence: { ...sent.evidence } } : {}) });
    }),
  );
});
