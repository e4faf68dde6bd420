import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Report } from '../report/report.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { drain, report } from './outbox.fixture.ts';
import type { OutboxEntry } from './outbox.ts';

const kinds = ['telemetry', 'event', 'capture'] as const;

test('events go first, then telemetry, then captures', () => {
  const outbox = new MemoryOutbox();
  outbox.put(report('telemetry', 0));
  outbox.put(report('capture', 1, 10, 2));
  outbox.put(report('telemetry', 2));
  outbox.put(report('event', 3));
  outbox.put(report('event', 4));
  assert.deepEqual(drain(outbox), ['event/3', 'event/4', 'telemetry/0', 'telemetry/2', 'capture/1/0', 'capture/1/1']);
});

test('what is measured while connected goes ahead of what waited for the connection', () => {
  const outbox = new MemoryOutbox();
  outbox.put(report('telemetry', 0));
  outbox.put(report('telemetry', 1));
  outbox.connected();
  outbox.put(report('telemetry', 2));
  outbox.put(report('capture', 3));
  assert.deepEqual(drain(outbox), ['telemetry/2', 'capture/3', 'telemetry/0', 'telemetry/1']);
});

test('what was in flight is sent again first in its lane, with the very same bytes', () => {
  const outbox = new MemoryOutbox();
  for (let seq = 0; seq < 4; seq++) outbox.put(report('telemetry', seq));
  const sent = [outbox.take(), outbox.take()];
  outbox.returnInFlight();
  outbox.put(report('event', 4));
  assert.equal(outbox.take()?.topic, 'event/4');
  assert.deepEqual([outbox.take()?.payload, outbox.take()?.payload], [sent[0]?.payload, sent[1]?.payload]);
  assert.equal(outbox.take()?.topic, 'telemetry/2');
});

test('a full outbox gives up the oldest telemetry and counts it', () => {
  const outbox = new MemoryOutbox({ packets: 3, bytes: 1000 });
  for (let seq = 0; seq < 5; seq++) assert.equal(outbox.put(report('telemetry', seq)), true);
  outbox.put(report('event', 5));
  assert.equal(outbox.counts().droppedTelemetry, 3);
  assert.deepEqual(drain(outbox), ['event/5', 'telemetry/3', 'telemetry/4']);
});

test('with nothing but events and captures in it, a full outbox refuses telemetry and takes events all the same', () => {
  const outbox = new MemoryOutbox({ packets: 2, bytes: 1000 });
  for (let seq = 0; seq < 5; seq++) assert.equal(outbox.put(report('event', seq)), true);
  assert.equal(outbox.put(report('telemetry', 5)), false);
  assert.equal(outbox.put(report('capture', 6)), true);
  assert.equal(outbox.counts().droppedTelemetry, 1);
  assert.equal(drain(outbox).length, 6);
});

test('a capture beyond twice the bytes is refused as a whole and counted', () => {
  const outbox = new MemoryOutbox({ packets: 100, bytes: 100 });
  assert.equal(outbox.put(report('capture', 0, 100, 2)), true);
  assert.equal(outbox.put(report('capture', 1, 1)), false);
  assert.equal(outbox.counts().refusedCaptures, 1);
  assert.deepEqual(drain(outbox), ['capture/0/0', 'capture/0/1']);
});

test('limits that are no positive integers are refused', () => {
  assert.throws(() => new MemoryOutbox({ packets: 0, bytes: 1 }), /packets is 0/);
  assert.throws(() => new MemoryOutbox({ packets: 1, bytes: NaN }), /bytes is NaN/);
});

type Step = {
  readonly do: 'put' | 'take' | 'acknowledge' | 'lose';
  readonly kind: Report['kind'];
  readonly pick: number;
};

const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('put', 'put', 'take', 'take', 'acknowledge', 'lose'),
  kind: fc.constantFrom(...kinds),
  pick: fc.nat(7),
});

test('whatever happens, no event is lost, order and bytes stay, and the limit holds for telemetry', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
      const limits = { packets: 8, bytes: 200 };
      const outbox = new MemoryOutbox(limits);
      const accepted: Report[] = [];
      const delivered: OutboxEntry[] = [];
      let inFlight: OutboxEntry[] = [];
      let seq = 0;
      for (const step of steps) {
        if (step.do === 'put') {
          const next = report(step.kind, seq++);
          const before = outbox.counts();
          const isTaken = outbox.put(next);
          if (isTaken) accepted.push(next);
          if (step.kind === 'event') assert.ok(isTaken);
          const after = outbox.counts();
          if (step.kind === 'telemetry' && isTaken) assert.ok(after.waiting + after.inFlight <= limits.packets);
          assert.ok(after.bytes <= Math.max(limits.bytes * 2, before.bytes + 10));
        } else if (step.do === 'take') {
          const entry = outbox.take();
          if (entry === undefined) continue;
          const sameLane = inFlight.filter(({ kind }) => kind === entry.kind);
          assert.ok(sameLane.every(({ order }) => order < entry.order));
          inFlight.push(entry);
        } else if (step.do === 'acknowledge' && inFlight.length > 0) {
          const [entry] = inFlight.splice(step.pick % inFlight.length, 1);
          if (entry === undefined) continue;
          outbox.acknowledge(entry);
          delivered.push(entry);
        } else if (step.do === 'lose') {
          outbox.returnInFlight();
          inFlight = [];
        }
      }
      for (const entry of inFlight) {
        outbox.acknowledge(entry);
        delivered.push(entry);
      }
      for (let entry = outbox.take(); entry !== undefined; entry = outbox.take()) {
        outbox.acknowledge(entry);
        delivered.push(entry);
      }
      assert.ok(outbox.isEmpty());
      assert.equal(outbox.counts().bytes, 0);
      const topics = new Set(delivered.map(({ topic }) => topic));
      assert.equal(topics.size, delivered.length, 'nothing is acknowledged twice');
      const lost = accepted.filter(({ packets }) => !packets.every(({ topic }) => topics.has(topic)));
      assert.ok(lost.every(({ kind }) => kind === 'telemetry'));
      const { droppedTelemetry } = outbox.counts();
      const refused = seq - accepted.length - outbox.counts().refusedCaptures;
      assert.equal(lost.length + refused, droppedTelemetry);
      for (const { topic, payload } of delivered) {
        assert.deepEqual(
          payload,
          accepted.find(({ packets: [packet] }) => packet?.topic === topic)?.packets[0]?.payload,
        );
      }
    }),
  );
});
