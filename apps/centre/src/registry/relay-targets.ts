import type { RelayMode, RelaySettings } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';

/** What was done to a relay, by whom; `at` is epoch ms. */
export type RelayLine = {
  readonly at: number;
  readonly by: string;
  readonly kind: 'created' | 'changed' | 'mode';
  readonly from?: RelayMode;
  readonly to?: RelayMode;
  readonly reason?: string;
};

/** Another centre that frames of transmission devices are passed on to. */
export type RelayTarget = RelaySettings & {
  readonly id: string;
  readonly mode: RelayMode;
  /** Newest first; the last 200. */
  readonly changes: readonly RelayLine[];
};

export const relayDefaults = {
  passReads: true,
  passDutyChecks: false,
  confirmWithinMs: 5_000,
  keepFrames: 200_000,
  awayFaultS: 60,
  backlogFaultS: 600,
} as const satisfies Partial<RelaySettings>;

export type RelayWithDefaults = RelayTarget & {
  readonly [Name in keyof typeof relayDefaults]: NonNullable<RelaySettings[Name]>;
};

export const withRelayDefaults = (target: RelayTarget): RelayWithDefaults => ({ ...relayDefaults, ...target });

/** Relays; a part of the registry. */
export class RelayTargets {
  readonly #targets = new Map<string, RelayTarget>();

  async load(store: Store): Promise<void> {
    for (const { doc } of await store.query('select doc from gb_relay')) this.put(doc as RelayTarget);
  }

  put(target: RelayTarget): void {
    this.#targets.set(target.id, target);
  }

  target(id: string): RelayTarget | undefined {
    return this.#targets.get(id);
  }

  /** By id: where two would answer one device, the first does. */
  all(): readonly RelayTarget[] {
    return [...this.#targets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** What of a device decides whether it is passed on. */
type CoveredDevice = {
  readonly id: string;
  readonly venueId: string;
  readonly origin: string;
  readonly gb?: { readonly address: string };
};

/**
 * Whether frames of the device go to the target. Only live ones: what is simulated, tested or drilled must not reach
 * another centre.
 *
 * @param organisationsOf the owner of a venue and everything above it.
 */
export function isCovered(
  { covers }: Pick<RelayTarget, 'covers'>,
  device: CoveredDevice,
  organisationsOf: (venueId: string) => readonly string[],
): boolean {
  const { gb, origin, id, venueId } = device;
  if (gb === undefined || origin !== 'live') return false;
  if (covers === undefined) return true;
  const { deviceIds, venueIds, organisationIds, addresses } = covers;
  return (
    deviceIds?.includes(id) === true ||
    venueIds?.includes(venueId) === true ||
    addresses?.some((address) => address.toLowerCase() === gb.address) === true ||
    (organisationIds !== undefined && organisationsOf(venueId).some((owner) => organisationIds.includes(owner)))
  );
}
