/** PUBLISH, QoS 0, of less than 16 KiB: MQTT 3.1.1 section 3.3. */
export function publishPacket(topic: string, payload: Uint8Array): Buffer {
  const name = Buffer.from(topic);
  const length = 2 + name.length + payload.length;
  const head = length < 128 ? [0x30, length] : [0x30, (length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([Buffer.from([...head, name.length >> 8, name.length & 0xff]), name, payload]);
}
