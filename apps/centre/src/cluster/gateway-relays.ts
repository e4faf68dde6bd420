import { noRelay, type RelayDoor } from '../intake/gb26875/relay-door.ts';
import type { Registry } from '../registry/registry.ts';
import { isCovered } from '../registry/relay-targets.ts';

/**
 * Relays as a gateway has them: what is owed to another centre is written into the entry of its frame, and the centre that
 * leads sends it. The device gets the gateway's confirm.
 */
export const gatewayRelays = (registry: Registry): RelayDoor => ({
  ...noRelay,
  owedTo: (device) =>
    registry.relays
      .all()
      .filter(
        (target) => target.mode !== 'off' && isCovered(target, device, (venue) => registry.organisationsOf(venue)),
      )
      .map(({ id }) => id),
});
