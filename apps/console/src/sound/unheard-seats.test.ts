import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Seat, SeatSound } from '@fengsui/protocol';
import { unheardSeats } from './unheard-seats.ts';

const T0 = Date.UTC(2026, 0, 1);
const seat = (sound: SeatSound, openForS: number): Seat => ({
  id: `${sound} ${openForS}`,
  username: 'wang',
  role: 'operator',
  sound,
  since: new Date(T0 - openForS * 1000).toISOString(),
  toldAt: new Date(T0).toISOString(),
  own: false,
});

test('seats that nobody has heard are told of after a minute, as long as none of them was heard', () => {
  assert.equal(unheardSeats([], T0), 0);
  assert.equal(unheardSeats([seat('untried', 59)], T0), 0);
  assert.equal(unheardSeats([seat('untried', 61)], T0), 1);
  assert.equal(unheardSeats([seat('untried', 5), seat('none', 61)], T0), 2);
  assert.equal(unheardSeats([seat('untried', 500), seat('none', 500), seat('tried', 1)], T0), 0);
});
