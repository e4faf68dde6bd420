import { isWireId, type RelayMode, type RelaySettings } from '@fengsui/protocol';
import type { RegistryDesk } from './registry-desk.ts';
import { RegistryRefusal } from './registry-refusal.ts';
import type { Registry } from './registry.ts';
import { isCovered, type RelayLine, type RelayTarget } from './relay-targets.ts';

const LINES_KEPT = 200;

/** Makes a relay, which is off at first, or changes what one is. */
export function putRelay(desk: RegistryDesk, id: string, settings: RelaySettings, by: string): Promise<RelayTarget> {
  return desk.change((registry, at) => {
    if (!isWireId(id))
      throw new RegistryRefusal('invalidId', `relay id ${JSON.stringify(id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
    const before = registry.relays.target(id);
    const line: RelayLine = { at, by, kind: before === undefined ? 'created' : 'changed' };
    const { sourceAddress } = settings;
    const target: RelayTarget = {
      ...settings,
      ...(sourceAddress !== undefined && { sourceAddress: sourceAddress.toLowerCase() }),
      id,
      mode: before?.mode ?? 'off',
      changes: [line, ...(before?.changes ?? [])].slice(0, LINES_KEPT),
    };
    checkCovers(registry, target);
    checkListening(registry, target);
    return { changes: [{ kind: 'relayPut', target }], result: target };
  });
}

/** One act: from then on who speaks to the devices is another, or nobody but us. */
export function setRelayMode(
  desk: RegistryDesk,
  id: string,
  mode: RelayMode,
  reason: string,
  by: string,
): Promise<RelayTarget> {
  return desk.change((registry, at) => {
    const before = registry.relays.target(id);
    if (before === undefined) throw new RegistryRefusal('unknownRelay', `relay ${JSON.stringify(id)} does not exist`);
    if (before.mode === mode) return { changes: [], result: before };
    const line: RelayLine = { at, by, kind: 'mode', from: before.mode, to: mode, reason };
    const target: RelayTarget = { ...before, mode, changes: [line, ...before.changes].slice(0, LINES_KEPT) };
    checkListening(registry, target);
    return { changes: [{ kind: 'relayPut', target }], result: target };
  });
}

function checkCovers(registry: Registry, { covers = {} }: RelayTarget): void {
  const { deviceIds = [], venueIds = [], organisationIds = [] } = covers;
  const unknown =
    deviceIds.find((id) => registry.device(id)?.gb === undefined) ??
    venueIds.find((id) => registry.venue(id) === undefined) ??
    organisationIds.find((id) => registry.organisation(id) === undefined);
  if (unknown !== undefined)
    throw new RegistryRefusal(
      'invalidRelay',
      `covers names ${JSON.stringify(unknown)}: expected a transmission device, a venue or an organisation that is there`,
    );
}

/** A device hears one voice: of us, or of one other centre. */
function checkListening(registry: Registry, target: RelayTarget): void {
  if (target.mode !== 'listening') return;
  if (target.sourceAddress !== undefined)
    throw new RegistryRefusal(
      'invalidRelay',
      `relay ${target.id} speaks under ${target.sourceAddress}: the other centre can answer devices only when it gets ` +
        `their frames byte for byte; take sourceAddress away, or use mode answering`,
    );
  const others = registry.relays.all().filter(({ id, mode }) => id !== target.id && mode === 'listening');
  for (const device of registry.allDevices()) {
    if (!isCovered(target, device, (venueId) => registry.organisationsOf(venueId))) continue;
    const other = others.find((one) => isCovered(one, device, (venueId) => registry.organisationsOf(venueId)));
    if (other !== undefined)
      throw new RegistryRefusal(
        'relayConflict',
        `device ${device.id} is answered through relay ${other.id}: a device hears one centre; change that relay first`,
      );
  }
}
