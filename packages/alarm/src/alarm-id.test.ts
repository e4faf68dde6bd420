import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { alarmIdOf } from './alarm-id.ts';

test('an alarm id depends on the condition and the entry alone and is safe in a URL', () => {
  const key = { deviceId: '终端-1', prefix: 'c1', kind: 'arc' };
  const id = alarmIdOf(key, '17/4812');
  const text = JSON.stringify(['终端-1', 'c1', 'arc', '17/4812']);
  assert.equal(id, 'a' + createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, 32));
  assert.match(id, /^[a-z0-9]{1,64}$/);
  assert.equal(alarmIdOf({ ...key }, '17/4812'), id);
});

test('parts that run into each other give different ids', () => {
  const ids = [
    alarmIdOf({ deviceId: 'd', prefix: 'c1', kind: 'arc' }, 'e'),
    alarmIdOf({ deviceId: 'dc1', prefix: '', kind: 'arc' }, 'e'),
    alarmIdOf({ deviceId: 'd', prefix: 'c', kind: '1arc' }, 'e'),
    alarmIdOf({ deviceId: 'd', prefix: 'c1', kind: 'ar' }, 'ce'),
    alarmIdOf({ deviceId: 'd', prefix: 'c1","arc', kind: '' }, 'e'),
  ];
  assert.equal(new Set(ids).size, ids.length);
});
