import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmStates, categories, levels, origins, priorities } from '@fengsui/alarm';
import fc from 'fast-check';
import { standingOf } from '../alarm/alarm-standing.ts';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { SILENCE_MS, silenceOf, sounds, wantedSound } from './wanted-sound.ts';

const NOW = 1_800_000_000_000;

const anyAlarm = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    state: fc.constantFrom(...alarmStates),
    category: fc.constantFrom(...categories),
    priority: fc.constantFrom(...priorities),
    level: fc.constantFrom(...levels),
    origin: fc.constantFrom(...origins),
  })
  .map((fields) => sampleAlarm(fields));
const anyAlarms = fc.uniqueArray(anyAlarm, { selector: ({ id }) => id });

const live = (alarms: Parameters<typeof silenceOf>[0]['alarms']) => ({ alarms, phase: 'live', now: NOW }) as const;

test('an unacknowledged fire always sounds as fire, whatever else there is, unless it is on test', () => {
  fc.assert(
    fc.property(anyAlarms, (alarms) => {
      const hasFire = alarms.some(
        ({ category, state, origin }) =>
          category === 'fire' && origin !== 'test' && standingOf(state) === 'unacknowledged',
      );
      assert.equal(wantedSound({ ...live(alarms), silence: undefined })?.sound === 'fire', hasFire);
    }),
  );
});

test('nothing sounds when everything is acknowledged, set aside or over', () => {
  fc.assert(
    fc.property(anyAlarms, (alarms) => {
      const settled = alarms.filter(({ state }) => standingOf(state) !== 'unacknowledged');
      assert.equal(wantedSound({ ...live(settled), silence: undefined }), undefined);
    }),
  );
});

test('a silence holds for what it was about, for its time, and for nothing that comes', () => {
  fc.assert(
    fc.property(anyAlarms, fc.nat(2 * SILENCE_MS), (alarms, afterMs) => {
      const silence = silenceOf(live(alarms));
      const later = { ...live(alarms), now: NOW + afterMs };
      const loud = wantedSound({ ...later, silence: undefined });
      assert.deepEqual(wantedSound({ ...later, silence }), afterMs < SILENCE_MS ? undefined : loud);
      const second = sampleAlarm({ id: 'second', category: 'fire', state: 'unacknowledged', origin: 'live' });
      assert.deepEqual(wantedSound({ ...later, alarms: [...alarms, second], silence }), {
        sound: 'fire',
        isReal: true,
      });
    }),
  );
});

test('a worse level breaks the silence; a further alarm of a group does not, its fire does', () => {
  const cut = sampleAlarm({ id: 'a', parentId: 'g', category: 'fault', priority: 'P2', state: 'unacknowledged' });
  const arc = sampleAlarm({ id: 'x', category: 'warning', priority: 'P2', state: 'unacknowledged', level: 'warning' });
  const silence = silenceOf(live([cut, arc]));
  assert.equal(wantedSound({ ...live([cut, arc, { ...cut, id: 'b' }]), silence }), undefined);
  assert.equal(wantedSound({ ...live([cut, { ...arc, level: 'alarm' }]), silence })?.sound, 'urgent');
  assert.equal(wantedSound({ ...live([cut, arc, { ...cut, id: 'c', category: 'fire' }]), silence })?.sound, 'fire');
});

test('the loss of the centre sounds, below a fire and above the rest, and can be silenced', () => {
  const fire = sampleAlarm({ id: 'f', category: 'fire', state: 'unacknowledged' });
  const arc = sampleAlarm({ id: 'x', category: 'warning', priority: 'P1', state: 'unacknowledged' });
  const lost = { phase: 'disconnected', now: NOW } as const;
  assert.equal(wantedSound({ ...lost, alarms: [arc], silence: undefined })?.sound, 'feedLost');
  assert.equal(wantedSound({ ...lost, alarms: [arc, fire], silence: undefined })?.sound, 'fire');
  const silence = silenceOf({ ...lost, alarms: [arc] });
  assert.equal(wantedSound({ ...lost, alarms: [arc], silence }), undefined);
  assert.deepEqual(sounds, ['fire', 'feedLost', 'urgent', 'notice']);
});

test('a simulated alarm sounds as practice, beside a real one of the same kind as real', () => {
  const fire = sampleAlarm({ id: 'f', category: 'fire', state: 'unacknowledged', origin: 'simulated' });
  assert.deepEqual(wantedSound({ ...live([fire]), silence: undefined }), { sound: 'fire', isReal: false });
  const real = { ...fire, id: 'r', origin: 'live' } as const;
  assert.deepEqual(wantedSound({ ...live([fire, real]), silence: undefined }), { sound: 'fire', isReal: true });
});
