const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of ISO-HDLC (the one of zip and Ethernet) over the UTF-16 code units of a text, low byte first. */
export function crc32OfText(text: string): number {
  let crc = 0xffffffff;
  const add = (byte: number): void => {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    add(unit & 0xff);
    add(unit >> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
