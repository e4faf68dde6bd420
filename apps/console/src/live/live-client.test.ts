import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleAlarm } from '../alarm/sample-alarm.ts';
import { LiveClient, type SocketHandlers } from './live-client.ts';

/** Clock, timers and sockets in the hand of the test. */
class Bench {
  now = 1_000_000;
  timers = new Map<number, { at: number; run: () => void }>();
  sockets: { handlers: SocketHandlers; sent: unknown[]; isClosed: boolean }[] = [];
  #nextTimer = 1;
  client = new LiveClient(
    {
      connect: (handlers) => {
        const socket = { handlers, sent: [] as unknown[], isClosed: false };
        this.sockets.push(socket);
        return {
          send: (text) => socket.sent.push(JSON.parse(text)),
          close: () => {
            socket.isClosed = true;
          },
        };
      },
      now: () => this.now,
      random: () => 0,
      setTimer: (run, delayMs) => {
        this.timers.set(this.#nextTimer, { at: this.now + delayMs, run });
        return this.#nextTimer++;
      },
      clearTimer: (timer) => this.timers.delete(timer as number),
    },
    { topics: ['alarms', 'presence'] },
  );

  pass(durationMs: number): void {
    const end = this.now + durationMs;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
    }
    this.now = end;
  }

  get socket() {
    const socket = this.sockets.at(-1);
    assert.ok(socket, 'the client has not connected');
    return socket;
  }

  say(frame: object): void {
    this.socket.handlers.onText(JSON.stringify(frame));
  }

  snapshot(n: number, cursor: string, alarms = [sampleAlarm()]): void {
    this.say({ type: 'snapshot', n, cursor, at: this.now, alarms, values: [], presence: [] });
  }

  beat(n: number): void {
    this.say({ type: 'heartbeat', n, at: this.now });
  }
}

function connected(): Bench {
  const bench = new Bench();
  bench.client.start();
  bench.socket.handlers.onOpen();
  bench.snapshot(1, 'k1');
  return bench;
}

test('it subscribes when the socket opens and is live with the snapshot', () => {
  const bench = new Bench();
  assert.equal(bench.client.view().phase, 'loading');
  bench.client.start();
  bench.socket.handlers.onOpen();
  assert.deepEqual(bench.socket.sent, [{ type: 'subscribe', topics: ['alarms', 'presence'] }]);
  assert.equal(bench.client.view().phase, 'loading');
  bench.snapshot(1, 'k1');
  assert.equal(bench.client.view().phase, 'live');
  assert.deepEqual([...bench.client.view().state.alarms.keys()], ['a1']);
});

test('a closed socket is shown at once and is followed by a reconnect that carries the cursor', () => {
  const bench = connected();
  bench.say({ type: 'batch', n: 2, cursor: 'k2', at: bench.now, alarms: [], values: [], presence: [] });
  bench.socket.handlers.onClose();
  assert.equal(bench.client.view().phase, 'disconnected');
  assert.equal(bench.client.view().lastFrameAt, 1_000_000);
  bench.pass(499);
  assert.equal(bench.sockets.length, 1);
  bench.pass(1);
  assert.equal(bench.sockets.length, 2);
  bench.socket.handlers.onOpen();
  assert.deepEqual(bench.socket.sent, [{ type: 'subscribe', topics: ['alarms', 'presence'], cursor: 'k2' }]);
  assert.equal(bench.client.view().phase, 'disconnected');
  // With a valid cursor there is no snapshot: the first frame of any kind proves the feed.
  bench.beat(1);
  assert.equal(bench.client.view().phase, 'live');
  assert.equal(bench.client.view().state.alarms.size, 1);
});

test('silence is told within three seconds, and ends the connection from this side after six', () => {
  const bench = connected();
  bench.pass(2_400);
  assert.equal(bench.client.view().phase, 'delayed');
  bench.pass(600);
  assert.equal(bench.client.view().phase, 'disconnected');
  assert.equal(bench.sockets[0]?.isClosed, false);
  bench.pass(4_000);
  assert.equal(bench.client.view().phase, 'disconnected');
  assert.ok(bench.sockets[0]?.isClosed);
  assert.equal(bench.sockets.length, 2);
});

test('heartbeats keep an eventless feed live', () => {
  const bench = connected();
  for (let n = 2; n < 20; n++) {
    bench.pass(1_000);
    bench.beat(n);
    assert.equal(bench.client.view().phase, 'live');
  }
  assert.equal(bench.sockets.length, 1);
});

test('what is heard again after a short silence is live on the same line', () => {
  const bench = connected();
  bench.pass(4_000);
  assert.equal(bench.client.view().phase, 'disconnected');
  bench.beat(2);
  bench.pass(500);
  assert.equal(bench.client.view().phase, 'live');
  assert.equal(bench.sockets.length, 1);
});

test('a screen that slept or was held up judges no silence before it has looked again', () => {
  const bench = connected();
  bench.now += 5_000;
  bench.pass(0);
  assert.equal(bench.client.view().phase, 'live', 'what came meanwhile stands behind this look');
  bench.beat(2);
  bench.pass(500);
  assert.equal(bench.client.view().phase, 'live');
  bench.now += 5_000;
  bench.pass(600);
  assert.equal(bench.client.view().phase, 'disconnected', 'nothing stood behind it');
});

