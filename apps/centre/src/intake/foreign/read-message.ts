import {
  mapMessage,
  matchesTopic,
  type AnyMapping,
  type ForeignMessage,
  type MappedStatement,
  type Unmapped,
} from '@fengsui/protocol';
import { admitted } from '../../registry/device-life.ts';
import type { ForeignSource } from '../../registry/foreign-sources.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import { isInScope } from '../../access/scope.ts';

/** A part of a message that could not be taken: what the mapping met, or what the registry says of the device. */
export type Waiting = Omit<Unmapped, 'reason'> & { readonly reason: string };

export type ReadMessage = {
  readonly statements: readonly { readonly statement: MappedStatement; readonly device: DeviceRecord }[];
  readonly waiting: readonly Waiting[];
  readonly waitingCount: number;
  readonly warnings: readonly string[];
};

/** Larger messages of a broker wait with their beginning alone; HTTP refuses them. */
export const LARGEST_MESSAGE_BYTES = 256 * 1024;
const MOST_LISTED = 20;
const utf8 = new TextDecoder('utf-8', { fatal: true });

type Bounds = Pick<ForeignSource, 'venueIds' | 'topics'>;

/** The body as JSON or as text, as far as it is either. */
export function parseMessage(body: Uint8Array, topic?: string): ForeignMessage {
  const on = topic === undefined ? {} : { topic };
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return on;
  }
  try {
    return { ...on, json: { value: JSON.parse(text) as unknown }, text };
  } catch {
    return { ...on, text };
  }
}

/** A message as its source's mapping and our registry understand it. Never throws. */
export function readMessage(
  registry: Registry,
  source: Bounds,
  mapping: AnyMapping | undefined,
  body: Uint8Array,
  topic?: string,
): ReadMessage {
  if (body.byteLength > LARGEST_MESSAGE_BYTES) return nothing('messageTooLarge', `${body.byteLength} bytes`);
  if (topic !== undefined && source.topics?.some((filter) => matchesTopic(filter, topic)) !== true)
    return nothing('topicNotAllowed', topic.slice(0, 80));
  const message = parseMessage(body, topic);
  if (mapping !== undefined) return readParsed(registry, source, mapping, message);
  return message.json === undefined ? nothing('notJson', `${body.byteLength} bytes`) : nothing('noMapping', '');
}

export function readParsed(
  registry: Registry,
  { venueIds }: Bounds,
  mapping: AnyMapping,
  message: ForeignMessage,
): ReadMessage {
  const result = mapMessage(mapping, message);
  const scope = { venues: venueIds ?? ('all' as const) };
  const statements: { statement: MappedStatement; device: DeviceRecord }[] = [];
  const refused: Waiting[] = [];
  for (const statement of result.statements) {
    const device = registry.device(statement.deviceId);
    const admission = device === undefined ? 'unknown' : admitted(device);
    if (device === undefined || !isInScope(scope, device.venueId)) refused.push(refusal(statement, 'unknownDevice'));
    else if (admission === 'revoked') refused.push(refusal(statement, 'revokedDevice'));
    else if (admission === 'retired') refused.push(refusal(statement, 'retiredDevice'));
    else statements.push({ statement, device });
  }
  return {
    statements,
    waiting: [...result.unmapped, ...refused].slice(0, MOST_LISTED),
    waitingCount: result.unmappedCount + refused.length,
    warnings: result.warnings.slice(0, MOST_LISTED),
  };
}

const refusal = ({ deviceId }: MappedStatement, reason: string): Waiting => ({
  field: 'device',
  reason,
  value: JSON.stringify(deviceId),
});

const nothing = (reason: string, value: string): ReadMessage => ({
  statements: [],
  waiting: [{ field: '', reason, value }],
  waitingCount: 1,
  warnings: [],
});
