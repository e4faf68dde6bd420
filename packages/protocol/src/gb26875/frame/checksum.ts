/** Arithmetic sum of the bytes from serial to the end of the data unit, low eight bits (Table 1). */
export function gbChecksum(frame: Uint8Array, offset: number, dataBytes: number): number {
  let sum = 0;
  const end = offset + 27 + dataBytes;
  for (let i = offset + 2; i < end; i += 1) sum += frame[i] as number;
  return sum & 0xff;
}
