/** Of each journal partition: a fold of one is one transaction, and stays short where a venue has thousands of devices. */
export const SLICES = 16;

/** What is folded at once: the devices of one slice of one journal partition. The number is stored; fixed for ever. */
export type Cell = number;

export const cellOf = (partition: number, deviceId: string): Cell => partition * SLICES + sliceOfDevice(deviceId);

/** FNV-1a, 32 bits, over UTF-16 code units. */
export function sliceOfDevice(deviceId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < deviceId.length; i++) hash = Math.imul(hash ^ deviceId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SLICES;
}

export const partitionOf = (cell: Cell): number => Math.floor(cell / SLICES);
export const sliceOf = (cell: Cell): number => cell % SLICES;
