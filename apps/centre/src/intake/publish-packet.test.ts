import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishPacket } from './publish-packet.ts';

/** MQTT 3.1.1 sections 2.2.3 (seven bits a byte, the lowest first) and 3.3. */
function read(packet: Buffer): { readonly head: number; readonly topic: string; readonly payload: Buffer } {
  let length = 0;
  let factor = 1;
  let offset = 1;
  for (let byte = 128; byte >= 128; factor *= 128) {
    byte = packet.readUInt8(offset++);
    length += (byte % 128) * factor;
  }
  assert.equal(packet.length - offset, length, 'the length it claims');
  const topicEnd = offset + 2 + packet.readUInt16BE(offset);
  const topic = packet.toString('utf8', offset + 2, topicEnd);
  return { head: packet.readUInt8(0), topic, payload: packet.subarray(topicEnd) };
}

test('a packet of any length it may have says its topic and its payload, at QoS 0 and not retained', () => {
  const topic = 'fengsui/v1/设备/time';
  for (const size of [0, 1, 99, 100, 101, 102, 103, 200, 2_000, 16_000]) {
    const payload = Buffer.alloc(size, 65);
    assert.deepEqual(read(publishPacket(topic, payload)), { head: 0x30, topic, payload });
  }
});
