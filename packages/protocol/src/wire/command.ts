import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { EpochMs } from '../api/schema.ts';
import { canonicalJson } from './canonical-json.ts';
import { discard, type Discarded } from './discarded.ts';
import { inspectJson, parseJsonObject } from './json-object.ts';
import { encodeUtf8 } from './utf8.ts';

const WireId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });

/**
 * A signed, expiring order to a device. The signature is Ed25519, base64url, over RFC 8785 (JCS) of the object without
 * `signature`; signing and checking it need keys and a clock and are not done here.
 */
export const CommandMessage = Type.Object(
  {
    id: WireId,
    deviceId: WireId,
    name: Type.String({ minLength: 1, maxLength: 64 }),
    args: Type.Record(Type.String(), Type.Unknown()),
    issuedAt: EpochMs,
    expiresAt: EpochMs,
    keyId: Type.String({ minLength: 1, maxLength: 64 }),
    signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: '64 bytes, base64url without padding' }),
  },
  { additionalProperties: false },
);
export type CommandMessage = Static<typeof CommandMessage>;

/** The shape of a command alone; whether it is signed, fresh and for this device is the receiver's to check. */
export function decodeCommand(bytes: Uint8Array): { kind: 'command'; command: CommandMessage } | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const { object } = parsed;
  // An order that can be read in two ways is no order, whatever its signature covers.
  if (parsed.hasDuplicateKeys) return discard('invalidField', 'a key is written twice');
  if (inspectJson(object).depth > 32) return discard('limitExceeded', 'nested deeper than 32');
  if (Check(CommandMessage, object)) return { kind: 'command', command: object };
  const [first] = Errors(CommandMessage, object);
  return discard('invalidField', `${first?.instancePath || 'command'} ${first?.message ?? 'is not a command'}`);
}

/**
 * The bytes that the signature of a command covers. @throws RangeError when an argument has no canonical form.
 */
export function commandBytes(unsigned: Omit<CommandMessage, 'signature'>): Uint8Array<ArrayBuffer> {
  const { id, deviceId, name, args, issuedAt, expiresAt, keyId } = unsigned;
  return encodeUtf8(canonicalJson({ id, deviceId, name, args, issuedAt, expiresAt, keyId }));
}

export function encodeCommand(command: CommandMessage): Uint8Array<ArrayBuffer> {
  return encodeUtf8(JSON.stringify(command));
}
