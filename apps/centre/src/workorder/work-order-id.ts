import { hash } from 'node:crypto';

/** `w` and 32 hexadecimal digits: what the journal entry `entryId` opened for a device. Nothing else is in it. */
export const workOrderIdOf = (deviceId: string, entryId: string): string =>
  `w${hash('sha256', JSON.stringify([deviceId, entryId]), 'hex').slice(0, 32)}`;
