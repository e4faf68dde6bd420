import { applyMapping, type Mapping, type MappedStatement, type Unmapped } from '@fengsui/protocol';
import { admitted } from '../../registry/device-life.ts';
import type { ForeignSource } from '../../registry/foreign-sources.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import { isInScope } from '../../registry/scope.ts';

/** A part of a message that could not be taken: what the mapping met, or what the registry says of the device. */
export type Waiting = Omit<Unmapped, 'reason'> & { readonly reason: string };

export type ReadMessage = {
  readonly statements: readonly { readonly statement: MappedStatement; readonly device: DeviceRecord }[];
  readonly waiting: readonly Waiting[];
  readonly waitingCount: number;
  readonly warnings: readonly string[];
};

const MOST_LISTED = 20;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A message as its source's mapping and our registry understand it. Never throws. */
export function readMessage(
  registry: Registry,
  source: Pick<ForeignSource, 'venueIds'>,
  mapping: Mapping | undefined,
  body: Uint8Array,
): ReadMessage {
  let message: unknown;
  try {
    message = JSON.parse(utf8.decode(body));
  } catch {
    return nothing('notJson', `${body.byteLength} bytes`);
  }
  return mapping === undefined ? nothing('noMapping', '') : readParsed(registry, source, mapping, message);
}

export function readParsed(
  registry: Registry,
  { venueIds }: Pick<ForeignSource, 'venueIds'>,
  mapping: Mapping,
  message: unknown,
): ReadMessage {
  const result = applyMapping(mapping, message);
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
