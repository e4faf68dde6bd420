import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { ClientCare } from './client-care.ts';

/** A connection that keeps what is done to it. */
function opened() {
  const time = { ms: 0 };
  const seen: string[] = [];
  const leaving: (() => void)[] = [];
  const ws = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    close: (code: number) => void seen.push(`close ${code}`),
    terminate: () => void seen.push('cut'),
    ping: (_data: string, _mask: undefined, onLeft: () => void) => {
      seen.push('ping');
      leaving.push(onLeft);
    },
  });
  const care = new ClientCare(ws as unknown as WebSocket, () => time.ms);
  /** One each second. */
  const beats = (count: number): void => {
    for (let n = 0; n < count; n++) {
      time.ms += 1_000;
      care.beat();
    }
  };
  return { time, seen, ws, leaving, care, beats };
}

test('forty frames at once are taken, then two a second; more is told to go and not looked at again', () => {
  const { time, care, seen } = opened();
  for (let n = 0; n < 40; n++) assert.equal(care.admits(10), true);
  time.ms = 1_000;
  for (let n = 0; n < 2; n++) assert.equal(care.admits(10), true);
  assert.deepEqual(seen, []);
  assert.equal(care.admits(10), false);
  time.ms = 3_600_000;
  assert.equal(care.admits(10), false, 'who is sent away stays away');
  assert.deepEqual(seen, ['close 4429']);
});

test('bytes are counted too: 4 MiB at once, then 256 KiB a second', () => {
  const { time, care, seen } = opened();
  for (let n = 0; n < 16; n++) assert.equal(care.admits(256 * 1024), true);
  time.ms = 1_000;
  assert.equal(care.admits(256 * 1024), true);
  assert.equal(care.admits(1), false);
  assert.deepEqual(seen, ['close 4429']);
});

test('pings of the client are frames', () => {
  const { ws, seen } = opened();
  for (let n = 0; n < 41; n++) ws.emit('ping', Buffer.alloc(0));
  assert.deepEqual(seen, ['close 4429']);
});

test('a client is asked every 5 s; one that answers stays, one that does not for 30 s is cut off', () => {
  const { seen, ws, leaving, beats } = opened();
  for (let n = 0; n < 1_000; n++) {
    beats(1);
    leaving.pop()?.();
    ws.emit('pong', Buffer.alloc(0));
  }
  assert.deepEqual([...new Set(seen)], ['ping']);
  assert.equal(seen.length, 200);
  beats(5);
  leaving.pop()?.();
  beats(26);
  assert.equal(seen.includes('cut'), false, 'not before');
  beats(5);
  assert.equal(seen.includes('cut'), true);
});

test('a centre that stood still for an hour has not asked for an hour', () => {
  const { time, seen, leaving, beats } = opened();
  beats(1);
  leaving.pop()?.();
  time.ms += 3_600_000;
  beats(1);
  assert.deepEqual(seen, ['ping']);
});

test('who reads slowly has as long for the answer from when the ping has left', () => {
  const { seen, leaving, beats } = opened();
  beats(100);
  leaving.pop()?.();
  beats(30);
  assert.deepEqual(seen, ['ping']);
  beats(1);
  assert.deepEqual(seen, ['ping', 'cut']);
});

test('who reads nothing for two minutes is cut off', () => {
  const { seen, beats } = opened();
  beats(121);
  assert.deepEqual(seen, ['ping']);
  beats(1);
  assert.deepEqual(seen, ['ping', 'cut']);
});
