import { createHash } from 'node:crypto';
import { isWireId, type Mapping } from '@fengsui/protocol';
import { createSecret } from '../intake/device-secret.ts';
import type { ForeignSource, KeptMapping } from './foreign-sources.ts';
import type { RegistryDesk } from './registry-desk.ts';
import { RegistryRefusal } from './registry-refusal.ts';

/** A source with its secret, which is shown this once. */
export function createSource(
  desk: RegistryDesk,
  id: string,
  venueIds: readonly string[] | undefined,
): Promise<{ readonly sourceId: string; readonly secret: string }> {
  return desk.change((registry, at) => {
    if (!isWireId(id))
      throw new RegistryRefusal('invalidId', `source id ${JSON.stringify(id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
    if (registry.foreign.source(id) !== undefined)
      throw new RegistryRefusal('sourceExists', `source ${id} exists already`);
    const unknown = venueIds?.find((venueId) => registry.venue(venueId) === undefined);
    if (unknown !== undefined)
      throw new RegistryRefusal('unknownVenue', `venue ${JSON.stringify(unknown)} does not exist`);
    const secret = createSecret();
    const source: ForeignSource = { id, secret, createdAt: at, ...(venueIds !== undefined && { venueIds }) };
    return { changes: [{ kind: 'sourcePut', source }], result: { sourceId: id, secret } };
  });
}

/** Nothing is taken from the source any more; what waits of it stays. */
export function revokeSource(desk: RegistryDesk, id: string): Promise<void> {
  return desk.change((registry, at) => {
    const source = registry.foreign.source(id);
    if (source === undefined) throw unknownSource(id);
    return { changes: [{ kind: 'sourcePut', source: { ...source, revokedAt: at } }], result: undefined };
  });
}

/** The next version of a source's mapping; the same mapping again is the version there is. */
export function putMapping(desk: RegistryDesk, sourceId: string, mapping: Mapping, by: string): Promise<KeptMapping> {
  return desk.change((registry, at) => {
    if (registry.foreign.source(sourceId) === undefined) throw unknownSource(sourceId);
    const before = registry.foreign.mapping(sourceId);
    if (before !== undefined && digestOf(before.mapping) === digestOf(mapping)) return { changes: [], result: before };
    const kept: KeptMapping = { sourceId, version: (before?.version ?? 0) + 1, mapping, putAt: at, putBy: by };
    return { changes: [{ kind: 'mappingPut', kept }], result: kept };
  });
}

const unknownSource = (id: string): RegistryRefusal =>
  new RegistryRefusal('unknownSource', `source ${JSON.stringify(id)} does not exist`);

/** Of the members in sorted order: the store gives them back in another. */
const digestOf = (mapping: Mapping): string => createHash('sha256').update(sorted(mapping)).digest('hex');

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