test('a hidden tab that may look once a minute is told of silence by its second look, and by none while it hears', () => {
  const bench = connected();
  const minute = (frames: number, n: number): void => {
    for (let i = 0; i < 60; i++) {
      bench.now += 1_000;
      if (i < frames) bench.beat(n + i);
    }
    bench.pass(0);
  };
  minute(60, 2);
  minute(60, 62);
  assert.equal(bench.client.view().phase, 'live');
  minute(10, 122);
  minute(0, 0);
  assert.equal(bench.client.view().phase, 'disconnected');
});

test('a gap in the numbers opens a new connection with the last good cursor', () => {
  const bench = connected();
  bench.say({ type: 'batch', n: 3, cursor: 'k3', at: bench.now, alarms: [sampleAlarm({ id: 'late' })] });
  assert.ok(bench.sockets[0]?.isClosed);
  assert.ok(!bench.client.view().state.alarms.has('late'));
  bench.pass(500);
  bench.socket.handlers.onOpen();
  assert.deepEqual(bench.socket.sent, [{ type: 'subscribe', topics: ['alarms', 'presence'], cursor: 'k1' }]);
});

test('resync subscribes again on the same connection without a cursor, and the snapshot replaces the state', () => {
  const bench = connected();
  bench.say({ type: 'resync' });
  assert.deepEqual(bench.socket.sent.at(-1), { type: 'subscribe', topics: ['alarms', 'presence'] });
  bench.snapshot(2, 'k9', [sampleAlarm({ id: 'other' })]);
  bench.pass(50);
  assert.deepEqual([...bench.client.view().state.alarms.keys()], ['other']);
  assert.equal(bench.client.view().resyncs, 1, 'whoever shows what the session may see asks again');
  assert.equal(bench.sockets.length, 1);
});

test('the back-off grows to five seconds while the centre is away and starts anew after a frame', () => {
  const bench = connected();
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    const before = bench.sockets.length;
    bench.socket.handlers.onClose();
    const closedAt = bench.now;
    while (bench.sockets.length === before) bench.pass(10);
    waits.push(bench.now - closedAt);
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  bench.socket.handlers.onOpen();
  bench.beat(1);
  bench.socket.handlers.onClose();
  bench.pass(500);
  assert.equal(bench.sockets.length, 8);
});

test('an opening that never finishes is given up after eight seconds', () => {
  const bench = new Bench();
  bench.client.start();
  bench.pass(9_500);
  assert.ok(bench.sockets[0]?.isClosed);
  assert.equal(bench.client.view().phase, 'disconnected');
  assert.equal(bench.sockets.length, 2);
});

test('what is not a frame ends the connection rather than being skipped', () => {
  const bench = connected();
  bench.socket.handlers.onText('<html>');
  assert.equal(bench.client.view().phase, 'disconnected');
});

test('a refusal of the centre is kept until a frame arrives', () => {
  const bench = connected();
  bench.say({ type: 'error', code: 'unauthorised', detail: 'the session has ended' });
  assert.deepEqual(bench.client.view().refusal, { code: 'unauthorised', detail: 'the session has ended' });
  bench.pass(500);
  bench.socket.handlers.onOpen();
  bench.snapshot(1, 'k2');
  assert.equal(bench.client.view().refusal, undefined);
});

test('frames that come later and later are shown as delay', () => {
  const bench = connected();
  bench.pass(4_000);
  bench.say({ type: 'heartbeat', n: 2, at: bench.now - 3_500 });
  assert.equal(bench.client.view().phase, 'delayed');
  bench.beat(3);
  bench.pass(500);
  assert.equal(bench.client.view().phase, 'live');
});

test('lag that stays, as after a clock was set, ends by a new connection', () => {
  const bench = connected();
  for (let n = 2; bench.sockets.length === 1 && n < 60; n++) {
    bench.say({ type: 'heartbeat', n, at: bench.now - 60_000 });
    bench.pass(1_000);
  }
  assert.equal(bench.sockets.length, 2);
  bench.socket.handlers.onOpen();
  bench.say({ type: 'heartbeat', n: 1, at: bench.now - 60_000 });
  assert.equal(bench.client.view().phase, 'live');
});

test('the difference of the two clocks is taken from the quickest frame', () => {
  const bench = connected();
  bench.say({ type: 'heartbeat', n: 2, at: bench.now + 60_000 });
  bench.pass(100);
  bench.say({ type: 'heartbeat', n: 3, at: bench.now + 59_900 });
  bench.pass(100);
  assert.equal(bench.client.view().centreOffsetMs, 60_000);
});

test('a burst is drawn at once and then together, not frame by frame', () => {
  const bench = connected();
  bench.pass(100);
  let draws = 0;
  bench.client.subscribe(() => draws++);
  for (let n = 2; n < 102; n++) {
    bench.say({ type: 'batch', n, cursor: `k${n}`, at: bench.now, alarms: [sampleAlarm({ id: `b${n}` })] });
  }
  assert.equal(draws, 1);
  bench.pass(50);
  assert.equal(draws, 2);
  assert.equal(bench.client.view().state.alarms.size, 101);
});

test('stop ends the socket and every timer', () => {
  const bench = connected();
  bench.client.stop();
  bench.pass(60_000);
  assert.ok(bench.sockets.every(({ isClosed }) => isClosed));
  assert.equal(bench.sockets.length, 1);
  assert.equal(bench.timers.size, 0);
});
