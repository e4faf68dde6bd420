import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectPacket, publishPacket, readPackets } from './packets.ts';

test('CONNECT and PUBLISH are what MQTT 3.1.1 writes', () => {
  // Worked out by hand from sections 3.1 and 3.3.
  assert.equal(
    connectPacket('d', 's', 60).toString('hex'),
    '1013' + '00044d515454' + '04' + 'c2' + '003c' + '000164' + '000164' + '000173',
  );
  assert.equal(publishPacket('t', 258, Buffer.from('x'), false).toString('hex'), '3206' + '000174' + '0102' + '78');
  assert.equal(publishPacket('t', 258, Buffer.from('x'), true)[0], 0x3a);
  // 3 + 2 + 123 = 128 bytes: the first length of two digits.
  assert.equal(publishPacket('t', 1, Buffer.alloc(123), false).subarray(0, 3).toString('hex'), '328001');
});

test('packets are found wherever the stream is cut', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 50 }), (sizes, cut) => {
      const stream = Buffer.concat(sizes.map((size, n) => publishPacket('t', n + 1, Buffer.alloc(size, n), false)));
      let rest: Buffer = Buffer.alloc(0);
      const found: number[] = [];
      for (let from = 0; from < stream.length; from += cut) {
        const read = readPackets(Buffer.concat([rest, stream.subarray(from, from + cut)]));
        rest = read.rest;
        found.push(...read.packets.map(({ body }) => body.length - 5));
      }
      assert.deepEqual(found, sizes);
      assert.equal(rest.length, 0);
    }),
  );
});
