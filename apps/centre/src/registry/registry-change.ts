import type { Origin } from '@fengsui/alarm';
import type { Organisation, Venue } from '@fengsui/protocol';

/** A device as the registry keeps it; its secret only as a hash (the secret itself has 256 random bits). */
export type DeviceRecord = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly origin: Origin;
  readonly parentId?: string;
  readonly name?: string;
  readonly nameEn?: string;
  readonly area?: string;
  readonly areaEn?: string;
  readonly reportingIntervalMs: number;
  readonly secretSha256?: string;
  readonly revokedAt?: number;
};

/** The meta of a `registryChange` entry. */
export type RegistryChange =
  | { readonly kind: 'organisationPut'; readonly organisation: Organisation }
  | { readonly kind: 'venuePut'; readonly venue: Venue }
  | { readonly kind: 'devicePut'; readonly device: DeviceRecord };
