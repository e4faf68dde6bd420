import { discard, shortText, type Discarded } from './discarded.ts';
import { parseJsonObject } from './json-object.ts';
import { readInstant } from './report-identity.ts';
import { encodeUtf8 } from './utf8.ts';

/** The centre's clock, sent on connect and hourly; epoch ms. */
export type TimeMessage = { readonly kind: 'time'; readonly at: number };

export function decodeTime(bytes: Uint8Array): TimeMessage | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const at = readInstant(parsed.object['at']);
  if (typeof at === 'number') return { kind: 'time', at };
  return discard(
    at === 'atMissing' ? 'missingField' : 'invalidField',
    `at is ${shortText(parsed.object['at'])}, epoch ms expected`,
  );
}

export function encodeTime(at: number): Uint8Array<ArrayBuffer> {
  return encodeUtf8(JSON.stringify({ at }));
}
