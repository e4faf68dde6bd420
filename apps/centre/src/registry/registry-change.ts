import type { PushTarget } from '../call-out/channels/channel.ts';
import type { Origin } from '@fengsui/alarm';
import type {
  Area,
  Circuit,
  Contact,
  DeviceHistoryEntry,
  DeviceLifeState,
  DeviceModel,
  Organisation,
  Venue,
} from '@fengsui/protocol';
import type { FactoryChange } from '../factory/factory-change.ts';
import type { ForeignSource, KeptMapping } from './foreign-sources.ts';
import type { RelayTarget } from './relay-targets.ts';
import type { RuleVersion } from '../rules/rule-book.ts';

/** A device as the registry keeps it; its secret only as a hash (the secret itself has 256 random bits). */
export type DeviceRecord = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly origin: Origin;
  readonly parentId?: string;
  /** Of the maker, where it is not the id; and its factory batch. */
  readonly serial?: string;
  readonly batchId?: string;
  readonly name?: string;
  readonly nameEn?: string;
  /** Where in the venue, in words; `areaId` says it as an object of the registry. */
  readonly area?: string;
  readonly areaEn?: string;
  readonly areaId?: string;
  readonly reportingIntervalMs: number;
  /** Absent = active. */
  readonly life?: DeviceLifeState;
  /** Last test on site that was passed; `testFailedAt` when a later one was not. */
  readonly testedAt?: number;
  readonly testFailedAt?: number;
  /** The device that stood here before, and the one that stands here now. */
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly secretSha256?: string;
  /** Still accepted after a rotation, until the new one was used. Instants are epoch ms. */
  readonly oldSecret?: { readonly sha256: string; readonly validUntil: number };
  /** One-time code for the secret. */
  readonly claim?: { readonly sha256: string; readonly expiresAt: number };
  readonly revokedAt?: number;
  /** Its identity in GB/T 26875.3: source address in wire order, 12 hex digits, lower case. */
  readonly gb?: { readonly address: string; readonly profile?: string; readonly allow?: readonly string[] };
};

/** A line of a device's history; `at` is epoch ms. */
export type DeviceHistoryLine = Omit<DeviceHistoryEntry, 'at'> & { readonly at: number };

/** With the browsers that take push for this person, newest last; no API shows them. */
export type ContactRecord = Contact & { readonly push?: readonly PushTarget[] };

/** What a `registryChange` entry does, each a whole object that replaces the one before. */
export type RegistryChange =
  | { readonly kind: 'organisationPut'; readonly organisation: Organisation }
  | { readonly kind: 'venuePut'; readonly venue: Venue }
  | { readonly kind: 'areaPut'; readonly area: Area }
  | { readonly kind: 'contactPut'; readonly contact: ContactRecord; readonly isRemoved?: true }
  | { readonly kind: 'modelPut'; readonly model: DeviceModel }
  | { readonly kind: 'devicePut'; readonly device: DeviceRecord }
  | { readonly kind: 'circuitPut'; readonly circuit: Circuit }
  | { readonly kind: 'sourcePut'; readonly source: ForeignSource }
  | { readonly kind: 'mappingPut'; readonly kept: KeptMapping }
  | { readonly kind: 'relayPut'; readonly target: RelayTarget }
  | { readonly kind: 'rulePut'; readonly version: RuleVersion }
  | FactoryChange
  | { readonly kind: 'deviceHistory'; readonly line: DeviceHistoryLine };
