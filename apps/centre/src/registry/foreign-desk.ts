import { createHash, randomBytes } from 'node:crypto';
import {
  isWireId,
  topicFilterProblem,
  type AnyMapping,
  type Mapping,
  type NewSource,
  type SourceChange,
} from '@fengsui/protocol';
import { createSecret } from '../intake/device-secret.ts';
import { kindOf, type BrokerAccess, type ForeignSource, type KeptMapping } from './foreign-sources.ts';
import type { RegistryDesk } from './registry-desk.ts';
import { RegistryRefusal } from './registry-refusal.ts';

const MINUTE_MS = 60_000;
export const DEFAULT_AWAY_MINUTES = 5;
const MOST_VARIANTS = 32;

/** A source with its secret, which is shown this once; an outside broker has none of ours. */
export function createSource(
  desk: RegistryDesk,
  asked: NewSource,
  by: string,
): Promise<{ readonly sourceId: string; readonly secret?: string }> {
  const { id, kind = 'httpPush', name, scheme, token, topics, broker, venueIds, awayFaultMinutes } = asked;
  return desk.change((registry, at) => {
    if (!isWireId(id))
      throw new RegistryRefusal('invalidId', `source id ${JSON.stringify(id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
    if (registry.foreign.source(id) !== undefined)
      throw new RegistryRefusal('sourceExists', `source ${id} exists already`);
    if (kind === 'mqttTopic' && registry.device(id) !== undefined)
      throw new RegistryRefusal('sourceExists', `${id} is a device: its log-in at the MQTT door is taken`);
    const unknown = venueIds?.find((venueId) => registry.venue(venueId) === undefined);
    if (unknown !== undefined)
      throw new RegistryRefusal('unknownVenue', `venue ${JSON.stringify(unknown)} does not exist`);
    if (kind !== 'httpPush' && topics === undefined)
      throw invalid('topics is absent: expected the topics that are taken; there is no default');
    if (kind === 'httpPush' && topics !== undefined)
      throw invalid('topics: expected with mqttTopic and mqttBroker only');
    if ((kind === 'mqttBroker') !== (broker !== undefined))
      throw invalid(
        `broker is ${broker === undefined ? 'absent' : 'given'}: expected with kind mqttBroker, and only there`,
      );
    if (kind !== 'httpPush' && scheme !== undefined) throw invalid('scheme: expected with kind httpPush only');
    if (token !== undefined && scheme !== 'oneNet') throw invalid('token: expected with scheme oneNet only');
    checkTopics(topics);
    const secret = token ?? createSecret();
    const source: ForeignSource = {
      id,
      ...(kind !== 'httpPush' && { kind }),
      ...(name !== undefined && { name }),
      secret,
      ...(scheme !== undefined && scheme !== 'fengsui' && { scheme }),
      ...(topics !== undefined && { topics }),
      ...(broker !== undefined && { broker: brokerAccess(broker, newClientId(id)) }),
      ...(kind === 'mqttBroker' && { awayFaultMs: (awayFaultMinutes ?? DEFAULT_AWAY_MINUTES) * MINUTE_MS }),
      ...(venueIds !== undefined && { venueIds }),
      createdAt: at,
      createdBy: by,
    };
    return {
      changes: [{ kind: 'sourcePut', source }],
      result: { sourceId: id, ...(kind !== 'mqttBroker' && { secret }) },
    };
  });
}

/** Changes what may be changed; a broker's password that is not given stays. */
export function changeSource(desk: RegistryDesk, id: string, change: SourceChange, by: string): Promise<void> {
  return desk.change((registry, at) => {
    const source = registry.foreign.source(id);
    if (source === undefined) throw unknownSource(id);
    const { name, topics, broker, awayFaultMinutes } = change;
    const kind = kindOf(source);
    if (kind === 'httpPush' && topics !== undefined)
      throw invalid('topics: expected with mqttTopic and mqttBroker only');
    if (kind !== 'mqttBroker' && (broker !== undefined || awayFaultMinutes !== undefined))
      throw invalid('broker and awayFaultMinutes: expected with kind mqttBroker only');
    checkTopics(topics);
    const { password, clientId = newClientId(id) } = source.broker ?? {};
    const kept = password === undefined ? {} : { password };
    const changed: ForeignSource = {
      ...source,
      ...(name !== undefined && { name }),
      ...(topics !== undefined && { topics }),
      ...(broker !== undefined && { broker: brokerAccess({ ...kept, ...broker }, clientId) }),
      ...(awayFaultMinutes !== undefined && { awayFaultMs: awayFaultMinutes * MINUTE_MS }),
      changedAt: at,
      changedBy: by,
    };
    return { changes: [{ kind: 'sourcePut', source: changed }], result: undefined };
  });
}

/** A new secret; the old one ends at once, also for sessions that are open. */
export function renewSourceSecret(
  desk: RegistryDesk,
  id: string,
  by: string,
): Promise<{ readonly sourceId: string; readonly secret: string }> {
  return desk.change((registry, at) => {
    const source = registry.foreign.source(id);
    if (source === undefined) throw unknownSource(id);
    if (kindOf(source) === 'mqttBroker')
      throw invalid('an outside broker has its own password: change broker.password');
    const secret = createSecret();
    const changed = { ...source, secret, changedAt: at, changedBy: by };
    return { changes: [{ kind: 'sourcePut', source: changed }], result: { sourceId: id, secret } };
  });
}

const invalid = (detail: string): RegistryRefusal => new RegistryRefusal('invalidSource', detail);

const newClientId = (id: string): string => `fengsui-${id.slice(0, 40)}-${randomBytes(4).toString('hex')}`;

function checkTopics(topics: readonly string[] | undefined): void {
  for (const [index, filter] of (topics ?? []).entries()) {
    const problem = topicFilterProblem(filter);
    if (problem !== undefined) throw invalid(`topics.${index} is ${JSON.stringify(filter)}: ${problem}`);
  }
}

function brokerAccess(asked: NonNullable<NewSource['broker']>, clientId: string): BrokerAccess {
  let url: URL | undefined;
  try {
    url = new URL(asked.url);
  } catch {
    // Said below.
  }
  if (url === undefined || !['mqtt:', 'mqtts:'].includes(url.protocol) || url.hostname === '')
    throw invalid(`broker.url is ${JSON.stringify(asked.url)}: expected mqtt://host:port or mqtts://host:port`);
  // A password in an address would be listed and logged.
  if (url.username !== '' || url.password !== '')
    throw invalid('broker.url holds a user or password: expected in username and password');
  if (asked.ca !== undefined && !asked.ca.includes('-----BEGIN CERTIFICATE-----'))
    throw invalid('broker.ca: expected certificates as PEM');
  if (asked.ca !== undefined && url.protocol === 'mqtt:') throw invalid('broker.ca: expected with mqtts:// only');
  if (asked.password !== undefined && asked.username === undefined)
    throw invalid('broker.username is absent: MQTT 3.1.1 sends no password without a user name');
  return { ...asked, clientId: asked.clientId ?? clientId };
}

/** Nothing is taken from the source any more; what waits of it stays. */
export function revokeSource(desk: RegistryDesk, id: string, by: string): Promise<void> {
  return desk.change((registry, at) => {
    const source = registry.foreign.source(id);
    if (source === undefined) throw unknownSource(id);
    return {
      changes: [{ kind: 'sourcePut', source: { ...source, revokedAt: at, changedAt: at, changedBy: by } }],
      result: undefined,
    };
  });
}

/** The next version of a source's mapping; the same mapping again is the version there is. */
export function putMapping(
  desk: RegistryDesk,
  sourceId: string,
  mapping: AnyMapping,
  by: string,
): Promise<KeptMapping> {
  return desk.change((registry, at) => {
    if (registry.foreign.source(sourceId) === undefined) throw unknownSource(sourceId);
    const before = registry.foreign.mapping(sourceId);
    if (before !== undefined && digestOf(before.mapping) === digestOf(mapping)) return { changes: [], result: before };
    const kept: KeptMapping = { sourceId, version: (before?.version ?? 0) + 1, mapping, putAt: at, putBy: by };
    return { changes: [{ kind: 'mappingPut', kept }], result: kept };
  });
}

/**
 * Adds a mapping in front of those the source has, in place of one of the same name: what was pointed at last counts
 * first. A mapping that stood alone becomes one of several.
 */
export function addVariant(desk: RegistryDesk, sourceId: string, variant: Mapping, by: string): Promise<KeptMapping> {
  return desk.change((registry, at) => {
    if (registry.foreign.source(sourceId) === undefined) throw unknownSource(sourceId);
    const before = registry.foreign.mapping(sourceId);
    const known = before === undefined ? [] : variantsOf(before.mapping);
    const variants = [variant, ...known.filter(({ name }) => name !== variant.name)];
    if (variants.length > MOST_VARIANTS)
      throw new RegistryRefusal(
        'invalidMapping',
        `source ${sourceId} has ${MOST_VARIANTS} mappings: join some of them`,
      );
    const mapping: AnyMapping =
      variants.length === 1
        ? variant
        : {
            schemaVersion: 1,
            name: before !== undefined && 'variants' in before.mapping ? before.mapping.name : sourceId,
            variants,
          };
    if (before !== undefined && digestOf(before.mapping) === digestOf(mapping)) return { changes: [], result: before };
    const kept: KeptMapping = { sourceId, version: (before?.version ?? 0) + 1, mapping, putAt: at, putBy: by };
    return { changes: [{ kind: 'mappingPut', kept }], result: kept };
  });
}

export const variantsOf = (mapping: AnyMapping): readonly Mapping[] =>
  'variants' in mapping ? mapping.variants : [mapping];

/** Adds devices to the tables of all mappings of a source that have one. */
export function addMappedDevices(
  desk: RegistryDesk,
  sourceId: string,
  devices: Readonly<Record<string, string>>,
  by: string,
): Promise<KeptMapping> {
  return desk.change((registry, at) => {
    const before = registry.foreign.mapping(sourceId);
    if (before === undefined) throw new RegistryRefusal('unknownSource', `source ${sourceId} has no mapping`);
    const unknown = Object.values(devices).find((id) => registry.device(id) === undefined);
    if (unknown !== undefined) throw new RegistryRefusal('unknownDevice', `device ${unknown} is not registered`);
    const added = (one: Mapping): Mapping => ({
      ...one,
      device: { ...one.device, table: { ...one.device.table, ...devices } },
    });
    if (variantsOf(before.mapping).some(({ device }) => device.table === undefined))
      throw new RegistryRefusal(
        'invalidMapping',
        `a mapping of source ${sourceId} has no table: register devices under its own ids`,
      );
    const mapping: AnyMapping =
      'variants' in before.mapping
        ? { ...before.mapping, variants: before.mapping.variants.map(added) }
        : added(before.mapping);
    const kept: KeptMapping = { sourceId, version: before.version + 1, mapping, putAt: at, putBy: by };
    return { changes: [{ kind: 'mappingPut', kept }], result: kept };
  });
}

const unknownSource = (id: string): RegistryRefusal =>
  new RegistryRefusal('unknownSource', `source ${JSON.stringify(id)} does not exist`);

/** Of the members in sorted order: the store gives them back in another. */
const digestOf = (mapping: AnyMapping): string => createHash('sha256').update(sorted(mapping)).digest('hex');

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
