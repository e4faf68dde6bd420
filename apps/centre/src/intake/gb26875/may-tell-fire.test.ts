import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGbFrame, gbConditions, type GbObject, type GbUnit } from '@fengsui/protocol';
import { mayTellFire } from './may-tell-fire.ts';

const at = Date.UTC(2026, 2, 5, 6, 7, 9);
const system = { systemType: 1, systemAddress: 1 };
const part = { ...system, partType: 40, partAddress: '03000c00', description: '三层' };

const frameOf = (unit: GbUnit, command = 2): Uint8Array =>
  encodeGbFrame({
    serial: 1,
    version: { major: 1, user: 0 },
    sentAt: at,
    source: '010203040506',
    destination: '010000000000',
    command,
    unit,
  });
const unitOf = (type: number, objects: readonly GbObject[]): GbUnit => ({
  kind: 'objects',
  type,
  by: 'standard',
  objects,
});

test('it agrees with the decoder on every status and operation word, wherever the object stands', () => {
  const types: readonly (readonly [type: number, objectOf: (word: number) => GbObject, words: number, most: number])[] =
    [
      [1, (status) => ({ ...system, status, at }), 0x10000, 3],
      [2, (status) => ({ ...part, status, at }), 0x10000, 3],
      [4, (operation) => ({ ...system, operation, operator: 3, at }), 0x100, 3],
      [21, (status) => ({ status, at }), 0x100, 1],
      [24, (operation) => ({ operation, operator: 3, at }), 0x100, 3],
    ];
  let fires = 0;
  for (const [type, objectOf, words, most] of types) {
    for (let word = 0; word < words; word += words > 0x100 ? 37 : 1) {
      const quiet = Array.from({ length: most }, () => objectOf(0));
      const unit = unitOf(type, quiet.with(word % most, objectOf(word)));
      const isFire = gbConditions(unit).some(({ kind, isActive }) => isActive && /fire|manualAlarm/.test(kind));
      if (isFire) fires++;
      assert.equal(mayTellFire(frameOf(unit)), isFire, `type ${type} word ${word}`);
    }
  }
  assert.ok(fires > 500, `${fires} fires`);
});

test('values and heartbeats are quiet; what nobody has looked at closely is not', () => {
  assert.equal(mayTellFire(frameOf({ kind: 'empty' })), false);
  assert.equal(mayTellFire(frameOf(unitOf(3, [{ ...part, analogType: 3, raw: 2, at }]))), false);
  assert.equal(mayTellFire(frameOf({ kind: 'userDefined', type: 200, count: 1, body: Uint8Array.of(0) })), true);
  assert.equal(
    mayTellFire(frameOf({ kind: 'unreadable', data: Uint8Array.of(2, 1, 0, 0), reason: 'lengthMismatch', detail: '' })),
    true,
  );
  assert.equal(mayTellFire(frameOf(unitOf(21, [{ status: 0, at }]), 5)), true);
});
