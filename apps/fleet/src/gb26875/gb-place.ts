/** The loop's only detector, a smoke detector (42): part address in wire order. */
export const gbPart = { systemType: 1, systemAddress: 1, partType: 42, partAddress: '01000100' } as const;
/** Its point at the centre (docs/reference/gb26875.md). */
export const gbPoint = `s${gbPart.systemType}-${gbPart.systemAddress}-p${gbPart.partAddress}`;

/** What tells two self-tests of one second apart. */
export const gbOperatorOf = (seq: number): number => seq % 256;

/** Six bytes in wire order: four of the device, two of the fleet. */
export function gbAddressOf(prefix: string, n: number): string {
  let fleet = 0x811c;
  for (const char of prefix) fleet = ((fleet ^ (char.codePointAt(0) ?? 0)) * 0x0193) & 0xffff;
  const bytes = Buffer.alloc(6);
  bytes.writeUInt32LE(n + 1, 0);
  bytes.writeUInt16LE(fleet, 4);
  return bytes.toString('hex');
}
