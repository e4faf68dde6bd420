import assert from 'node:assert/strict';
import { Duplex, duplexPair } from 'node:stream';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { guardPacketLength, packetLimits, PacketLengthFollower } from './packet-guard.ts';

/** MQTT 3.1.1 section 2.2.3, the encoding algorithm of the standard. */
function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return bytes;
}

const header = (length: number): number[] => [0x30, ...remainingLength(length)];

/** Body bytes look like headers on purpose. */
const packet = (length: number): Buffer => Buffer.concat([Buffer.from(header(length)), Buffer.alloc(length, 0xff)]);

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test('any packets within the limit pass, in whatever pieces they come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 12 }), fc.array(fc.nat(4_000)), (lengths, cuts) => {
      const follower = new PacketLengthFollower();
      for (const piece of split(Buffer.concat(lengths.map(packet)), cuts))
        assert.equal(follower.violation(piece, 300), undefined);
    }),
    propertySettings(500),
  );
});

test('the first packet above the limit is refused at its header, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { maxLength: 6 }),
      fc.integer({ min: 301, max: 268_435_455 }),
      fc.array(fc.nat(4_000)),
      (lengths, tooLong, cuts) => {
        const follower = new PacketLengthFollower();
        const bytes = Buffer.concat([...lengths.map(packet), Buffer.from(header(tooLong))]);
        const verdicts = split(bytes, cuts).map((piece) => follower.violation(piece, 300));
        const found = verdicts.filter((verdict) => verdict !== undefined);
        assert.deepEqual(found, [`packet of ${tooLong} bytes, limit 300`]);
      },
    ),
    propertySettings(500),
  );
});

test('a length of a fifth byte is refused, one of four is read', () => {
  for (const pieces of [[[0x30, 0xff, 0xff, 0xff, 0xff]], [[0x30], [0xff], [0xff], [0xff], [0xff]]]) {
    const follower = new PacketLengthFollower();
    const verdicts = pieces.map((piece) => follower.violation(Uint8Array.from(piece), 2 ** 30));
    assert.equal(verdicts.at(-1), 'packet length of more than 4 bytes');
  }
  const follower = new PacketLengthFollower();
  assert.equal(follower.violation(Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0x7f]), 268_435_455), undefined);
});

test('the limits are those of the wire: 4 KiB before CONNACK, 256 KiB after', () => {
  assert.deepEqual(packetLimits, { strangerBytes: 4_096, deviceBytes: 262_144 });
  for (const limit of Object.values(packetLimits)) {
    assert.equal(new PacketLengthFollower().violation(Uint8Array.from(header(limit)), limit), undefined);
    assert.ok(new PacketLengthFollower().violation(Uint8Array.from(header(limit + 1)), limit));
  }
});

function guarded(isAccepted: () => boolean) {
  const [near, far] = duplexPair();
  const refusals: string[] = [];
  guardPacketLength(near as unknown as Socket, isAccepted, (why) => refusals.push(why));
  const seen: Buffer[] = [];
  near.on('readable', () => {
    for (let chunk: unknown = near.read(); chunk !== null; chunk = near.read()) seen.push(chunk as Buffer);
  });
  near.on('error', () => undefined);
  return { near, far, refusals, seen };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('the guard hands on what is permitted and destroys the socket before the reader sees the rest', async () => {
  let isAccepted = false;
  const { near, far, refusals, seen } = guarded(() => isAccepted);
  far.write(packet(4_096));
  await settled();
  assert.deepEqual([Buffer.concat(seen).length, refusals], [4_096 + 3, []]);
  isAccepted = true;
  far.write(packet(5_000));
  await settled();
  assert.equal(refusals.length, 0);
  far.write(Buffer.from(header(300_000)));
  await settled();
  assert.deepEqual(refusals, ['packet of 300000 bytes, limit 262144']);
  assert.equal(near.destroyed, true);
  assert.equal(Buffer.concat(seen).length, 4_099 + 5_003);
});

test('before CONNACK a packet of 5,000 bytes is refused', async () => {
  const { near, far, refusals } = guarded(() => false);
  far.write(packet(5_000));
  await settled();
  assert.deepEqual(refusals, ['packet of 5000 bytes, limit 4096']);
  assert.ok(near instanceof Duplex && near.destroyed);
});
