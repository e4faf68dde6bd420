import { discard, shortText, type Discarded } from './discarded.ts';
import { parseJsonObject } from './json-object.ts';
import { isPlainText } from './plain-text.ts';
import { encodeUtf8 } from './utf8.ts';

export type Presence = {
  readonly kind: 'presence';
  /** What the device or its last will says; the centre decides from the session and from silence. */
  readonly online: boolean;
  /** 1…64 characters without control characters; left out when it is anything else. */
  readonly firmware?: string;
  readonly model?: string;
  /** Id of the calibration it uses, or `none`. */
  readonly calibration?: string;
};

/** Decodes a payload of topic `presence`. Only `online` is needed. An empty payload (retained one removed) is discarded. */
export function decodePresence(bytes: Uint8Array): Presence | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const { online, firmware, model, calibration } = parsed.object;
  if (typeof online !== 'boolean') {
    const reason = online === undefined ? 'missingField' : 'invalidField';
    return discard(reason, `online is ${shortText(online)}, true or false expected`);
  }
  return {
    kind: 'presence',
    online,
    ...(isPlainText(firmware, 64) ? { firmware } : {}),
    ...(isPlainText(model, 64) ? { model } : {}),
    ...(isPlainText(calibration, 80) ? { calibration } : {}),
  };
}

export function encodePresence(presence: Omit<Presence, 'kind'>): Uint8Array<ArrayBuffer> {
  const { online, firmware, model, calibration } = presence;
  return encodeUtf8(JSON.stringify({ online, firmware, model, calibration }));
}
