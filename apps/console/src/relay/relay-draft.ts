import type { GbRelay, RelaySettings } from '@fengsui/protocol';

/** A relay's settings as they stand in the fields. */
export type RelayDraft = {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly venueIds: string;
  readonly deviceIds: string;
  readonly organisationIds: string;
  readonly sourceAddress: string;
  readonly keepFrames: string;
  readonly passReads: boolean;
  readonly passDutyChecks: boolean;
};

const listed = (ids: readonly string[] | undefined): string => (ids ?? []).join('\n');
const idsIn = (text: string): string[] => text.split(/[\s,，]+/).filter((word) => word !== '');

export function draftOf(relay: GbRelay | undefined): RelayDraft {
  return {
    id: relay?.id ?? '',
    name: relay?.name ?? '',
    host: relay?.host ?? '',
    port: relay === undefined ? '5200' : String(relay.port),
    venueIds: listed(relay?.covers?.venueIds),
    deviceIds: listed(relay?.covers?.deviceIds),
    organisationIds: listed(relay?.covers?.organisationIds),
    sourceAddress: relay?.sourceAddress ?? '',
    keepFrames: String(relay?.keepFrames ?? 200_000),
    passReads: relay?.passReads ?? true,
    passDutyChecks: relay?.passDutyChecks ?? false,
  };
}

export const idOf = ({ id }: RelayDraft): string => id.trim();

/** What is sent; undefined while something needed is missing. What the form does not show stays as it was. */
export function settingsOf(
  draft: RelayDraft,
  isForAll: boolean,
  before: GbRelay | undefined,
): RelaySettings | undefined {
  const [host, port, keepFrames] = [draft.host.trim(), Number(draft.port), Number(draft.keepFrames)];
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (idOf(draft) === '' || host === '' || !isPort || !Number.isInteger(keepFrames)) return undefined;
  const [venueIds, deviceIds, organisationIds] = [draft.venueIds, draft.deviceIds, draft.organisationIds].map(
    idsIn,
  ) as [string[], string[], string[]];
  const addresses = before?.covers?.addresses;
  const covers = {
    ...(venueIds.length > 0 && { venueIds }),
    ...(deviceIds.length > 0 && { deviceIds }),
    ...(organisationIds.length > 0 && { organisationIds }),
    ...(addresses !== undefined && { addresses }),
  };
  const { confirmWithinMs, awayFaultS, backlogFaultS } = before ?? {};
  return {
    ...(draft.name.trim() !== '' && { name: draft.name.trim() }),
    host,
    port,
    keepFrames,
    ...(!isForAll && { covers }),
    ...(draft.sourceAddress.trim() !== '' && { sourceAddress: draft.sourceAddress.trim() }),
    passReads: draft.passReads,
    passDutyChecks: draft.passDutyChecks,
    ...(confirmWithinMs !== undefined && { confirmWithinMs }),
    ...(awayFaultS !== undefined && { awayFaultS }),
    ...(backlogFaultS !== undefined && { backlogFaultS }),
  };
}
